import type { LivePresence, Present } from '#contracts/live/live.api.ts';
import { liveApi } from '#contracts/live/live.api.ts';
import { useCallback, useEffect, useState } from 'react';
import { addressOf, call, type CallInput } from '../api/client.ts';
import { useLiveMessages, useLiveState, type LiveMessage } from './live.ts';

/** This page among all that are open; `randomUUID` is closed to pages without TLS. */
const TAB = uuidOf(crypto.getRandomValues(new Uint8Array(16)));

function uuidOf(bytes: Uint8Array): string {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

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
