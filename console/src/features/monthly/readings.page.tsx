import { seriesApi } from '#contracts/operations/series.api.ts';
import { call } from '#ui/api/client.ts';
import { instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Page, Panel } from '../../parts/page.tsx';
import { monthlyText } from './monthly.text.ts';

interface Row {
  readonly at: string;
  readonly values: readonly number[];
}

/** What a series told, span by span: what a measured figure of a report is drawn from. */
export function ReadingsPage() {
  const speak = useWords(monthlyText);
  const { ids = '', from = '', to = '', own } = useSearch({ from: '/inside/readings' });
  const id = Number(ids);
  const told = useQuery({
    queryKey: ['series', 'readings', ids, from, to, own],
    queryFn: ({ signal }) => call(seriesApi.read, { query: { ids, from, to, ...(own === 'true' ? { own } : {}) } }, { signal }),
  });
  const name = useQuery({
    queryKey: ['series', 'one', id],
    queryFn: ({ signal }) => call(seriesApi.list, { query: { after: id - 1, limit: 1 } }, { signal }),
    enabled: Number.isInteger(id) && id > 0,
  });
  const line = told.data?.lines[0];
  const series = name.data?.items.find((one) => one.id === id);
  return (
    <Page
      title={speak('readings')}
      note={
        series ? (
          <>
            <span className="mono">{series.name}</span>
            <span>
              {Object.entries(series.labels)
                .map(([label, value]) => `${label}=${value}`)
                .join(' ')}
            </span>
          </>
        ) : null
      }
    >
      <Panel flush>
        <DataTable<Row>
          caption={speak('readings')}
          rows={line?.at.map((at, i) => ({ at, values: [line.least[i]!, line.mean[i]!, line.greatest[i]!] }))}
          rowKey={(row) => row.at}
          error={told.error}
          onRetry={() => void told.refetch()}
          empty={speak('noReadings')}
          columns={[
            { key: 'at', title: speak('hour'), wide: true, cell: (row) => <span className="ms-number">{instantText(row.at)}</span> },
            ...(['least', 'mean', 'greatest'] as const).map((column, i) => ({
              key: column,
              title: speak(column),
              align: 'right' as const,
              cell: (row: Row) => <span className="ms-number">{Number(row.values[i]!.toPrecision(6)).toLocaleString('en-US')}</span>,
            })),
          ]}
        />
      </Panel>
    </Page>
  );
}
