import type { Clock } from '#server/kernel/clock.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import type { Loop } from '#server/platform/events/events.ts';
import { NotSetUp, NotTaken, send, type Gateways } from './notify.channels.ts';
import * as store from './notify.store.ts';

const AT_ONCE = 20;
/** After so many tries a message is given up. */
const TRIES = 8;
/** A node that took a message and is not heard of has this long. */
const CLAIM_MS = 60_000;

/** How long until a message is tried again: five seconds, then twice as long each time, up to ten minutes. */
export function retryMs(tries: number): number {
  return Math.min(600_000, 5_000 * 2 ** (tries - 1));
}

/** Sends what was put up. A message may be sent twice where a node dies between sending and saying so; none is lost. */
export function createSender({ db, clock, gateways }: { db: Db; clock: Clock; gateways: Gateways }): Loop {
  return {
    name: 'operations.send',
    restMs: 1000,
    async turn() {
      const now = () => new Date(clock.nowMs());
      const later = (ms: number) => new Date(clock.nowMs() + ms);
      const due = await db.transact(SYSTEM, (tx) => store.takeDue(tx, now(), later(CLAIM_MS), AT_ONCE));
      await Promise.all(
        due.map(async (message) => {
          try {
            const answer = await send(message, gateways);
            await db.transact(SYSTEM, (tx) => store.setSent(tx, message.id, answer, now()));
          } catch (error) {
            const why = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
            const isOver = error instanceof NotSetUp || message.tries >= TRIES;
            await db.transact(SYSTEM, (tx) =>
              store.setFailed(tx, message.id, {
                failure: why.slice(0, 300),
                answer: error instanceof NotTaken ? error.answer : null,
                againAt: isOver ? null : later(retryMs(message.tries)),
              }),
            );
          }
        }),
      );
      return due.length;
    },
  };
}
