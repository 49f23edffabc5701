import { NOISE_ADVICE, NOISE_GOAL, type NoiseLine } from '#contracts/operations/alerts.api.ts';
import { useNow } from '#ui/components/use-now.ts';
import { beijingLocal, spanText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Select } from 'antd';
import { Figure } from '../../parts/figure.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { noiseFrom } from './alerts-search.ts';
import { noiseQuery } from './alerts.queries.ts';
import { alertsText } from './alerts.text.ts';

const percent = (share: number) => `${Math.round(share * 1000) / 10}%`;
const sum = (lines: readonly NoiseLine[], of: 'opened' | 'useful' | 'noise') => lines.reduce((all, line) => all + line[of], 0);

const MONTHS = 24;

/** This month and those before it, the newest first. */
function lastMonths(month: string): string[] {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return Array.from({ length: MONTHS }, (_, back) => new Date(Date.UTC(year, number - 1 - back, 1)).toISOString().slice(0, 7));
}

/** What each rule made of a month, how much of it was noise, and what to do about it. */
export function AlertNoisePage() {
  const speak = useWords(alertsText);
  const tell = useSay();
  const language = useLanguage();
  const search = noiseFrom({ ...useSearch({ from: '/inside/alert-noise' }) });
  const navigate = useNavigate({ from: '/alert-noise' });
  const noise = useQuery(noiseQuery(search.month));
  const months = lastMonths(beijingLocal(useNow()).slice(0, 7));
  const lines = noise.data?.items ?? [];
  const judged = sum(lines, 'useful') + sum(lines, 'noise');
  const share = judged > 0 ? sum(lines, 'noise') / judged : null;
  return (
    <Page title={speak('noise')}>
      <div className="filters" role="search" aria-label={speak('noise')}>
        <div className="filters__field">
          <label htmlFor="n-month">{speak('month')}</label>
          <Select<string>
            id="n-month"
            value={search.month ?? months[0]!}
            onChange={(month) => void navigate({ search: { month } })}
            options={months.map((value) => ({ value, label: value }))}
          />
        </div>
      </div>
      {noise.data ? (
        <Panel>
          <dl className="load__figures">
            <Figure name={speak('opened')} value={String(sum(lines, 'opened'))} />
            <Figure name={speak('judged')} value={String(judged)} />
            <Figure
              name={`${speak('share')}（${speak('goal', { goal: percent(NOISE_GOAL) })}）`}
              value={share === null ? speak('notJudged') : percent(share)}
              bad={share !== null && share > NOISE_GOAL}
            />
          </dl>
        </Panel>
      ) : null}
      <Panel flush>
        <DataTable<NoiseLine>
          caption={speak('noise')}
          rows={noise.data?.items}
          rowKey={(line) => line.rule}
          error={noise.error}
          onRetry={() => void noise.refetch()}
          empty={speak('noNoise')}
          stack
          columns={[
            {
              key: 'rule',
              title: speak('rule'),
              wide: true,
              cell: (line) => (
                <>
                  <b>{tell(line)}</b>
                  <span className="under">
                    <Link to="/alerts" search={{ show: 'past', rule: line.rule }}>
                      {speak('toJudge')}
                    </Link>
                  </span>
                </>
              ),
            },
            ...(['opened', 'acknowledged', 'recorded', 'brief', 'flapping', 'repeated'] as const).map((key) => ({
              key,
              title: speak(key),
              align: 'right' as const,
              cell: (line: NoiseLine) => <span className="ms-number">{line[key]}</span>,
            })),
            {
              key: 'minutes',
              title: speak('minutes'),
              align: 'right',
              minor: true,
              cell: (line) => <span className="ms-number">{line.minutes > 0 ? spanText(line.minutes * 60_000, language) : '—'}</span>,
            },
            {
              key: 'verdicts',
              title: `${speak('useful')} / ${speak('invalid')}`,
              align: 'right',
              cell: (line) => (
                <span className="ms-number">
                  {line.useful} / {line.noise}
                </span>
              ),
            },
            {
              key: 'advice',
              title: speak('advice'),
              wide: true,
              cell: (line) =>
                line.advice.length > 0 ? line.advice.map((advice) => <div key={advice}>{tell(NOISE_ADVICE[advice])}</div>) : '—',
            },
          ]}
        />
      </Panel>
    </Page>
  );
}
