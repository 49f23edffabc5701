import { dutyApi } from '#contracts/operations/duty.api.ts';
import { call } from '#ui/api/client.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

export const boardQuery = queryOptions({
  queryKey: ['duty', 'board'],
  queryFn: ({ signal }) => call(dutyApi.board, {}, { signal }),
  refetchInterval: 15_000,
});

export function shiftsQuery(from: string | undefined) {
  return queryOptions({
    queryKey: ['duty', 'shifts', from ?? ''],
    queryFn: ({ signal }) => call(dutyApi.shifts, { query: from ? { from } : {} }, { signal }),
  });
}

export const handOversQuery = infiniteQueryOptions({
  queryKey: ['duty', 'hand-overs'],
  queryFn: ({ pageParam, signal }) =>
    call(dutyApi.handOvers, { query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.nextCursor,
});

export const reachQuery = queryOptions({
  queryKey: ['duty', 'reach'],
  queryFn: ({ signal }) => call(dutyApi.reach, {}, { signal }),
});
