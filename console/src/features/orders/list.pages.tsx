import { useWords } from '#ui/text.ts';
import { getRouteApi } from '@tanstack/react-router';
import { listText } from './list.text.ts';
import { OrderList } from './order-list.tsx';
import type { Filters } from './orders.filters.ts';

const routes = {
  orders: getRouteApi('/inside/orders'),
  dispatch: getRouteApi('/inside/dispatch'),
  handling: getRouteApi('/inside/handling'),
  check: getRouteApi('/inside/check'),
  followUp: getRouteApi('/inside/follow-up'),
  oversight: getRouteApi('/inside/oversight'),
} as const;

type Change = (filters: Filters) => void;

export function OrdersPage() {
  const speak = useWords(listText);
  const filters = routes.orders.useSearch();
  const navigate = routes.orders.useNavigate();
  const change: Change = (search) => void navigate({ search, replace: true });
  return <OrderList list="orders" title={speak('orders')} preset={{}} filters={filters} onChange={change} />;
}

export function DispatchDeskPage() {
  const speak = useWords(listText);
  const filters = routes.dispatch.useSearch();
  const navigate = routes.dispatch.useNavigate();
  return (
    <OrderList
      list="dispatch"
      title={speak('dispatch')}
      note={speak('dispatchNote')}
      preset={{ states: ['pending-dispatch'], sort: 'due' }}
      filters={filters}
      onChange={(search) => void navigate({ search, replace: true })}
    />
  );
}

export function HandlingDeskPage() {
  const speak = useWords(listText);
  const filters = routes.handling.useSearch();
  const navigate = routes.handling.useNavigate();
  return (
    <OrderList
      list="handling"
      title={speak('handling')}
      note={speak('handlingNote')}
      preset={{ states: ['dispatched', 'handling'], sort: 'due' }}
      filters={filters}
      onChange={(search) => void navigate({ search, replace: true })}
    />
  );
}

export function CheckDeskPage() {
  const speak = useWords(listText);
  const filters = routes.check.useSearch();
  const navigate = routes.check.useNavigate();
  return (
    <OrderList
      list="check"
      title={speak('check')}
      note={speak('checkNote')}
      preset={{ states: ['replied'], sort: 'due' }}
      filters={filters}
      onChange={(search) => void navigate({ search, replace: true })}
    />
  );
}

export function FollowUpDeskPage() {
  const speak = useWords(listText);
  const filters = routes.followUp.useSearch();
  const navigate = routes.followUp.useNavigate();
  return (
    <OrderList
      list="follow-up"
      title={speak('followUp')}
      note={speak('followUpNote')}
      preset={{ states: ['pending-follow-up', 'following-up'], sort: 'due' }}
      filters={filters}
      onChange={(search) => void navigate({ search, replace: true })}
    />
  );
}

export function OversightDeskPage() {
  const speak = useWords(listText);
  const filters = routes.oversight.useSearch();
  const navigate = routes.oversight.useNavigate();
  return (
    <OrderList
      list="oversight"
      title={speak('oversight')}
      note={speak('oversightNote')}
      preset={{ oversight: 1, sort: 'due' }}
      filters={filters}
      onChange={(search) => void navigate({ search, replace: true })}
    />
  );
}
