import type { AppealInput, Filed, MaskedContact, PortalAppealInput, RevealView } from '#contracts/appeals/appeals.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { decide, Refusal, refuseField } from '#server/kernel/decision.ts';
import { idFor, newId, type Id } from '#server/kernel/ids.ts';
import { makeNumber } from '#server/kernel/number.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record, auditInsert } from '#server/platform/audit/audit.ts';
import { sm3, type Crypto } from '#server/platform/crypto/crypto.ts';
import { SYSTEM, violates, writeTogether, type Db, type Insert } from '#server/platform/db/db.ts';
import { draftServed } from '#server/platform/drafts/drafts.store.ts';
import type { Reference } from '../reference/index.ts';
import type { Attachments, OrderSide } from './attachments/attachments.service.ts';
import { judgeFiling, queryCodeFrom } from './appeals.rules.ts';
import {
  appealInsert,
  contactInsert,
  firstAnswer,
  forgetKeys,
  keyInsert,
  nextBlock,
  type AppealRow,
  type KnownKey,
} from './appeals.store.ts';
import { contactRow, maskedContact } from './appeals.views.ts';

/** A new appeal with what the order needs to know to be opened beside it. */
export interface Filing {
  readonly appeal: AppealRow;
  readonly category: string | null;
  readonly urgency: number;
  /** Accepted at once, as an agent on the line does. */
  readonly accept: boolean;
  readonly actor: Actor;
  /** For imports: what is known of how it ended. */
  readonly past: PastLife | null;
}

export interface PastLife {
  readonly unitCode: string | null;
  readonly reply: { readonly text: string; readonly by: string; readonly at: Date; readonly resultType: string } | null;
}

/** Opens the order of an appeal: the writes that go into the same statement, and the state it begins in. */
export type OpenOrder = (filing: Filing) => Promise<{ readonly writes: readonly Insert[]; readonly state: string }>;

export interface Appeals {
  fileOnPortal(actor: Actor, input: PortalAppealInput, key: string | null): Promise<Filed>;
  file(actor: Actor, input: AppealInput, key: string | null): Promise<Filed>;
  /**
   * One row of an import: filed at its own time, known by its source, and no duplicate however often it is read.
   * `beside` is written in the same statement.
   */
  fileImported(actor: Actor, input: AppealInput, source: ImportSource, beside: readonly Insert[]): Promise<'accepted' | 'known'>;
  /** Judges an import row as `fileImported` would, and writes nothing. @throws Refusal */
  checkImported(actor: Actor, input: AppealInput, source: ImportSource): Promise<void>;
  /** The masked contact, and whether the whole of it is open to this person. @throws Refusal `base.not-found` */
  contact(actor: Actor, id: string): Promise<MaskedContact & { reveal: RevealView }>;
  /** The whole contact, each time on record. @throws Refusal `base.not-found`, `appeals.reveal-needs-second` */
  revealContact(
    actor: Actor,
    id: string,
    reason: string,
  ): Promise<{ name: string | null; phone: string | null; idNumber: string | null; address: string | null }>;
  queryCode(id: Id): string;
  /** What the row-level policy compares with: keyed hash of a query code. */
  queryHash(code: string): Buffer;
  forgetOldKeys(): Promise<number>;
}

export interface ImportSource {
  readonly system: string;
  readonly number: string;
  readonly filedAt: Date;
  readonly past: PastLife | null;
}

const PORTAL_CHANNEL = '03';
const BLOCK = 50;

export interface AppealsDeps {
  readonly db: Db;
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly reference: Reference;
  readonly openOrder: OpenOrder;
  readonly attachments: Pick<Attachments, 'uploadsOf' | 'filedWith'>;
  readonly order: Pick<OrderSide, 'reveal'>;
}

export function createAppealsService({ db, crypto, clock, reference, openOrder, attachments, order }: AppealsDeps): Appeals {
  let serial = 0;
  let left = 0;
  let drawing: Promise<void> | null = null;
  /** The next serial of this node's block; a new block is drawn when it is used up, by one caller for all who wait. */
  async function nextSerial(): Promise<number> {
    while (left === 0) {
      drawing ??= db
        .transact(SYSTEM, nextBlock)
        .then((first) => {
          serial = first;
          left = BLOCK;
        })
        .finally(() => {
          drawing = null;
        });
      await drawing;
    }
    left--;
    return serial++;
  }

  const queryCode = (id: Id) => queryCodeFrom(crypto.mac('query-code', id));
  const queryHash = (code: string) => crypto.mac('query-hash', code);

  async function judge(actor: Actor, input: AppealInput, nowMs: number, filedMs: number) {
    reference.checkRegion(input.region, 'region');
    if (actor.region && !input.region.startsWith(actor.region.replace(/00$/, ''))) throw refuseField('region', 'appeals.other-city');
    if (input.category) reference.checkCategory(input.category, 'category');
    if (!reference.code('channel', input.channel)) throw refuseField('channel', 'field.unknown-code');
    const judged = judgeFiling(input, nowMs);
    // What the norm asks for is told together with what is wrong in itself.
    const lacking = await reference.faultsAtFiling({ ...matterOf(input), ...said(input) }, filedMs);
    if (lacking.length === 0) return decide(judged);
    const known = judged.ok ? [] : (judged.refusal.fields ?? []);
    const others = lacking.filter((fault) => !known.some(({ path }) => path === fault.path));
    throw new Refusal({ code: 'base.invalid-input', fields: [...known, ...others] });
  }

  const matterOf = (input: AppealInput) => ({ type: input.type, category: input.category ?? null, region: input.region });
  const said = ({ address, eventAt, expectation, anonymous }: AppealInput) => ({
    address,
    eventAt,
    expectation,
    anonymous: anonymous ?? false,
  });

  async function write(
    actor: Actor,
    input: AppealInput,
    options: {
      id: Id;
      filedAt: Date;
      source: { system: string; number: string | null } | null;
      keys: readonly KnownKey[];
      past: PastLife | null;
      judgedAtMs: number;
      beside?: readonly Insert[];
      fromDesk?: true;
    },
  ): Promise<Filed> {
    const { id, filedAt, source } = options;
    const judged = await judge(actor, input, options.judgedAtMs, filedAt.getTime());
    const uploads = await attachments.uploadsOf(input.attachments);
    const code = queryCode(id);
    const appeal: AppealRow = {
      id,
      number: makeNumber(input.region, filedAt.getTime(), await nextSerial()),
      queryHash: queryHash(code),
      region: input.region,
      address: input.address || null,
      channel: input.channel,
      type: input.type,
      title: judged.title,
      content: input.content,
      expectation: input.expectation || null,
      eventAt: judged.eventAt,
      filedAt,
      filedBy: actor.accountId,
      sourceSystem: source?.system ?? null,
      sourceNumber: source?.number ?? null,
      anonymous: judged.anonymous,
      confidential: input.confidential ?? false,
    };
    const opened = await openOrder({
      appeal,
      category: input.category ?? null,
      urgency: input.urgency ?? (await reference.urgencyFor(matterOf(input), filedAt.getTime())),
      accept: input.accept ?? false,
      actor,
      past: options.past,
    });
    const writes = [
      appealInsert(appeal),
      ...(judged.contact ? [contactInsert(id, input.region, judged.contact, crypto)] : []),
      ...opened.writes,
      ...attachments.filedWith(uploads, { appealId: id, region: input.region, replyNo: null, supplementId: null }, actor, filedAt),
      auditInsert(actor, {
        at: new Date(options.judgedAtMs),
        action: 'appeals.file',
        objectKind: 'appeal',
        objectId: id,
        detail: { number: appeal.number, channel: input.channel, region: input.region },
      }),
      ...options.keys.map((key) =>
        keyInsert(key, { appealId: id, number: appeal.number, state: opened.state, at: new Date(options.judgedAtMs) }),
      ),
      ...(options.beside ?? []),
    ];
    await db.transact(actor.scope, async (tx) => {
      await writeTogether(tx, 'file-appeal', writes);
      if (options.fromDesk) await draftServed(tx, actor, 'desk');
    });
    return { id, number: appeal.number, queryCode: code, state: opened.state };
  }

  /** The first answer to a key that was used before. @throws Refusal when it was used for something else */
  async function answerAgain(actor: Actor, keys: readonly KnownKey[]): Promise<Filed> {
    for (const key of keys) {
      const scope = { ...actor.scope, idempotencyKey: key.hash.toString('hex') };
      const first = await db.transact(scope, (tx) => firstAnswer(tx, key.hash));
      if (!first) continue;
      if (key.lasting)
        throw new Refusal({ code: 'appeals.source-duplicate', params: { number: first.number }, extra: { number: first.number } });
      if (!first.request_hash.equals(key.requestHash)) throw new Refusal({ code: 'base.idempotency-mismatch' });
      return { id: first.appeal_id, number: first.number, queryCode: queryCode(first.appeal_id), state: first.state };
    }
    throw new Refusal({ code: 'base.unavailable' });
  }

  async function fileNow(actor: Actor, input: AppealInput, key: string | null): Promise<Filed> {
    const nowMs = clock.nowMs();
    const system = actor.sourceSystem;
    const requestHash = sm3(JSON.stringify(input));
    const who = actor.accountId ?? system ?? 'portal';
    const keys: KnownKey[] = [
      ...(key ? [{ hash: sm3('key/', who, '/', key), requestHash, lasting: false }] : []),
      ...(system && input.sourceNumber ? [{ hash: sm3('source/', system, '/', input.sourceNumber), requestHash, lasting: true }] : []),
    ];
    const source = system ? { system, number: input.sourceNumber ?? null } : null;
    try {
      return await write(actor, input, {
        id: newId(nowMs),
        filedAt: new Date(nowMs),
        source,
        keys,
        past: null,
        judgedAtMs: nowMs,
        fromDesk: true,
      });
    } catch (error) {
      if (violates(error, 'idempotency_pkey')) return answerAgain(actor, keys);
      throw error;
    }
  }

  return {
    fileOnPortal: (actor, input, key) => fileNow(actor, { ...input, channel: PORTAL_CHANNEL }, key),
    async file(actor, input, key) {
      const kind = reference.code('channel', input.channel)?.extra?.['kind'];
      if (actor.scopeKind === 'peer' && kind === 'phone') throw refuseField('channel', 'appeals.channel-not-yours');
      if (input.accept && !actor.permissions.has('orders.accept')) throw new Refusal({ code: 'base.forbidden' });
      return fileNow(actor, input, key);
    },
    async fileImported(actor, input, source, beside) {
      const id = idFor(source.filedAt.getTime(), sm3('import/', source.system, '/', source.number));
      try {
        await write(actor, input, {
          id,
          filedAt: source.filedAt,
          source: { system: source.system, number: source.number },
          keys: [],
          past: source.past,
          judgedAtMs: clock.nowMs(),
          beside,
        });
        return 'accepted';
      } catch (error) {
        // The id is made from the source, so a second reading meets the first one's primary key, in whichever partition.
        if (violates(error, /^(appeal|contact|work_order|reply)_\w+_pkey$/)) return 'known';
        throw error;
      }
    },
    checkImported: async (actor, input, source) => void (await judge(actor, input, clock.nowMs(), source.filedAt.getTime())),
    contact: (actor, id) =>
      db.transact(actor.scope, async (tx) => {
        const contact = await maskedContact(tx, id);
        if (!contact) throw new Refusal({ code: 'base.not-found' });
        const { approval: _approval, ...reveal } = await order.reveal(tx, id, actor.accountId, clock.nowMs());
        return { ...contact, reveal };
      }),
    async revealContact(actor, id, reason) {
      return db.transact(actor.scope, async (tx) => {
        const row = await contactRow(tx, id);
        if (!row) throw new Refusal({ code: 'base.not-found' });
        const { needsSecond, until, approval } = await order.reveal(tx, id, actor.accountId, clock.nowMs());
        if (needsSecond && until === null) throw new Refusal({ code: 'appeals.reveal-needs-second' });
        await record(tx, actor, {
          at: new Date(clock.nowMs()),
          action: 'appeals.reveal-contact',
          objectKind: 'appeal',
          objectId: id,
          detail: { reason, ...(approval ? { approval } : {}) },
        });
        const open = (field: string, cipher: Buffer | null) => (cipher ? crypto.open(field, cipher) : null);
        return {
          name: open('contact.name', row.name_cipher),
          phone: open('contact.phone', row.phone_cipher),
          idNumber: open('contact.id-number', row.id_number_cipher),
          address: open('contact.address', row.address_cipher),
        };
      });
    },
    queryCode,
    queryHash,
    forgetOldKeys: () => db.transact(SYSTEM, (tx) => forgetKeys(tx, new Date(clock.nowMs() - 86_400_000))),
  };
}
