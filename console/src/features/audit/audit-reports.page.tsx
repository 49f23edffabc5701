import { auditReportsApi } from '#contracts/operations/audit-reports.api.ts';
import { call, type Reply } from '#ui/api/client.ts';
import { countText, instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Page, Panel } from '../../parts/page.tsx';
import { lastDay } from './audit-report.days.ts';
import { auditText } from './audit.text.ts';

type Row = Reply<typeof auditReportsApi.list>['items'][number];

/** The reports that were made of the audit log. */
export function AuditReportsPage() {
  const speak = useWords(auditText);
  const navigate = useNavigate();
  const list = useQuery({ queryKey: ['audit-reports'], queryFn: ({ signal }) => call(auditReportsApi.list, {}, { signal }) });
  return (
    <Page title={speak('reports')} note={<span>{speak('reportsNote')}</span>}>
      <Panel flush>
        <DataTable<Row>
          caption={speak('reports')}
          rows={list.data?.items}
          rowKey={(row) => row.id}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={speak('noReports')}
          onOpen={(row) => void navigate({ to: '/audit-reports/$id', params: { id: row.id } })}
          tone={(row) => (row.chainOk ? undefined : 'red')}
          columns={[
            {
              key: 'period',
              title: speak('period'),
              wide: true,
              cell: (row) => (
                <>
                  <Link to="/audit-reports/$id" params={{ id: row.id }}>
                    {speak(row.period)}
                  </Link>
                  <span className="under">{speak('days', { from: row.fromDay, to: lastDay(row.toDay) })}</span>
                </>
              ),
            },
            {
              key: 'total',
              title: speak('total'),
              align: 'right',
              cell: (row) => <span className="ms-number">{countText(row.total)}</span>,
            },
            {
              key: 'refused',
              title: speak('refused'),
              align: 'right',
              minor: true,
              cell: (row) => <span className="ms-number">{countText(row.refused)}</span>,
            },
            { key: 'chain', title: speak('chain'), cell: (row) => speak(row.chainOk ? 'chainOk' : 'chainBroken') },
            { key: 'madeAt', title: speak('madeAt'), minor: true, cell: (row) => instantText(row.madeAt) },
          ]}
        />
      </Panel>
    </Page>
  );
}
