import type { OrderRow } from '#contracts/orders/orders.api.ts';
import { countText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { ReloadOutlined } from '@ant-design/icons';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { toneOf, useOrderColumns } from '../../parts/order-columns.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { listText } from './list.text.ts';
import { OrderFilters } from './order-filters.tsx';
import type { Filters, Preset } from './orders.filters.ts';
import { queryOf } from './orders.filters.ts';
import { countQuery, listQuery } from './orders.queries.ts';

export interface OrderListProps {
  readonly title: string;
  readonly note?: string;
  readonly preset: Preset;
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

/** The list of orders; the desks are the same list with their own states and order. */
export function OrderList({ title, note, preset, filters, onChange }: OrderListProps) {
  const speak = useWords(listText);
  const navigate = useNavigate();
  const columns = useOrderColumns();
  const filter = queryOf(filters, preset);
  const list = useInfiniteQuery(listQuery(filter));
  const count = useQuery(countQuery(filter));
  const open = (row: OrderRow) => void navigate({ to: '/orders/$id', params: { id: row.id } });
  const filtered = Object.keys(filters).length > 0;
  return (
    <Page
      title={title}
      note={
        <>
          {note ? <span>{note}</span> : null}
          {count.data ? (
            <span data-testid="order-count">
              {speak('count', {
                count: `${countText(count.data.count)}${count.data.capped ? '+' : ''}`,
              })}
            </span>
          ) : null}
        </>
      }
      actions={
        <Button
          icon={<ReloadOutlined aria-hidden />}
          loading={list.isRefetching && !list.isFetchingNextPage}
          onClick={() => {
            void list.refetch();
            void count.refetch();
          }}
        >
          {speak('refresh')}
        </Button>
      }
    >
      <OrderFilters filters={filters} preset={preset} onChange={onChange} />
      <Panel flush>
        <DataTable<OrderRow>
          stack
          caption={title}
          columns={columns}
          rows={list.data?.pages.flatMap((page) => page.items)}
          rowKey={(row) => row.id}
          error={list.isFetchNextPageError ? undefined : list.error}
          onRetry={() => void list.refetch()}
          empty={speak(filtered || !preset.states ? 'empty' : 'emptyDesk')}
          onOpen={open}
          tone={toneOf}
          more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
        />
      </Panel>
    </Page>
  );
}
