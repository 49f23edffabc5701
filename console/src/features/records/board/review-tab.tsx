import { byReview, REVIEW_BOARDS } from '#contracts/operations/records/problem.board.ts';
import type { ProblemCard } from '#contracts/operations/records/problems.api.ts';
import type { RecordView } from '#contracts/operations/records/records.api.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { spanText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { Panel } from '../../../parts/page.tsx';
import { ActionForm } from '../record-actions.tsx';
import { RecordDue, RecordLevel, RecordState } from '../record-words.tsx';
import { recordQuery } from '../records.queries.ts';
import { recordsText } from '../records.text.ts';
import { boardText } from './board.text.ts';

/** Most have none. */
const NO_RISK = { risk: 0 };

/** What awaits its review, the most urgent first; after one is reviewed the next one follows. */
export function ReviewTab({ cards }: { cards: readonly ProblemCard[] }) {
  const speak = useWords(boardText);
  const name = useWords(recordsText);
  const tell = useSay();
  const nowMs = useNow();
  const language = useLanguage();
  const rows = cards.filter(({ state }) => state === 'registered').toSorted(byReview);
  const [picked, setPicked] = useState<string>();
  const chosen = rows.find(({ id }) => id === picked) ?? rows[0];
  const next = rows[rows.findIndex((row) => row === chosen) + 1];
  return (
    <div className="review">
      <Panel flush>
        <DataTable<ProblemCard>
          caption={speak('review')}
          rows={rows}
          rowKey={(row) => row.id}
          empty={speak('nothingToReview')}
          stack
          onOpen={(row) => setPicked(row.id)}
          columns={[
            {
              key: 'title',
              title: name('title'),
              wide: true,
              cell: (row) => (
                <>
                  <Button type="link" className="review__pick" aria-pressed={row === chosen} onClick={() => setPicked(row.id)}>
                    {row.title}
                  </Button>
                  <span className="under ms-number">{row.number}</span>
                </>
              ),
            },
            { key: 'level', title: name('level'), cell: (row) => <RecordLevel kind="problem" level={row.level} /> },
            { key: 'score', title: speak('scoreTitle'), align: 'right', cell: (row) => row.score ?? '—' },
            { key: 'board', title: speak('reviewBoard'), cell: (row) => tell(REVIEW_BOARDS[row.level]!) },
            { key: 'age', title: speak('openedAge'), minor: true, cell: (row) => spanText(nowMs - Date.parse(row.openedAt), language) },
            { key: 'due', title: name('due'), cell: (row) => <RecordDue row={row} /> },
          ]}
        />
      </Panel>
      {chosen ? <Review key={chosen.id} id={chosen.id} onDone={() => setPicked(next?.id)} /> : null}
    </div>
  );
}

function Review({ id, onDone }: { id: string; onDone: () => void }) {
  const { data: record, error, isFetchedAfterMount, refetch } = useQuery(recordQuery(id));
  if (record && isFetchedAfterMount) return <Reviewed record={record} onDone={onDone} />;
  return <Panel>{error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <Skeleton active />}</Panel>;
}

function Reviewed({ record, onDone }: { record: RecordView; onDone: () => void }) {
  const speak = useWords(boardText);
  const name = useWords(recordsText);
  const [fill, setFill] = useState<Record<string, unknown>>();
  const view = record.actions.find(({ action, refusal }) => action === 'review' && refusal === null);
  return (
    <Panel
      title={record.title}
      extra={
        <Link to="/records/$id" params={{ id: record.id }} className="order-link ms-number">
          {record.number}
        </Link>
      }
    >
      <p className="said">{record.body}</p>
      <p className="quiet">
        {name('reporter')}：{record.reporter}　{name('component')}：{record.component ?? '—'}
      </p>
      <h3>{speak('alike')}</h3>
      {record.alike.length === 0 ? <p className="quiet">{speak('noAlike')}</p> : null}
      <ul className="record__links">
        {record.alike.map((like) => (
          <li key={like.id}>
            <Link to="/records/$id" params={{ id: like.id }}>
              <span className="ms-number">{like.number}</span> {like.title}
            </Link>{' '}
            <RecordState kind={like.kind} state={like.state} />{' '}
            {view ? (
              <Button size="small" onClick={() => setFill({ outcome: 'merged', into: like.number })}>
                {speak('mergeInto')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {view ? (
        <ActionForm record={record} view={view} start={NO_RISK} fill={fill} onDone={onDone} onClose={() => setFill(undefined)} />
      ) : (
        <p className="quiet">{speak('mayNotReview')}</p>
      )}
    </Panel>
  );
}
