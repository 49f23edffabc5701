import type { Route } from '#contracts/base/route.ts';
import { call, type CallInput, type Reply } from '#ui/api/client.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';

/** Calls a route that changes something, after which all that is shown of its `family` of queries is asked for again. */
export function useAct<T extends Route>(route: T, family: string, onDone?: (reply: Reply<T>) => void) {
  const queries = useQueryClient();
  return useMutation<Reply<T>, unknown, CallInput<T>>({
    mutationFn: (input) => call(route, input),
    onSuccess: async (reply) => {
      await queries.invalidateQueries({ queryKey: [family] });
      onDone?.(reply);
    },
  });
}
