import { monthlyApi, type MonthlyHead } from '#contracts/operations/monthly.api.ts';
import { call } from '#ui/api/client.ts';
import { instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Page, Panel } from '../../parts/page.tsx';
import { monthlyText } from './monthly.text.ts';

/** The monthly reports that were made, the newest first. */
export function MonthlyReportsPage() {
  const speak = useWords(monthlyText);
  const navigate = useNavigate();
  const list = useQuery({ queryKey: ['monthly-reports'], queryFn: ({ signal }) => call(monthlyApi.list, {}, { signal }) });
  return (
    <Page title={speak('reports')} note={<span>{speak('reportsNote')}</span>}>
      <Panel flush>
        <DataTable<MonthlyHead>
          caption={speak('reports')}
          rows={list.data?.items}
          rowKey={(row) => row.id}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={speak('none')}
          onOpen={(row) => void navigate({ to: '/monthly-reports/$id', params: { id: row.id } })}
          columns={[
            {
              key: 'month',
              title: speak('month'),
              wide: true,
              cell: (row) => (
                <Link to="/monthly-reports/$id" params={{ id: row.id }} className="ms-number">
                  {row.month}
                </Link>
              ),
            },
            { key: 'score', title: speak('score'), align: 'right', cell: (row) => row.score ?? speak('notMeasured') },
            { key: 'madeAt', title: speak('madeAt'), minor: true, cell: (row) => instantText(row.madeAt) },
            { key: 'dueOn', title: speak('dueOn'), cell: (row) => <span className="ms-number">{row.dueOn}</span> },
          ]}
        />
      </Panel>
    </Page>
  );
}
