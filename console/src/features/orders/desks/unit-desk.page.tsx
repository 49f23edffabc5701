import { desksApi, HELD_STATES, type HeldRow, type PartRow } from '#contracts/orders/desks.api.ts';
import { call } from '#ui/api/client.ts';
import { Due } from '#ui/components/lamp.tsx';
import { NumberText } from '#ui/components/number.tsx';
import { StateTag } from '#ui/components/state-tag.tsx';
import { countText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMe } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Panel } from '../../../parts/page.tsx';
import { OrderList } from '../order-list.tsx';
import { narrowing, shownAs, type Filters } from '../orders.filters.ts';
import { desksText } from './desks.text.ts';

const route = getRouteApi('/inside/unit-desk');

/** Each count with the filter under which the list beneath shows just what was counted. */
const COUNTS = {
  total: {},
  toSign: { state: 'dispatched' },
  inHand: { state: 'handling' },
  returned: { state: 'return-pending' },
  yellow: { light: 'yellow' },
  red: { light: 'red' },
  redo: { mark: 'redo' },
  oversight: { oversight: 1 },
} as const satisfies Partial<Record<keyof HeldRow, Filters>>;
type Count = keyof typeof COUNTS;

/** What the unit, its people and its lower units hold; a count filters the list beneath. */
export function UnitDeskPage() {
  const speak = useWords(desksText);
  const { unit } = useMe();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <OrderList
      list="unit-desk"
      title={speak('unitDesk')}
      note={speak('unitNote')}
      preset={{ states: HELD_STATES, sort: 'due', ...(unit ? { main: unit.code } : {}) }}
      filters={filters}
      onChange={(search) => void navigate({ search, replace: true })}
      above={<HeldBoard filters={filters} />}
    />
  );
}

function filterOf({ kind, code }: HeldRow, count: Count): Filters {
  return { ...COUNTS[count], ...(kind === 'unit' ? { main: code } : kind === 'handler' ? { handler: code } : {}) };
}

function isSame(one: Filters, other: Filters): boolean {
  const text = (filters: Filters) => JSON.stringify(Object.entries(filters).toSorted(([a], [b]) => a.localeCompare(b)));
  return text(one) === text(other);
}

function HeldBoard({ filters }: { filters: Filters }) {
  const speak = useWords(desksText);
  const { data, error, refetch } = useQuery({
    queryKey: ['orders', 'unit-desk'],
    queryFn: ({ signal }) => call(desksApi.unit, {}, { signal }),
    refetchInterval: 60_000,
  });
  return (
    <div className="unit-desk">
      <Panel title={speak('held')} flush>
        <DataTable<HeldRow>
          caption={speak('held')}
          rows={data?.rows}
          rowKey={(row) => row.kind + row.code}
          error={error}
          onRetry={() => void refetch()}
          empty={speak('none')}
          columns={[
            {
              key: 'who',
              title: speak('who'),
              wide: true,
              cell: (row) => (
                <>
                  {row.name}
                  <span className="under">{speak(row.kind === 'all' ? 'all' : row.kind === 'handler' ? 'handler' : 'lower')}</span>
                </>
              ),
            },
            ...(Object.keys(COUNTS) as Count[]).map((count) => ({
              key: count,
              title: speak(count),
              align: 'right' as const,
              cell: (row: HeldRow) =>
                row[count] === 0 ? (
                  <span className="count count--none">0</span>
                ) : (
                  <Link
                    to="/unit-desk"
                    search={{ ...filterOf(row, count), ...shownAs(filters) }}
                    replace
                    activeOptions={{ exact: true }}
                    className={`count count--${count}`}
                    aria-current={isSame(narrowing(filters), filterOf(row, count)) ? 'true' : undefined}
                    aria-label={speak('of', { who: row.name, what: speak(count), count: row[count] })}
                  >
                    {countText(row[count])}
                  </Link>
                ),
            })),
          ]}
        />
      </Panel>
      <Parts count={data?.parts} />
    </div>
  );
}

function Parts({ count }: { count: number | undefined }) {
  const speak = useWords(desksText);
  const title = speak('parts', { count: count ?? '…' });
  const list = useInfiniteQuery({
    queryKey: ['orders', 'unit-parts'],
    queryFn: ({ pageParam, signal }) =>
      call(desksApi.parts, { query: { limit: 8, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
  return (
    <Panel title={title} flush>
      <DataTable<PartRow>
        stack
        caption={title}
        rows={list.data?.pages.flatMap((page) => page.items)}
        rowKey={(row) => row.id}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={speak('noParts')}
        tone={({ light }) => (light === 'red' || light === 'yellow' ? light : undefined)}
        more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
        columns={[
          {
            key: 'order',
            title: speak('order'),
            wide: true,
            cell: (row) => (
              <>
                <Link to="/orders/$id" params={{ id: row.orderId }} className="order-link">
                  <NumberText number={row.number} />
                </Link>
                <span className="two-lines">{row.title}</span>
                <span className="under">{row.mainUnit ? speak('mainUnit', { unit: row.mainUnit }) : null}</span>
              </>
            ),
          },
          {
            key: 'part',
            title: speak('part'),
            cell: (row) => (
              <>
                {speak(row.role)} <StateTag of="task" state={row.state} />
                <span className="under clip" title={row.unit.name}>
                  {row.handler ? speak('by', { name: row.handler }) : row.unit.name}
                </span>
              </>
            ),
          },
          { key: 'due', title: speak('due'), cell: (row) => <Due row={row} /> },
        ]}
      />
    </Panel>
  );
}
