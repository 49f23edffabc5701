import { attachmentsApi } from '#contracts/appeals/attachments.api.ts';
import type { OrderFilter } from '#contracts/orders/orders.api.ts';
import { ordersApi } from '#contracts/orders/orders.api.ts';
import { call } from '#ui/api/client.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

const PAGE = 50;

export function listQuery(filter: OrderFilter) {
  return infiniteQueryOptions({
    queryKey: ['orders', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      call(ordersApi.list, { query: { ...filter, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
}

export function countQuery(filter: OrderFilter) {
  return queryOptions({
    queryKey: ['orders', 'count', filter],
    queryFn: ({ signal }) => call(ordersApi.count, { query: filter }, { signal }),
  });
}

export function orderQuery(id: string) {
  return queryOptions({
    queryKey: ['orders', 'one', id],
    queryFn: ({ signal }) => call(ordersApi.byId, { params: { id } }, { signal }),
  });
}

export function attachmentsQuery(id: string) {
  return queryOptions({
    queryKey: ['attachments', id],
    queryFn: ({ signal }) => call(attachmentsApi.ofAppeal, { params: { id } }, { signal }),
  });
}

export function timelineQuery(id: string) {
  return queryOptions({
    queryKey: ['orders', 'one', id, 'timeline'],
    queryFn: ({ signal }) => call(ordersApi.timeline, { params: { id } }, { signal }),
  });
}
