import type { OrderRow } from '#contracts/orders/orders.api.ts';
import { ordersApi } from '#contracts/orders/orders.api.ts';
import { referenceApi } from '#contracts/reference/reference.api.ts';
import type { Reply } from '#ui/api/client.ts';
import { call } from '#ui/api/client.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { stateFacts } from '#ui/components/state-tag.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { countText, shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay, useMe } from '#ui/office/session.ts';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import { toneOf, useOrderColumns } from '../../parts/order-columns.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { homeText } from './home.text.ts';

type Home = Reply<typeof ordersApi.home>;
type Queue = Home['queues'][number];

export function HomePage() {
  const speak = useWords(homeText);
  const me = useMe();
  const may = useMay();
  const home = useQuery({
    queryKey: ['home'],
    queryFn: ({ signal }) => call(ordersApi.home, {}, { signal }),
    refetchInterval: 60_000,
  });
  const waiting = home.data?.queues ?? [];
  return (
    <Page
      title={speak('title', { name: me.name })}
      note={
        home.data && may('orders.see') ? (
          <span>
            {speak('today', {
              filed: countText(home.data.today.filed),
              closed: countText(home.data.today.closed),
            })}
          </span>
        ) : null
      }
    >
      {home.error ? <ProblemAlert error={home.error} onRetry={() => void home.refetch()} /> : null}
      {home.isPending ? <Skeleton active paragraph={{ rows: 2 }} title={false} /> : null}
      {waiting.length > 0 ? (
        <ul className="queues" aria-label={speak('queues')}>
          {waiting.map((queue) => (
            <QueueCard key={queue.key} queue={queue} />
          ))}
        </ul>
      ) : null}
      <div className="home">
        {may('orders.see') ? <DueSoonest queues={waiting} ready={home.isFetched} /> : null}
        <Notices />
      </div>
    </Page>
  );
}

function QueueCard({ queue }: { queue: Queue }) {
  const speak = useWords(homeText);
  const tell = useSay();
  const facts = stateFacts(queue.state);
  const name = facts ? tell(facts.name) : queue.key;
  const search = { state: queue.state, sort: 'due' } as const;
  return (
    <li className="queue" data-testid={`queue-${queue.state}`}>
      <Link to="/orders" search={search} className="queue__all">
        <span>{name}</span>
        <strong>{countText(queue.count)}</strong>
      </Link>
      <span className="queue__lamps">
        {queue.red > 0 ? (
          <Link to="/orders" search={{ ...search, light: 'red' }} className="queue__red">
            {speak('red', { count: queue.red })}
          </Link>
        ) : null}
        {queue.yellow > 0 ? (
          <Link to="/orders" search={{ ...search, light: 'yellow' }} className="queue__yellow">
            {speak('yellow', { count: queue.yellow })}
          </Link>
        ) : null}
        {queue.red + queue.yellow === 0 ? <span>{speak('calm')}</span> : null}
      </span>
    </li>
  );
}

function DueSoonest({ queues, ready }: { queues: readonly Queue[]; ready: boolean }) {
  const speak = useWords(homeText);
  const navigate = useNavigate();
  const columns = useOrderColumns().filter(({ key }) => !['unit', 'type'].includes(key));
  const state = queues.map((queue) => queue.state).join(',');
  // What has no running clock yet, as an appeal to be accepted, has no due date: then the newest stand here.
  const waiting = queues.reduce((sum, queue) => sum + queue.count, 0);
  const list = useQuery({
    queryKey: ['orders', 'soonest', state, waiting > 0],
    queryFn: async ({ signal }) => {
      const filter = { limit: 20, ...(state ? { state } : {}) };
      const due = await call(ordersApi.list, { query: { ...filter, sort: 'due' } }, { signal });
      if (due.items.length > 0 || waiting === 0) return { sorted: 'due', items: due.items };
      const newest = await call(ordersApi.list, { query: filter }, { signal });
      return { sorted: 'newest', items: newest.items };
    },
    enabled: ready,
  });
  const title = speak(list.data?.sorted === 'newest' ? 'newest' : 'soonest');
  return (
    <Panel title={title} flush>
      <DataTable<OrderRow>
        stack
        caption={title}
        columns={columns}
        rows={list.data?.items}
        rowKey={(row) => row.id}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={speak('nothingDue')}
        onOpen={(row) => void navigate({ to: '/orders/$id', params: { id: row.id } })}
        tone={toneOf}
      />
    </Panel>
  );
}

function Notices() {
  const speak = useWords(homeText);
  const language = useLanguage();
  const nowMs = useNow();
  const notices = useQuery({
    queryKey: ['notices'],
    queryFn: ({ signal }) => call(referenceApi.notices, { query: { limit: 20 } }, { signal }),
    refetchInterval: 60_000,
  });
  const items = notices.data?.items;
  return (
    <Panel title={speak('notices')}>
      {notices.error ? <ProblemAlert error={notices.error} onRetry={() => void notices.refetch()} /> : null}
      {notices.isPending ? <Skeleton active title={false} paragraph={{ rows: 3 }} /> : null}
      {items?.length === 0 ? <EmptyState title={speak('noNotices')} /> : null}
      {items && items.length > 0 ? (
        <ul className="notices">
          {items.map((notice) => (
            <li key={notice.id} className={`notice notice--${notice.level}`}>
              {notice.orderId ? (
                <Link to="/orders/$id" params={{ id: notice.orderId }}>
                  {notice[language]}
                </Link>
              ) : notice.path ? (
                <Link to={notice.path}>{notice[language]}</Link>
              ) : (
                <span>{notice[language]}</span>
              )}
              <time className="ms-number under" dateTime={notice.at}>
                {shortInstantText(notice.at, nowMs)}
              </time>
            </li>
          ))}
        </ul>
      ) : null}
    </Panel>
  );
}
