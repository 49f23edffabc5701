import type { Problem } from '#contracts/base/problem.ts';
import type { ActionReply, OrderView } from '#contracts/orders/orders.api.ts';
import { orderActionsApi } from '#contracts/orders/orders.api.ts';
import type { Route } from '#contracts/base/route.ts';
import { call } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { TSchema } from 'typebox';
import type { FormDraft } from '../../../parts/drafts.ts';
import { orderQuery, timelineQuery } from '../orders.queries.ts';

type ActionRoute = Route<TSchema, TSchema, TSchema, typeof ActionReply>;

/** What another person's change looks like to the one who was typing. */
export interface Overtaken {
  readonly before: string;
  readonly after: string;
}

/**
 * Takes an action with the version that was on the screen when its form was opened.
 *
 * A refusal because of another's change reloads the order, keeps the form, and makes the newer version the one seen.
 */
export function useAction(action: string, order: OrderView, draft: FormDraft, onDone: (state: string, asked: boolean) => void) {
  const queries = useQueryClient();
  const [seen, setSeen] = useState({ version: order.version, state: order.state });
  const [overtaken, setOvertaken] = useState<Overtaken>();

  const take = useMutation({
    mutationFn: async (input: Readonly<Record<string, unknown>>) => {
      await draft.settle();
      const routes: Readonly<Record<string, unknown>> = orderActionsApi;
      const reply = await call(
        routes[action] as ActionRoute,
        {
          params: { id: order.id },
          body: { version: seen.version, input },
        } as never,
      );
      return reply as { state: unknown; approval: string | null };
    },
    onSuccess: async ({ state, approval }) => {
      draft.done();
      await Promise.all(['orders', 'home', 'attachments', 'drafts'].map((of) => queries.invalidateQueries({ queryKey: [of] })));
      onDone(String(state), approval !== null);
    },
    onError: async (error) => {
      draft.resume();
      if (!isOvertaken(problemOf(error))) return;
      const [fresh] = await Promise.all([
        queries.fetchQuery({ ...orderQuery(order.id), staleTime: 0 }),
        queries.invalidateQueries(timelineQuery(order.id)),
      ]);
      setOvertaken({ before: seen.state, after: fresh.state });
      setSeen({ version: fresh.version, state: fresh.state });
    },
  });

  return {
    take: (input: Readonly<Record<string, unknown>>) => {
      setOvertaken(undefined);
      take.mutate(input);
    },
    busy: take.isPending,
    error: take.error,
    overtaken,
  };
}

export function isOvertaken(problem: Problem | undefined): boolean {
  return problem?.code === 'base.stale' || problem?.code === 'casework.not-allowed-now';
}
