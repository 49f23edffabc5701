import type { LiveCase, LiveHello, LivePresence } from '#contracts/live/live.api.ts';
import { liveApi } from '#contracts/live/live.api.ts';
import { useEffect, useSyncExternalStore } from 'react';
import { addressOf } from '../api/client.ts';

/** What a page hears; `down` is said by the browser, `refused` when the server did not open the stream. */
export type LiveMessage =
  | { readonly event: 'hello'; readonly data: LiveHello }
  | { readonly event: 'case'; readonly data: LiveCase }
  | { readonly event: 'presence'; readonly data: LivePresence }
  | { readonly event: 'reset' | 'ended' | 'beat' | 'down' | 'refused' };
type Heard = LiveMessage & { readonly cursor?: string };

const EVENTS = ['hello', 'case', 'presence', 'reset', 'ended', 'beat'] as const;
/** The server speaks at least every fifteen seconds; a line that is silent for longer is dead. */
const SILENT_MS = 40_000;
const AGAIN_MS = 1000;
const AGAIN_AT_MOST_MS = 30_000;

interface State {
  readonly connection: 'starting' | 'up' | 'down';
  readonly stream: string | undefined;
}

let state: State = { connection: 'starting', stream: undefined };
const watchers = new Set<() => void>();
const listeners = new Set<(message: LiveMessage) => void>();

function setState(next: State): void {
  if (next.connection === state.connection && next.stream === state.stream) return;
  state = next;
  for (const watcher of watchers) watcher();
}

function publish(message: LiveMessage): void {
  if (message.event === 'down' || message.event === 'refused') setState({ connection: 'down', stream: undefined });
  else if (message.event === 'hello') setState({ connection: 'up', stream: message.data.stream });
  for (const listener of listeners) listener(message);
}

/**
 * Keeps the pages of one person live until it is stopped.
 *
 * One page of a browser holds the connection for all of them, because browsers open only six to a host: whoever has the
 * lock leads, and the next one goes on where it stopped when that page is closed. Where there are no locks (they need
 * TLS) each page has a connection of its own.
 */
export function startLive(accountId: string): () => void {
  const name = `minsheng-live/${accountId}`;
  const stopped = new AbortController();
  const locks: LockManager | undefined = navigator.locks;
  const channel = locks ? new BroadcastChannel(name) : undefined;
  let cursor = '';
  let last: Heard | undefined;

  const shout = (message: Heard | 'who') => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches this origin only, and takes no target
    channel?.postMessage(message);
  };
  const hear = (message: Heard) => {
    if (message.cursor) cursor = message.cursor;
    publish(message);
  };
  const tell = (message: Heard) => {
    if (message.event === 'hello' || message.event === 'down') last = message;
    hear(message);
    shout(message);
  };
  channel?.addEventListener('message', ({ data }: MessageEvent<Heard | 'who'>) => {
    if (data !== 'who') hear(data);
    // A page that was opened later is told where the stream stands; only the leader knows.
    else if (last) shout(last);
  });
  shout('who');
  const lead = () => holdStream(() => cursor, tell, stopped.signal);
  // A lock that is waited for is refused when the page stops first; there is nothing to do then.
  if (locks) void locks.request(name, { signal: stopped.signal }, lead).catch(() => {});
  else void lead();
  return () => {
    stopped.abort();
    channel?.close();
    setState({ connection: 'starting', stream: undefined });
  };
}

/** Holds one stream open, over and over, until it is told to stop. */
function holdStream(cursor: () => string, tell: (message: Heard) => void, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let againMs = AGAIN_MS;

    const later = () => {
      source?.close();
      clearTimeout(timer);
      // Spread: when a node stops, all its consoles look for another one.
      timer = setTimeout(open, againMs * (1 + Math.random()));
      againMs = Math.min(AGAIN_AT_MOST_MS, againMs * 2);
    };
    const listen = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        tell({ event: 'down' });
        later();
      }, SILENT_MS);
    };
    const open = () => {
      source = new EventSource(addressOf(liveApi.stream, {}, { after: cursor() }));
      for (const event of EVENTS) {
        source.addEventListener(event, ({ lastEventId, data }: MessageEvent<string>) => {
          againMs = AGAIN_MS;
          listen();
          tell({ event, data: JSON.parse(data) as unknown, ...(lastEventId ? { cursor: lastEventId } : {}) } as Heard);
          if (event === 'ended') later();
        });
      }
      source.addEventListener('error', () => {
        const refused = source?.readyState === EventSource.CLOSED;
        tell({ event: refused ? 'refused' : 'down' });
        // Otherwise the browser tries again by itself, and says where it was.
        if (refused) later();
      });
      listen();
    };
    stop.addEventListener('abort', () => {
      source?.close();
      clearTimeout(timer);
      resolve();
    });
    if (stop.aborted) resolve();
    else open();
  });
}

/** How the connection stands, and under which id the server knows it. */
export function useLiveState(): State {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => state,
  );
}

/** Hears what happens for as long as the component stands. */
export function useLiveMessages(listener: (message: LiveMessage) => void): void {
  useEffect(() => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [listener]);
}
