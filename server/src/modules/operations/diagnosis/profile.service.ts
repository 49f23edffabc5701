import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, violates, type Db } from '#server/platform/db/db.ts';
import type { Loop } from '#server/platform/events/events.ts';
import type { Log } from '#server/platform/log/log.ts';
import { addProfile, setNotTaken, setTaken, takeAsked, tidyProfiles, type AskedProfile } from './profile.store.ts';
import { takeProfile } from './profile.taking.ts';
import { nodesHeard } from './profile.views.ts';

/** How often profiles that no node hands in are failed, and old ones forgotten. */
const TIDY_MS = 15_000;
/** A file beyond this is not kept: a shorter span tells as much. */
const FILE_AT_MOST = 8 * 1024 * 1024;

export type Profiles = ReturnType<typeof createProfiles>;

/** Profiles of nodes: asked for through the database, taken by the node that is meant, one at a time. */
export function createProfiles({ db, clock, log, node }: { db: Db; clock: Clock; log: Log; node: string }) {
  const ending = new AbortController();
  let taking: Promise<void> | null = null;
  let tidiedMs = 0;
  const now = () => new Date(clock.nowMs());

  async function take(asked: AskedProfile & { readonly id: string }): Promise<void> {
    try {
      const taken = await takeProfile(asked.kind, asked.seconds, ending.signal);
      if (taken.file.length > FILE_AT_MOST)
        throw new Error(`the profile is of ${taken.file.length} bytes; at most ${FILE_AT_MOST} are kept`);
      await db.transact(SYSTEM, (tx) => setTaken(tx, asked.id, taken, now()));
    } catch (error) {
      const why = ending.signal.aborted ? '节点正在停止 the node is being stopped' : error instanceof Error ? error.message : String(error);
      await db.transact(SYSTEM, (tx) => setNotTaken(tx, asked.id, why.slice(0, 300), now()));
    }
  }

  const loop: Loop = {
    name: 'operations.take-profile',
    restMs: 1000,
    async turn() {
      if (taking) return 0;
      const asked = await db.transact(SYSTEM, async (tx) => {
        if (clock.nowMs() - tidiedMs >= TIDY_MS) {
          tidiedMs = clock.nowMs();
          await tidyProfiles(tx, now());
        }
        return takeAsked(tx, node);
      });
      if (!asked) return 0;
      // Not waited for here: a node that stops ends it, and must not wait for its seconds to pass.
      taking = take(asked)
        .catch((error: unknown) => log.error({ err: error, module: 'operations' }, 'a profile was not handed in'))
        .finally(() => (taking = null));
      return 1;
    },
  };

  return {
    loop,
    /**
     * Asks a node for a profile; gives its id.
     *
     * @throws Refusal `diagnosis.no-such-node`, `diagnosis.profile-at-work`
     */
    async ask(actor: Actor, asked: AskedProfile): Promise<string> {
      try {
        return await db.transact(SYSTEM, async (tx) => {
          const at = now();
          if (!(await nodesHeard(tx, at)).includes(asked.node))
            throw new Refusal({ code: 'diagnosis.no-such-node', params: { node: asked.node } });
          await tidyProfiles(tx, at);
          const id = await addProfile(tx, asked, actor, at);
          const { node: asker, kind, seconds } = asked;
          await record(tx, actor, {
            at,
            action: 'operations.take-profile',
            objectKind: 'profile',
            objectId: id,
            detail: { node: asker, kind, seconds },
          });
          return id;
        });
      } catch (error) {
        if (violates(error, 'profile_busy_key')) throw new Refusal({ code: 'diagnosis.profile-at-work', params: { node: asked.node } });
        throw error;
      }
    },
    /** Ends what is being taken; whoever asked reads that the node was stopped. */
    async close(): Promise<void> {
      ending.abort();
      await taking;
    },
  };
}
