import { BATCH_LIMIT, type OrderRow } from '#contracts/orders/orders.api.ts';
import type { OrderListName } from '#contracts/orders/saved-views.api.ts';
import { countText } from '#ui/format.ts';
import { DataTable, type Column } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { ReloadOutlined } from '@ant-design/icons';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Checkbox } from 'antd';
import { useRef, type ReactNode } from 'react';
import { toneOf, useOrderColumns } from '../../parts/order-columns.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { BatchBar, useMayBatch } from './batch/batch-bar.tsx';
import { batchText } from './batch/batch.text.ts';
import { useListKeys, useMarks, type Marks } from './batch/use-marks.ts';
import { ColumnsButton } from './views/columns-button.tsx';
import { ViewMenu } from './views/view-menu.tsx';
import { listText } from './list.text.ts';
import { OrderFilters } from './order-filters.tsx';
import type { Filters, Preset } from './orders.filters.ts';
import { columnsOf, narrowing, queryOf, shownAs, withColumns } from './orders.filters.ts';
import { countQuery, listQuery } from './orders.queries.ts';

export interface OrderListProps {
  /** Which list it is: views are kept for each. */
  readonly list: OrderListName;
  readonly title: string;
  readonly note?: string;
  readonly preset: Preset;
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
  /** What stands above the filters, as the figures they are chosen by. */
  readonly above?: ReactNode;
}

/** The list of orders; the desks are the same list with their own states and order. */
export function OrderList({ list: name, title, note, preset, filters, onChange, above }: OrderListProps) {
  const speak = useWords(listText);
  const navigate = useNavigate();
  const columns = useOrderColumns(columnsOf(filters));
  const narrowed = narrowing(filters);
  const filter = queryOf(filters, preset);
  const list = useInfiniteQuery(listQuery(filter));
  const count = useQuery(countQuery(filter));
  const open = (row: OrderRow) => void navigate({ to: '/orders/$id', params: { id: row.id } });
  const filtered = Object.keys(narrowed).length > 0;
  const rows = list.data?.pages.flatMap((page) => page.items);
  const { message } = App.useApp();
  const full = useWords(batchText)('full', { count: BATCH_LIMIT });
  const found = useMarks(rows ?? [], JSON.stringify(filter), () => void message.warning(full));
  const marks = useMayBatch() ? found : undefined;
  const marking = useMarkColumn(found);
  const box = useRef<HTMLDivElement>(null);
  useListKeys(box, rows ?? [], marks);
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
        <>
          <ViewMenu list={name} filters={filters} onChange={onChange} />
          <ColumnsButton columns={columnsOf(filters)} onChange={(chosen) => onChange(withColumns(filters, chosen))} />
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
        </>
      }
    >
      {above}
      <OrderFilters filters={narrowed} preset={preset} onChange={(next) => onChange({ ...next, ...shownAs(filters) })} />
      <div ref={box}>
        <Panel flush>
          <DataTable<OrderRow>
            stack
            caption={title}
            columns={marks ? [marking, ...columns] : columns}
            rows={rows}
            rowKey={(row) => row.id}
            error={list.isFetchNextPageError ? undefined : list.error}
            onRetry={() => void list.refetch()}
            empty={speak(filtered || !preset.states ? 'empty' : 'emptyDesk')}
            onOpen={open}
            tone={toneOf}
            more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
          />
        </Panel>
      </div>
      {marks ? <BatchBar marks={marks} /> : null}
    </Page>
  );
}

function useMarkColumn(marks: Marks): Column<OrderRow> {
  const speak = useWords(batchText);
  return {
    key: 'mark',
    title: (
      <Checkbox
        className="mark"
        aria-label={speak('markAll')}
        checked={marks.all}
        indeterminate={!marks.all && marks.rows.length > 0}
        onChange={marks.toggleAll}
      />
    ),
    cell: (row) => (
      <Checkbox
        className="mark"
        aria-label={speak('mark', { number: row.number })}
        checked={marks.has(row.id)}
        onChange={({ nativeEvent }) => marks.toggle(row, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
      />
    ),
  };
}
