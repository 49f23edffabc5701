import { sql } from 'kysely';
import type { LiveCase, LivePresence } from '#contracts/live/live.api.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '../actor.ts';
import { SYSTEM, type Db, type Tx } from '../db/db.ts';
import { startLoops, type Loop } from '../events/events.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { comparePlaces, mayHear, othersAt, placeText, shownTo, type AtCase, type News, type Place } from './live.rules.ts';
import { endOfLog, keepAlive, leave, linesAfter, peopleAt, peopleBeside, standAt, type LogLine } from './live.store.ts';

/** Where the messages of one console go. */
export interface Sink {
  /** False when the console does not take what it is sent: then it is cut. */
  write(text: string): boolean;
  end(): void;
}

export interface Live {
  /** @throws Refusal `base.too-many-streams`, `base.overloaded` */
  refuseIfFull(actor: Actor): void;
  /** Opens the stream of a console, after the place it saw last; resolves when it has what it missed. Gives how to leave. */
  open(actor: Actor, session: string, after: Place | null, sink: Sink): { left: () => void; caughtUp: Promise<void> };
  /** Says where a page of a person stands; gives who else is there. @throws Refusal `base.not-found` */
  stand(
    actor: Actor,
    at: { id: string; stream: string; tab: string; doing: 'viewing' | 'acting' | 'gone'; action: string | null },
  ): Promise<LivePresence>;
  /** How many consoles listen. */
  consoles(): number;
  close(): Promise<void>;
}

/** What the platform must be told about cases, which it knows nothing of. */
export interface LiveDeps {
  readonly db: Db;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The units and the version of these cases, asked once for each batch of events. */
  readonly caseFacts: (tx: Tx, ids: readonly string[]) => Promise<ReadonlyMap<string, { units: readonly string[]; version: number }>>;
  /** The region of a case that the scope of the transaction sees; null when it sees none. */
  readonly regionOf: (tx: Tx, id: string) => Promise<string | null>;
  readonly unitName: (code: string | null) => string | null;
  /** Which of these sessions still live. */
  readonly livingSessions: (sessions: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly nodeLimit: number;
}

const PER_ACCOUNT = 6;
/** How many events a node remembers for those who come back; who was away longer reads the log. */
const REMEMBERED = 4000;
/** Who missed more than this fetches everything anew: it is cheaper than telling. */
const MISSED_AT_MOST = 500;
const TAIL_MS = 200;
const PRESENCE_MS = 1000;
const SESSIONS_MS = 3000;
const HEARTBEAT_MS = 15_000;
/** What was told this shortly before a console came may have happened while its page loaded: it is told again. */
const OVERLAP_MS = 2000;

interface Listener {
  readonly id: string;
  readonly actor: Actor;
  readonly session: string;
  readonly sink: Sink;
  /** What came while it is told what it missed; null once it hears as things happen. */
  held: News[] | null;
  /** It has everything up to here. */
  seen: Place;
  /** What it was told last of each case it stands at. */
  readonly presence: Map<string, string>;
}

/**
 * The live screens of one node: one reader of the log for all its consoles, each of which hears what its scope sees.
 *
 * The log is polled rather than announced: a `notify` would make every commit of the intake queue at one lock. While
 * nobody listens nothing is asked.
 */
export function createLive(deps: LiveDeps): Live {
  const { db, log, metrics } = deps;
  const listeners = new Map<string, Listener>();
  const remembered: (News & { toldAtMs: number })[] = [];
  /** How far this node has read; null while nobody listens. */
  let position: Place | null = null;
  /** From here on `remembered` is whole. */
  let rememberedFrom: Place | null = null;
  let turning: Promise<number> | null = null;
  let loops: { stop(): Promise<void> } | null = null;
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let closed = false;

  const turn = (): Promise<number> => (turning ??= readOn().finally(() => (turning = null)));

  async function readOn(): Promise<number> {
    if (listeners.size === 0) {
      position = null;
      remembered.length = 0;
      return 0;
    }
    const from = position;
    const news = await db.transact(SYSTEM, async (tx): Promise<News[]> => {
      if (!from) {
        position = await endOfLog(tx);
        rememberedFrom = position;
        return [];
      }
      const lines = await linesAfter(tx, from, 1000);
      if (lines.length === 0) return [];
      const facts = await deps.caseFacts(tx, [...new Set(lines.map((line) => line.caseId))]);
      return lines.map((line) => ({
        ...line,
        units: facts.get(line.caseId)?.units ?? [],
        version: facts.get(line.caseId)?.version ?? null,
      }));
    });
    const last = news.at(-1);
    if (!last) return 0;
    position = { xid: last.xid, id: last.id };
    const toldAtMs = performance.now();
    remembered.push(...news.map((one) => ({ ...one, toldAtMs })));
    const tooMany = remembered.length - REMEMBERED;
    if (tooMany > 0) rememberedFrom = remembered.splice(0, tooMany).at(-1)!;
    for (const listener of listeners.values()) hand(listener, news);
    return news.length;
  }

  /** Hands a listener, in one write, what it may hear of these events and does not have yet. */
  function hand(listener: Listener, news: readonly News[]): void {
    if (listener.held) {
      listener.held.push(...news);
      // Who is still catching up when so much has come is better off fetching anew.
      if (listener.held.length > REMEMBERED) cut(listener, 'slow');
      return;
    }
    let text = '';
    for (const one of news) {
      if (comparePlaces(one, listener.seen) <= 0 || !mayHear(listener.actor, one)) continue;
      text += messageOf(one);
      metrics.liveMessages.inc();
    }
    const last = news.at(-1);
    if (last && comparePlaces(last, listener.seen) > 0) listener.seen = last;
    send(listener, text);
  }

  function send(listener: Listener, text: string): void {
    if (text && !listener.sink.write(text)) cut(listener, 'slow');
  }

  function cut(listener: Listener, why: 'slow' | 'session' | 'closing'): void {
    if (!listeners.delete(listener.id)) return;
    metrics.liveCuts.inc({ why });
    metrics.liveStreams.set(listeners.size);
    listener.sink.end();
  }

  /** What a console missed: from memory, or from the log as its own scope shows it; null when it is too much or too old. */
  async function missed(actor: Actor, after: Place | null, upTo: Place): Promise<readonly (LogLine & { version: number | null })[] | null> {
    if (!after) return remembered.filter((one) => one.toldAtMs > performance.now() - OVERLAP_MS && mayHear(actor, one));
    if (rememberedFrom && comparePlaces(after, rememberedFrom) >= 0 && comparePlaces(after, upTo) <= 0)
      return remembered.filter((one) => comparePlaces(one, after) > 0 && comparePlaces(one, upTo) <= 0 && mayHear(actor, one));
    return db.transact(actor.scope, async (tx) => {
      await sql`set local statement_timeout = '3s'`.execute(tx);
      // A place ahead of the log was given by another database, before a dump was restored.
      if (after.xid > (await endOfLog(tx)).xid) return null;
      if (!mayHear(actor, { region: actor.region ?? '', units: actor.unitCode ? [actor.unitCode] : [] })) return [];
      const lines = await linesAfter(tx, after, MISSED_AT_MOST + 1, upTo);
      return lines.length > MISSED_AT_MOST ? null : lines.map((line) => ({ ...line, version: null }));
    });
  }

  async function catchUp(listener: Listener, after: Place | null): Promise<void> {
    // Whoever left meanwhile may have been the last, and then nobody reads on.
    while (!position && listeners.has(listener.id)) await turn();
    if (!position) return;
    const upTo: Place = position;
    listener.seen = after && comparePlaces(after, upTo) > 0 ? after : upTo;
    // A log that cannot be read quickly enough is not read: the console fetches what it shows.
    const lines = await missed(listener.actor, after, upTo).catch(() => null);
    if (!listeners.has(listener.id)) return;
    const resumed = after !== null && lines !== null;
    if (lines === null) listener.seen = upTo;
    const at = `id: ${placeText(listener.seen)}\n`;
    let text = `retry: 2000\n${at}event: hello\ndata: ${JSON.stringify({ stream: listener.id, resumed })}\n\n`;
    if (lines === null) text += `${at}event: reset\ndata: {}\n\n`;
    else for (const line of lines) text += messageOf(line, after === null ? listener.seen : line);
    send(listener, text);
    const held = listener.held ?? [];
    listener.held = null;
    hand(listener, held);
  }

  async function tellPresence(): Promise<number> {
    if (listeners.size === 0) return 0;
    const people = await db.transact(SYSTEM, (tx) => peopleBeside(tx, [...listeners.keys()]));
    const byCase = Map.groupBy(people, (one) => one.caseId);
    const casesOf = new Map<string, Set<string>>();
    for (const one of people) casesOf.set(one.accountId, (casesOf.get(one.accountId) ?? new Set()).add(one.caseId));
    for (const listener of listeners.values()) {
      if (listener.held) continue;
      const standsAt = casesOf.get(listener.actor.accountId ?? '') ?? new Set();
      for (const id of listener.presence.keys()) if (!standsAt.has(id)) listener.presence.delete(id);
      for (const id of standsAt) {
        const data = JSON.stringify(presenceFor(listener.actor, id, byCase.get(id) ?? []));
        if (listener.presence.get(id) === data) continue;
        listener.presence.set(id, data);
        send(listener, `event: presence\ndata: ${data}\n\n`);
      }
    }
    return 0;
  }

  function presenceFor(viewer: Actor, id: string, all: readonly AtCase[]): LivePresence {
    return { id, people: othersAt(all, viewer.accountId).map((one) => shownTo(viewer, one, deps.unitName)) };
  }

  /** Ends the streams of people whose session is over or whose account was closed, and keeps the others' places alive. */
  async function keepUp(): Promise<number> {
    // Who comes while the question is open was not asked about, and has just been let in.
    const asked = [...listeners.values()];
    if (asked.length === 0) return 0;
    const living = await deps.livingSessions([...new Set(asked.map((listener) => listener.session))]);
    for (const listener of asked) {
      if (living.has(listener.session)) continue;
      listener.sink.write('event: ended\ndata: {}\n\n');
      cut(listener, 'session');
    }
    await db.transact(SYSTEM, (tx) => keepAlive(tx, [...listeners.keys()]));
    return 0;
  }

  /** From the first console on; a node without consoles asks the database nothing. */
  function begin(): void {
    if (loops) return;
    const work: Loop[] = [
      { name: 'live.tail', restMs: TAIL_MS, turn },
      { name: 'live.presence', restMs: PRESENCE_MS, turn: tellPresence },
      { name: 'live.sessions', restMs: SESSIONS_MS, turn: keepUp },
    ];
    loops = startLoops(work, log);
    heartbeat = setInterval(() => {
      // A real message, so that a console can tell a quiet hour from a dead line; and the place moves on with it, so that
      // who hears little does not come back from far behind.
      for (const listener of listeners.values())
        if (!listener.held) send(listener, `id: ${placeText(later(listener.seen, position))}\nevent: beat\ndata: {}\n\n`);
    }, HEARTBEAT_MS);
    heartbeat.unref();
  }

  return {
    refuseIfFull(actor) {
      if (closed || listeners.size >= deps.nodeLimit)
        throw new Refusal({ code: 'base.overloaded', params: { seconds: 5 }, extra: { retryAfterS: 5 } });
      const own = [...listeners.values()].filter((listener) => listener.actor.accountId === actor.accountId).length;
      if (own >= PER_ACCOUNT) throw new Refusal({ code: 'base.too-many-streams', params: { limit: PER_ACCOUNT } });
    },
    open(actor, session, after, sink) {
      const id = newId();
      const listener: Listener = { id, actor, session, sink, held: [], seen: { xid: 0, id: '' }, presence: new Map() };
      listeners.set(id, listener);
      metrics.liveStreams.set(listeners.size);
      begin();
      const caughtUp = catchUp(listener, after).catch((error: unknown) => {
        log.error({ err: error }, 'a live stream could not be opened; the console comes back by itself');
        cut(listener, 'closing');
      });
      return {
        caughtUp,
        left() {
          listeners.delete(id);
          metrics.liveStreams.set(listeners.size);
        },
      };
    },
    async stand(actor, { doing, ...at }) {
      if (doing === 'gone') {
        await db.transact(SYSTEM, (tx) => leave(tx, actor, at.tab, at.id));
        return { id: at.id, people: [] };
      }
      return db.transact(actor.scope, async (tx) => {
        const region = await deps.regionOf(tx, at.id);
        if (region === null) throw new Refusal({ code: 'base.not-found' });
        await standAt(tx, actor, { ...at, doing, region });
        return presenceFor(actor, at.id, await peopleAt(tx, at.id));
      });
    },
    consoles: () => listeners.size,
    async close() {
      closed = true;
      clearInterval(heartbeat);
      for (const listener of listeners.values()) cut(listener, 'closing');
      await loops?.stop();
    },
  };
}

function later(a: Place, b: Place | null): Place {
  return b && comparePlaces(b, a) > 0 ? b : a;
}

function messageOf(line: LogLine & { version: number | null }, at: Place = line): string {
  const { name, kind, caseId: id, region, state, version } = line;
  const data: LiveCase = { name, kind, id, region, state, version };
  return `id: ${placeText(at)}\nevent: case\ndata: ${JSON.stringify(data)}\n\n`;
}
