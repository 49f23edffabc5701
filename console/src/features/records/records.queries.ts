import { recordsApi, type RecordFilter } from '#contracts/operations/records/records.api.ts';
import { call } from '#ui/api/client.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

const PAGE = 50;

export function recordsQuery(filter: RecordFilter) {
  return infiniteQueryOptions({
    queryKey: ['records', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      call(recordsApi.list, { query: { ...filter, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 15_000,
  });
}

export function myRecordsQuery() {
  return infiniteQueryOptions({
    queryKey: ['records', 'mine'],
    queryFn: ({ pageParam, signal }) =>
      call(recordsApi.mine, { query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** Looked at anew while it is open: clocks and other people act on it meanwhile. */
export function recordQuery(id: string) {
  return queryOptions({
    queryKey: ['records', 'one', id],
    queryFn: ({ signal }) => call(recordsApi.byId, { params: { id } }, { signal }),
    refetchInterval: 5_000,
  });
}
