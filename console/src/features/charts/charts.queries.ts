import { alertsApi } from '#contracts/operations/alerts.api.ts';
import { seriesApi } from '#contracts/operations/series.api.ts';
import { call } from '#ui/api/client.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

const MINUTE_MS = 60_000;

export const namesQuery = queryOptions({
  queryKey: ['charts', 'names'],
  queryFn: ({ signal }) => call(seriesApi.names, {}, { signal }),
  staleTime: MINUTE_MS,
});

/** The series of a metric. */
export function seriesOfQuery(name: string | undefined) {
  return queryOptions({
    queryKey: ['charts', 'series', name ?? ''],
    queryFn: async ({ signal }) => {
      const { items } = await call(seriesApi.list, { query: { name: name!, limit: 500 } }, { signal });
      // Asked for by the beginning of their names.
      return items.filter((one) => one.name === name);
    },
    enabled: name !== undefined,
    staleTime: MINUTE_MS,
  });
}

/** The series of these numbers, as they stand in the address. */
export function seriesByIdQuery(ids: string | undefined) {
  return queryOptions({
    queryKey: ['charts', 'by-id', ids ?? ''],
    queryFn: ({ signal }) => call(seriesApi.list, { query: { ids: ids! } }, { signal }),
    enabled: ids !== undefined,
    staleTime: MINUTE_MS,
    placeholderData: keepPreviousData,
  });
}

export function readingsQuery(ids: string | undefined, from: string, to: string) {
  return queryOptions({
    queryKey: ['charts', 'readings', ids ?? '', from, to],
    queryFn: ({ signal }) => call(seriesApi.read, { query: { ids: ids!, from, to } }, { signal }),
    enabled: ids !== undefined,
    placeholderData: keepPreviousData,
  });
}

export function marksQuery(from: string, to: string) {
  return queryOptions({
    queryKey: ['charts', 'marks', from, to],
    queryFn: ({ signal }) => call(seriesApi.marks, { query: { from, to } }, { signal }),
    placeholderData: keepPreviousData,
  });
}

export function ruleQuery(key: string | undefined) {
  return queryOptions({
    queryKey: ['charts', 'rules'],
    queryFn: ({ signal }) => call(alertsApi.rules, {}, { signal }),
    enabled: key !== undefined,
    select: ({ items }) => items.find((rule) => rule.key === key),
  });
}
