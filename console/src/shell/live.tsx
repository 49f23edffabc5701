import type { LiveCase } from '#contracts/live/live.api.ts';
import { identityApi } from '#contracts/identity/identity.api.ts';
import type { OrderView } from '#contracts/orders/orders.api.ts';
import { call } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { startLive, useLiveMessages, useLiveState, type LiveMessage } from '#ui/office/live.ts';
import { useMe } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { shellText } from './shell.text.ts';

/** What news of cases make old: the first words of the queries' keys. */
const CASE_QUERIES = ['orders', 'home', 'notices'];
/** Lists are fetched anew this long after news, and then not again for a while: a busy province has news all the time. */
const LISTS_AFTER_MS = 1500;
const LISTS_REST_MS = 12_000;
const LOST_AFTER_MS = 3000;
const BACK_FOR_MS = 4000;

/** Keeps what is on the screen as it is in the house: the open order at once, lists a little later. */
export function Live() {
  const queries = useQueryClient();
  const { accountId } = useMe();
  const lists = useRef({ timer: 0, fetchedMs: 0 });

  useEffect(() => startLive(accountId), [accountId]);
  useEffect(() => {
    const { current } = lists;
    return () => {
      clearTimeout(current.timer);
      current.timer = 0;
    };
  }, []);

  useLiveMessages(
    useCallback(
      (message: LiveMessage) => {
        switch (message.event) {
          case 'case':
            refreshCase(queries, message.data);
            refreshLists(queries, lists.current);
            break;
          case 'hello':
            // What arrived before the stream stood may have been overtaken; what is on its way has not.
            if (!message.data.resumed) refreshAll(queries, true);
            break;
          case 'reset':
            refreshAll(queries, false);
            break;
          case 'ended':
            void queries.invalidateQueries({ queryKey: ['me'] });
            break;
          case 'refused':
            // The browser does not tell why; a session that is over leads to the log-in.
            void call(identityApi.me, {}).catch((error: unknown) => {
              if (problemOf(error)?.status === 401) void queries.invalidateQueries({ queryKey: ['me'] });
            });
            break;
          case 'presence':
          case 'beat':
          case 'down':
            break;
        }
      },
      [queries],
    ),
  );
  return null;
}

/** A page nobody looks at is marked old and fetched when somebody does: else it would keep the session of an empty chair alive. */
function refetchType(): 'active' | 'none' {
  return document.hidden ? 'none' : 'active';
}

function refreshCase(queries: QueryClient, { kind, id, name, version }: LiveCase): void {
  if (kind !== 'order') {
    void queries.invalidateQueries({ queryKey: [kind], refetchType: refetchType() });
    return;
  }
  const queryKey = ['orders', 'one', id];
  const shown = queries.getQueryData<OrderView>(queryKey);
  // One's own action has been fetched already.
  const isKnown = shown && version !== null && shown.version >= version && name.startsWith('orders.');
  if (!isKnown) void queries.invalidateQueries({ queryKey, refetchType: refetchType() });
}

function refreshLists(queries: QueryClient, lists: { timer: number; fetchedMs: number }): void {
  if (lists.timer !== 0) return;
  const restMs = Math.max(0, lists.fetchedMs + LISTS_REST_MS - Date.now());
  // Spread, or a thousand consoles would ask for the same list in the same instant.
  lists.timer = window.setTimeout(
    () => {
      lists.timer = 0;
      lists.fetchedMs = Date.now();
      void queries.invalidateQueries({
        predicate: ({ queryKey: [first, second] }) => CASE_QUERIES.includes(String(first)) && second !== 'one',
        refetchType: refetchType(),
      });
    },
    (LISTS_AFTER_MS + restMs) * (1 + Math.random()),
  );
}

function refreshAll(queries: QueryClient, onlyArrived: boolean): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey: [first], state }) =>
      CASE_QUERIES.includes(String(first)) && (!onlyArrived || (state.dataUpdatedAt > 0 && state.fetchStatus === 'idle')),
    refetchType: refetchType(),
  });
}

/** Nothing while all is well; a quiet word when the line is cut for longer than a moment, and when it is back. */
export function LiveSign() {
  const speak = useWords(shellText);
  const { connection } = useLiveState();
  const [shown, setShown] = useState<'liveDown' | 'liveBack'>();
  useEffect(() => {
    if (connection === 'starting') return undefined;
    const timers =
      connection === 'down'
        ? [setTimeout(() => setShown('liveDown'), LOST_AFTER_MS)]
        : [
            setTimeout(() => setShown((before) => (before === 'liveDown' ? 'liveBack' : undefined)), 0),
            setTimeout(() => setShown(undefined), BACK_FOR_MS),
          ];
    return () => {
      for (const timer of timers) clearTimeout(timer);
    };
  }, [connection]);
  return (
    <span className={`bar__live${shown ? ` bar__live--${shown}` : ''}`} role="status" title={shown ? speak(shown) : undefined}>
      {shown ? (
        <>
          <i aria-hidden="true" />
          <span>{speak(shown)}</span>
        </>
      ) : null}
    </span>
  );
}
