import type { LivePresence, Present } from '#contracts/live/live.api.ts';
import { liveApi } from '#contracts/live/live.api.ts';
import { useCallback, useEffect, useState } from 'react';
import { addressOf, call, type CallInput } from '../api/client.ts';
import { newUuid } from '../uuid.ts';
import { useLiveMessages, useLiveState, type LiveMessage } from './live.ts';

/** This page among all that are open. */
const TAB = newUuid();

/** Says that this page stands at an order, and what it does there; gives who else does. */
export function usePresence(id: string, action: string | undefined): readonly Present[] {
  const { stream } = useLiveState();
  const [told, setTold] = useState<LivePresence>();
  useLiveMessages(
    useCallback(
      (message: LiveMessage) => {
        if (message.event === 'presence' && message.data.id === id) setTold(message.data);
      },
      [id],
    ),
  );
  useEffect(() => {
    if (!stream) return;
    const doing = action ? ('acting' as const) : ('viewing' as const);
    void say({ id, stream, tab: TAB, doing, ...(action ? { action } : {}) }).then((answer) => answer && setTold(answer));
  }, [id, stream, action]);
  useEffect(() => {
    const gone = { id, stream: TAB, tab: TAB, doing: 'gone' as const };
    // A beacon goes out even while the page is being closed.
    const close = () => {
      navigator.sendBeacon(addressOf(liveApi.presence), new Blob([JSON.stringify(gone)], { type: 'application/json' }));
    };
    addEventListener('pagehide', close);
    return () => {
      removeEventListener('pagehide', close);
      void say(gone);
    };
  }, [id]);
  // What was told of the order that was open before says nothing of this one.
  return stream && told?.id === id ? told.people : [];
}

let line: Promise<unknown> = Promise.resolve();

/** One after the other: who leaves and comes back at once must not be overtaken by his own farewell. */
function say(body: CallInput<typeof liveApi.presence>['body']): Promise<LivePresence | undefined> {
  // Nobody is kept from his work because others cannot be told of it.
  const said = line.then(() => call(liveApi.presence, { body })).catch(() => undefined);
  line = said;
  return said;
}
