import { logsApi, type LogLine } from '#contracts/operations/logs.api.ts';
import { call } from '#ui/api/client.ts';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export interface LogsAsked {
  readonly q?: string;
  readonly from: string;
  readonly to: string;
}

export function useLogPages(asked: LogsAsked) {
  return useInfiniteQuery({
    queryKey: ['logs', 'lines', asked],
    queryFn: ({ pageParam, signal }) =>
      call(logsApi.search, { query: { ...asked, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    retry: false,
  });
}

export function useHistogram(asked: LogsAsked) {
  return useQuery({
    queryKey: ['logs', 'histogram', asked],
    queryFn: ({ signal }) => call(logsApi.histogram, { query: asked }, { signal }),
    retry: false,
  });
}

const POLL_MS = 2000;
/** Lines may come some seconds after they were written, so what was seen is looked at again. */
const LATE_MS = 15_000;
const KEPT = 500;

/** The newest lines, asked for every two seconds; the newest first. What was seen before is kept. */
export function useFollowed(q: string | undefined) {
  const queries = useQueryClient();
  const queryKey = ['logs', 'followed', q ?? ''];
  return useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<readonly LogLine[]> => {
      const known = queries.getQueryData<readonly LogLine[]>(queryKey) ?? [];
      const fromMs = known[0] ? Date.parse(known[0].at) - LATE_MS : Date.now() - 60_000;
      const page = await call(
        logsApi.search,
        { query: { ...(q ? { q } : {}), from: new Date(fromMs).toISOString(), limit: 200 } },
        { signal },
      );
      const seen = new Map([...known, ...page.items].map((line) => [`${line.at}/${line.seq}`, line]));
      return [...seen.values()].toSorted((a, b) => (a.at === b.at ? b.seq - a.seq : a.at < b.at ? 1 : -1)).slice(0, KEPT);
    },
    refetchInterval: POLL_MS,
    retry: false,
    // Followed anew, it begins anew.
    gcTime: 0,
  });
}

export function useSavedSearches() {
  return useQuery({ queryKey: ['logs', 'searches'], queryFn: ({ signal }) => call(logsApi.searches, {}, { signal }) });
}

/** Saves, watches and deletes searches; the list is read again afterwards. */
export function useSearchActs() {
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['logs', 'searches'] });
  return {
    save: useMutation({ mutationFn: (body: { name: string; query: string; shared: boolean }) => call(logsApi.save, { body }), onSuccess }),
    watch: useMutation({
      mutationFn: ({ id, watched }: { id: string; watched: boolean }) => call(logsApi.watch, { params: { id }, body: { watched } }),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => call(logsApi.remove, { params: { id } }), onSuccess }),
  };
}
