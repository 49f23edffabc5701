import { alertsApi } from '#contracts/operations/alerts.api.ts';
import { call } from '#ui/api/client.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AlertsSearch } from './alerts-search.ts';

const PAGE = 50;

/** Alerts come and end within seconds; the list is asked for again as often. */
export function alertsQuery({ show, ...filter }: AlertsSearch) {
  return infiniteQueryOptions({
    queryKey: ['alerts', 'list', show ?? 'open', filter],
    queryFn: ({ pageParam, signal }) =>
      call(
        alertsApi.list,
        { query: { open: show ? 'false' : 'true', ...filter, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 5000,
  });
}

export const rulesQuery = queryOptions({
  queryKey: ['alerts', 'rules'],
  queryFn: ({ signal }) => call(alertsApi.rules, {}, { signal }),
  refetchInterval: 15_000,
});

export const silencesQuery = queryOptions({
  queryKey: ['alerts', 'silences'],
  queryFn: ({ signal }) => call(alertsApi.silences, {}, { signal }),
  refetchInterval: 15_000,
});

export const routesQuery = queryOptions({
  queryKey: ['alerts', 'routes'],
  queryFn: ({ signal }) => call(alertsApi.routes, {}, { signal }),
});

export const messagesQuery = infiniteQueryOptions({
  queryKey: ['alerts', 'messages'],
  queryFn: ({ pageParam, signal }) =>
    call(alertsApi.messages, { query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.nextCursor,
  refetchInterval: 5000,
});

export function noiseQuery(month: string | undefined) {
  return queryOptions({
    queryKey: ['alerts', 'noise', month ?? ''],
    queryFn: ({ signal }) => call(alertsApi.noise, { query: month ? { month } : {} }, { signal }),
  });
}
