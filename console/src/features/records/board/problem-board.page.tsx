import { PROBLEM_LEVELS } from '#contracts/operations/records/problem.lifecycle.ts';
import { RECORD_SOURCES } from '#contracts/operations/records/records.values.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Segmented, Select, Skeleton } from 'antd';
import { Page } from '../../../parts/page.tsx';
import { peopleQuery } from '../../../parts/schema-form.tsx';
import { boardQuery } from '../records.queries.ts';
import { recordsText } from '../records.text.ts';
import { BoardColumns } from './board-columns.tsx';
import { BOARD_TABS, boardFrom, filterOf, type BoardSearch } from './board.search.ts';
import { boardText } from './board.text.ts';
import { AnalysisTab } from './analysis-tab.tsx';
import { PlanTab } from './plan-tab.tsx';
import { ReviewTab } from './review-tab.tsx';
import { useMoves } from './use-moves.tsx';

const NOTES = { board: 'note', review: 'reviewNote', plan: 'planNote', analysis: 'analysisNote' } as const;

/** The problems of the centre by stage, in the order of their review, and by the day they are planned for. */
export function ProblemBoardPage() {
  const speak = useWords(boardText);
  const search = useSearch({ from: '/inside/problem-board' });
  const navigate = useNavigate({ from: '/problem-board' });
  const tab = search.tab ?? 'board';
  const board = useQuery(boardQuery(filterOf(search)));
  const moves = useMoves();
  const go = (next: Readonly<Record<string, string | undefined>>) =>
    void navigate({ search: boardFrom({ ...search, ...next }), replace: true });
  return (
    <Page title={speak('title')} note={<span>{speak(NOTES[tab])}</span>}>
      <Segmented
        className="logs__lists"
        value={tab}
        options={BOARD_TABS.map((value) => ({ value, label: speak(value) }))}
        onChange={(value) => go({ tab: value })}
      />
      {tab === 'analysis' ? (
        <AnalysisTab search={search} go={go} />
      ) : (
        <Filters search={search} components={board.data?.components ?? []} go={go} />
      )}
      {board.data?.hasMore ? <p className="quiet">{speak('hasMore')}</p> : null}
      {board.error && !board.data && tab !== 'analysis' ? <ProblemAlert error={board.error} onRetry={() => void board.refetch()} /> : null}
      {board.isPending ? <Skeleton active paragraph={{ rows: 8 }} title={false} /> : null}
      {board.data && tab === 'board' ? <BoardColumns cards={board.data.items} moves={moves} /> : null}
      {board.data && tab === 'review' ? <ReviewTab cards={board.data.items} /> : null}
      {board.data && tab === 'plan' ? <PlanTab cards={board.data.items} moves={moves} search={search} go={go} /> : null}
      {moves.dialog}
    </Page>
  );
}

interface FiltersProps {
  readonly search: BoardSearch;
  readonly components: readonly string[];
  readonly go: (next: Readonly<Record<string, string | undefined>>) => void;
}

function Filters({ search, components, go }: FiltersProps) {
  const speak = useWords(boardText);
  const name = useWords(recordsText);
  const tell = useSay();
  const people = useQuery(peopleQuery);
  const choices = {
    owner: [{ value: 'me', label: speak('mine') }, ...(people.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))],
    level: Object.entries(PROBLEM_LEVELS).map(([value, words]) => ({ value, label: tell(words) })),
    component: components.map((value) => ({ value, label: value })),
    source: Object.entries(RECORD_SOURCES).map(([value, words]) => ({ value, label: tell(words) })),
  };
  return (
    <div className="filters" role="search" aria-label={speak('title')}>
      {(Object.keys(choices) as (keyof typeof choices)[]).map((field) => (
        <div key={field} className="filters__field">
          <label htmlFor={`board-${field}`}>{name(field)}</label>
          <Select
            id={`board-${field}`}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={speak('everything')}
            value={search[field]}
            options={choices[field]}
            onChange={(chosen?: string) => go({ [field]: chosen })}
          />
        </div>
      ))}
    </div>
  );
}
