import type { LivePresence, Present } from '#contracts/live/live.api.ts';
import { liveApi } from '#contracts/live/live.api.ts';
import { useCallback, useEffect, useState } from 'react';
import { addressOf, call } from '../api/client.ts';
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
    const body = { id, stream, tab: TAB, doing: action ? ('acting' as const) : ('viewing' as const), ...(action ? { action } : {}) };
    // Nobody is kept from his work because others cannot be told of it.
    void call(liveApi.presence, { body }).then(setTold, () => {});
  }, [id, stream, action]);
  useEffect(() => {
    const leave = () => sayGone(id);
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [id]);
  // What was told of the order that was open before says nothing of this one.
  return stream && told?.id === id ? told.people : [];
}

/** A beacon goes out even while the page is being closed. On which stream it stood does not matter any more. */
function sayGone(id: string): void {
  const body = JSON.stringify({ id, stream: TAB, tab: TAB, doing: 'gone' });
  navigator.sendBeacon(addressOf(liveApi.presence), new Blob([body], { type: 'application/json' }));
}
