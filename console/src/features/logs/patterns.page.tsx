import { logsApi, PATTERN_LISTS, type LogPattern, type LogSource } from '#contracts/operations/logs.api.ts';
import { call } from '#ui/api/client.ts';
import { countText, instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { Page, Panel } from '../../parts/page.tsx';
import { logsText } from './logs.text.ts';

const EMPTY = { frequent: 'noPatterns', new: 'noNew', rising: 'noRising' } as const;

/** What the log says again and again, what it says for the first time, and who says it. */
export function PatternsPage() {
  const speak = useWords(logsText);
  const { list = 'frequent' } = useSearch({ from: '/inside/log-patterns' });
  const navigate = useNavigate({ from: '/log-patterns' });
  const patterns = useQuery({
    queryKey: ['logs', 'patterns', list],
    queryFn: ({ signal }) => call(logsApi.patterns, { query: { list } }, { signal }),
    refetchInterval: 30_000,
  });
  const sources = useQuery({
    queryKey: ['logs', 'sources'],
    queryFn: ({ signal }) => call(logsApi.sources, {}, { signal }),
    refetchInterval: 30_000,
  });
  return (
    <Page title={speak('patterns')} note={<span>{speak('patternsNote')}</span>}>
      <Segmented
        className="logs__lists"
        value={list}
        options={PATTERN_LISTS.map((value) => ({ value, label: speak(value) }))}
        onChange={(value) => void navigate({ search: value === 'frequent' ? {} : { list: value } })}
      />
      <Panel flush>
        <DataTable<LogPattern>
          caption={speak('patterns')}
          rows={patterns.data?.items}
          rowKey={(row) => row.id}
          error={patterns.error}
          onRetry={() => void patterns.refetch()}
          empty={speak(EMPTY[list])}
          columns={[
            {
              key: 'pattern',
              title: speak('pattern'),
              wide: true,
              cell: (row) => (
                <>
                  <Link to="/logs" search={{ q: `template:${row.id}` }} className="logs__pattern">
                    {row.text}
                  </Link>
                  <span className="under">
                    <span className={`logs__level logs__level--${row.level}`}>{row.level}</span> {row.module}{' '}
                    {row.isNew ? <span className="ms-tag ms-tag--danger">{speak('isNew')}</span> : null}
                  </span>
                </>
              ),
            },
            { key: 'hours', title: speak('hours'), minor: true, cell: (row) => <Hours hours={row.hours} label={speak('hours')} /> },
            {
              key: 'day',
              title: speak('dayCount'),
              align: 'right',
              cell: (row) => <span className="ms-number">{countText(row.day)}</span>,
            },
            {
              key: 'hour',
              title: speak('hourCount'),
              align: 'right',
              cell: (row) => <span className="ms-number">{countText(row.hour)}</span>,
            },
            {
              key: 'usual',
              title: speak('usual'),
              align: 'right',
              minor: true,
              cell: (row) => <span className="ms-number">{row.usual.toFixed(1)}</span>,
            },
            { key: 'first', title: speak('first'), minor: true, cell: (row) => instantText(row.firstAt) },
          ]}
        />
      </Panel>
      <Panel title={speak('sources')} flush>
        <DataTable<LogSource>
          caption={speak('sources')}
          rows={sources.data?.items}
          rowKey={(row) => row.name}
          error={sources.error}
          onRetry={() => void sources.refetch()}
          empty={speak('noSources')}
          tone={(row) => (row.silent ? 'red' : undefined)}
          columns={[
            {
              key: 'name',
              title: speak('source'),
              wide: true,
              cell: (row) => (
                <Link to="/logs" search={{ q: `source:${row.name}` }}>
                  {row.name}
                </Link>
              ),
            },
            { key: 'kind', title: speak('kind'), minor: true, cell: (row) => speak(row.kind) },
            { key: 'heard', title: speak('heard'), cell: (row) => instantText(row.heardAt) },
            { key: 'state', title: speak('state'), cell: (row) => speak(row.silent ? 'silent' : 'fine') },
          ]}
        />
      </Panel>
    </Page>
  );
}

/** The lines of each of 24 hours as small bars; the table beside says the sums. */
function Hours({ hours, label }: { hours: readonly number[]; label: string }) {
  const most = Math.max(1, ...hours);
  return (
    <svg className="logs__hours" viewBox="0 0 96 20" role="img" aria-label={label}>
      {hours.map((count, at) => {
        const height = count === 0 ? 0 : Math.max(1, (18 * count) / most);
        return <rect key={at} x={at * 4} y={20 - height} width={3} height={height} />;
      })}
    </svg>
  );
}
