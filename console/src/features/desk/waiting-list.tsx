import type { OrderRow } from '#contracts/orders/orders.api.ts';
import { ordersApi } from '#contracts/orders/orders.api.ts';
import { call } from '#ui/api/client.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { toneOf, useOrderColumns } from '../../parts/order-columns.tsx';
import { Panel } from '../../parts/page.tsx';
import { deskText } from './desk.text.ts';

/** What came in by the portal and by machines, and waits for somebody to accept it. */
export function WaitingList() {
  const speak = useWords(deskText);
  const navigate = useNavigate();
  const columns = useOrderColumns().filter(({ key }) => !['state', 'due', 'unit'].includes(key));
  const list = useQuery({
    queryKey: ['orders', 'waiting'],
    queryFn: ({ signal }) => call(ordersApi.list, { query: { state: 'filed', limit: 20 } }, { signal }),
    refetchInterval: 30_000,
  });
  return (
    <Panel
      title={speak('waiting')}
      flush
      extra={
        <Link to="/orders" search={{ state: 'filed' }}>
          {speak('all')}
        </Link>
      }
    >
      <DataTable<OrderRow>
        stack
        caption={speak('waiting')}
        columns={columns}
        rows={list.data?.items}
        rowKey={(row) => row.id}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={speak('waitingNone')}
        onOpen={(row) => void navigate({ to: '/orders/$id', params: { id: row.id } })}
        tone={toneOf}
      />
    </Panel>
  );
}
