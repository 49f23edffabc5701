import type { Draft } from '#contracts/drafts/drafts.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '../actor.ts';
import { record } from '../audit/audit.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { SYSTEM, type Db } from '../db/db.ts';
import { beginDraft, continueDraft, draftAt, draftsOf, dropDraft, forgetDrafts } from './drafts.store.ts';

export interface Drafts {
  list(actor: Actor): Promise<{ place: string; savedAt: string }[]>;
  find(actor: Actor, place: string): Promise<Draft | null>;
  /**
   * Saves what was typed so far. `seen` is the revision that the window goes on from, null where it saw none.
   *
   * @throws Refusal `drafts.overtaken`, `drafts.too-large`, `drafts.too-many`, `drafts.not-yours`
   */
  save(actor: Actor, place: string, draft: SavedDraft): Promise<{ savedAt: string }>;
  /** @throws Refusal `drafts.overtaken` */
  discard(actor: Actor, place: string, revision: string): Promise<void>;
  /** Forgets what nobody has touched for two weeks. */
  forgetOld(): Promise<number>;
}

interface SavedDraft {
  readonly account: string;
  readonly seen: string | null;
  readonly revision: string;
  readonly words: Readonly<Record<string, unknown>>;
}

const FIELD = 'draft';
const LIFE_MS = 14 * 86_400_000;
/** The longest texts that any form takes, twice over. */
const MAX_BYTES = 64 * 1024;
const AT_MOST = 200;

/** What people have typed and not sent: no use case yet, so only its beginning and its end are on record. */
export function createDrafts({ db, clock, crypto }: { db: Db; clock: Clock; crypto: Crypto }): Drafts {
  /** The person; machines type nothing. @throws Refusal `base.unauthenticated` */
  const writer = (actor: Actor): string => {
    if (actor.accountId === null) throw new Refusal({ code: 'base.unauthenticated' });
    return actor.accountId;
  };
  const told = (action: 'begin' | 'discard', place: string) => ({
    at: new Date(clock.nowMs()),
    action: `drafts.${action}`,
    objectKind: 'draft',
    detail: { place },
  });

  return {
    async list(actor) {
      const account = writer(actor);
      const rows = await db.transact(actor.scope, (tx) => draftsOf(tx, account));
      return rows.map((row) => ({ place: row.place, savedAt: row.saved_at.toISOString() }));
    },
    async find(actor, place) {
      const account = writer(actor);
      const row = await db.transact(actor.scope, (tx) => draftAt(tx, account, place));
      if (!row) return null;
      const words = JSON.parse(crypto.open(FIELD, row.sealed)) as Draft['words'];
      return { revision: row.revision, savedAt: row.saved_at.toISOString(), words };
    },
    async save(actor, place, { account, seen, revision, words }) {
      // A window that goes on saving while somebody else logs in must not leave its words with him.
      if (writer(actor) !== account) throw new Refusal({ code: 'drafts.not-yours' });
      const text = JSON.stringify(words);
      if (Buffer.byteLength(text) > MAX_BYTES) throw new Refusal({ code: 'drafts.too-large' });
      const at = new Date(clock.nowMs());
      const row = { account_id: account, place, revision, sealed: crypto.seal(FIELD, text), saved_at: at };
      await db.transact(actor.scope, async (tx) => {
        if (seen !== null) {
          if (!(await continueDraft(tx, seen, row))) throw new Refusal({ code: 'drafts.overtaken' });
          return;
        }
        if ((await draftsOf(tx, account)).length >= AT_MOST) throw new Refusal({ code: 'drafts.too-many', params: { count: AT_MOST } });
        if (!(await beginDraft(tx, row))) throw new Refusal({ code: 'drafts.overtaken' });
        await record(tx, actor, told('begin', place));
      });
      return { savedAt: at.toISOString() };
    },
    async discard(actor, place, revision) {
      const account = writer(actor);
      await db.transact(actor.scope, async (tx) => {
        if (!(await dropDraft(tx, account, place, revision))) throw new Refusal({ code: 'drafts.overtaken' });
        await record(tx, actor, told('discard', place));
      });
    },
    forgetOld: () => db.transact(SYSTEM, (tx) => forgetDrafts(tx, new Date(clock.nowMs() - LIFE_MS))),
  };
}
