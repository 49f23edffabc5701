import { recordActionRoute, recordsApi, type RecordFilter, type RecordLine } from '#contracts/operations/records/records.api.ts';
import { problemsApi, type BoardFilter } from '#contracts/operations/records/problems.api.ts';
import { call } from '#ui/api/client.ts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';

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

export function boardQuery(filter: BoardFilter) {
  return queryOptions({
    queryKey: ['records', 'board', filter],
    queryFn: ({ signal }) => call(problemsApi.board, { query: filter }, { signal }),
    refetchInterval: 15_000,
    placeholderData: keepPreviousData,
  });
}

export function analysisQuery(from: string, to: string) {
  return queryOptions({
    queryKey: ['records', 'analysis', from, to],
    queryFn: ({ signal }) => call(problemsApi.analysis, { query: { from, to } }, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Takes an action on a record as it was seen. */
export function takeAction(
  seen: Pick<RecordLine, 'kind' | 'id' | 'version'>,
  action: string,
  input: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  return call(recordActionRoute(seen.kind, action), { params: { id: seen.id }, body: { version: seen.version, input } } as never);
}
