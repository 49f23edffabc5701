import { probesApi } from '#contracts/operations/probes.api.ts';
import { seriesApi } from '#contracts/operations/series.api.ts';
import { call } from '#ui/api/client.ts';
import { queryOptions } from '@tanstack/react-query';

export const probesQuery = queryOptions({
  queryKey: ['probes', 'list'],
  queryFn: ({ signal }) => call(probesApi.list, {}, { signal }),
  refetchInterval: 15_000,
});

export function probeQuery(id: string) {
  return queryOptions({
    queryKey: ['probes', 'one', id],
    queryFn: ({ signal }) => call(probesApi.byId, { params: { id } }, { signal }),
    refetchInterval: 15_000,
  });
}

const DAY_MS = 86_400_000;

/** What these series told of the last day. */
export function lastDayQuery(ids: readonly number[]) {
  return queryOptions({
    queryKey: ['probes', 'day', ids],
    queryFn: async ({ signal }) => {
      const toMs = Date.now();
      const fromMs = toMs - DAY_MS;
      const query = { ids: ids.join(','), from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
      return { fromMs, toMs, ...(await call(seriesApi.read, { query }, { signal })) };
    },
    refetchInterval: 60_000,
    enabled: ids.length > 0,
  });
}
