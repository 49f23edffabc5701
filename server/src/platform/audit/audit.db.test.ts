import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PLATFORM, type Actor } from '../actor.ts';
import { SYSTEM, type Db } from '../db/db.ts';
import { openTestDb, type TestDb } from '../../../test/test-db.ts';
import { record, seal, verifyChain } from './audit.ts';

const AT = Date.parse('2026-06-15T02:00:00Z');
const ACTOR: Actor = {
  ...PLATFORM,
  accountId: '019b76da-a800-78bb-b659-fc2ff874cf3c',
  name: '李四',
  roles: ['agent', 'team-lead'],
  ip: '10.0.0.7',
};

let database: TestDb;
let db: Db;
beforeAll(async () => {
  database = await openTestDb();
  db = database.open(2);
  for (let i = 0; i < 9; i++) {
    await db.transact(SYSTEM, (tx) =>
      record(tx, i % 3 === 2 ? PLATFORM : ACTOR, {
        at: new Date(AT + i),
        action: 'orders.accept',
        detail: { version: i, from: 'filed' },
        ...(i % 3 === 2 ? {} : { objectKind: 'order', objectId: `order-${i}` }),
      }),
    );
  }
  await sealAll();
  // Each test changes something behind the application's back, and puts it back.
  await database.owner(`create table public.entries as select * from platform.audit_entry`);
  await database.owner(`create table public.seals as select * from platform.audit_seal`);
  await database.owner(`create table public.cursors as select * from platform.subscriber`);
});
afterAll(() => database?.close());
afterEach(async () => {
  await database.owner(`delete from platform.audit_entry`);
  await database.owner(`insert into platform.audit_entry select * from public.entries`);
  await database.owner(`delete from platform.audit_seal`);
  await database.owner(`insert into platform.audit_seal select * from public.seals`);
  await database.owner(`delete from platform.subscriber`);
  await database.owner(`insert into platform.subscriber select * from public.cursors`);
});

// Transactions of the other test files hold back what may be sealed, for as long as they are open.
async function sealAll(): Promise<number> {
  for (let sealed = 0; ; await new Promise((resolve) => setTimeout(resolve, 5))) {
    sealed += await seal(db);
    const { n } = (
      await database.owner<{ n: number }>(
        `select (select count(*) from platform.audit_entry e, platform.subscriber s where s.name = 'audit.sealer' and (e.xid, e.id) > (s.xid, s.id)) as n`,
      )
    )[0]!;
    const { made } = (await database.owner<{ made: number }>(`select count(*) as made from platform.subscriber`))[0]!;
    if (n === 0 && made === 1) return sealed;
  }
}

const entryAt = async (seq: number) =>
  (await database.owner<{ entry_id: string }>(`select entry_id from platform.audit_seal where seq = $1`, [seq]))[0]!.entry_id;
const verdict = () => verifyChain(db, SYSTEM);

test('an untouched chain holds, from the first entry to the last', async () => {
  expect(await verdict()).toEqual({ ok: true, checked: 9, lastSeq: 9, unsealed: 0, fault: null });
});

test('entries are chained in the order of their transactions, also those that come later', async () => {
  await db.transact(SYSTEM, (tx) => record(tx, ACTOR, { at: new Date(AT - 1000), action: 'orders.cancel' }));
  expect(await verdict()).toMatchObject({ ok: true, checked: 9, unsealed: 1 });
  expect(await sealAll()).toBe(1);
  expect(await seal(db)).toBe(0);
  expect(await verdict()).toMatchObject({ ok: true, checked: 10, unsealed: 0 });
});

test('two sealers at once make one chain', async () => {
  for (let i = 0; i < 30; i++) await db.transact(SYSTEM, (tx) => record(tx, ACTOR, { at: new Date(AT + 100 + i), action: 'orders.sign' }));
  const other = database.open(2);
  for (let did = 1; did > 0;) did = (await Promise.all([seal(db, 4), seal(other, 4)])).reduce((sum, count) => sum + count, 0);
  expect(await verdict()).toMatchObject({ ok: true, checked: 39, unsealed: 0 });
});

test('a use case that was rolled back left no entry, one that was done left one', async () => {
  const vain = db.transact(SYSTEM, async (tx) => {
    await record(tx, ACTOR, { at: new Date(AT), action: 'orders.refuse' });
    throw new Error('in vain');
  });
  await expect(vain).rejects.toThrow('in vain');
  expect(await database.owner(`select * from platform.audit_entry where action = 'orders.refuse'`)).toEqual([]);
  await sealAll();
  expect(await verdict()).toMatchObject({ ok: true, checked: 9, unsealed: 0 });
});

describe('a change of one entry behind the application’s back is found, and its place named', () => {
  // One per column, each as small as it can be; `null` and the sign for it are different things, too.
  const CHANGES = [
    ['xid', `xid = (xid::text::bigint + 1)::text::xid8`],
    ['at', `at = at + interval '1 microsecond'`],
    ['account_id', `account_id = '019b76da-a800-78bb-b659-fc2ff874cf3d'`],
    ['account_id, forgotten', `account_id = null`],
    ['actor', `actor = '李五'`],
    ['actor, by a space', `actor = actor || ' '`],
    ['roles', `roles = '{agent,team-lea}'`],
    ['roles, as one', `roles = array['agent,team-lead']`],
    ['roles, with none more', `roles = roles || array[null]::text[]`],
    ['ip', `ip = '10.0.0.8'`],
    ['ip, forgotten', `ip = null`],
    ['ip, as a dash', `ip = '-'`],
    ['action', `action = 'orders.accepT'`],
    ['object_kind', `object_kind = 'ordes'`],
    ['object_id', `object_id = 'order-X'`],
    ['outcome', `outcome = 'refused'`],
    ['detail', `detail = detail || '{"version": 99}'`],
    ['detail, emptied', `detail = '{}'`],
    ['actor and roles, moved across', `actor = actor || E'\\x1f', roles = '{}'`],
  ] as const;
  for (const seq of [1, 5, 8]) {
    test.for(CHANGES)(`entry ${seq}: %s`, async ([, change]) => {
      const id = await entryAt(seq);
      await database.owner(`update platform.audit_entry set ${change} where id = $1`, [id]);
      expect(await verdict()).toMatchObject({ ok: false, fault: { seq, entryId: id, what: 'entry-changed' } });
    });
  }

  test.for([
    ['ip', `ip = '-'`],
    ['object_kind', `object_kind = '-'`],
    ['object_id', `object_id = '-'`],
    ['account_id', `account_id = '019b76da-a800-78bb-b659-fc2ff874cf3c'`],
  ] as const)('an empty %s that is filled in', async ([, change]) => {
    const id = await entryAt(3);
    await database.owner(`update platform.audit_entry set ${change} where id = $1`, [id]);
    expect(await verdict()).toMatchObject({ ok: false, fault: { seq: 3, entryId: id, what: 'entry-changed' } });
  });

  test('an entry that gets another id', async () => {
    const id = await entryAt(4);
    await database.owner(`update platform.audit_entry set id = '019ec901-d100-7000-8000-000000000001' where id = $1`, [id]);
    expect(await verdict()).toMatchObject({ ok: false, fault: { seq: 4, entryId: id, what: 'entry-missing' } });
  });
});

describe('what is taken away, added or moved is found', () => {
  test.for([1, 5, 9])('entry %d is deleted', async (seq) => {
    const id = await entryAt(seq);
    await database.owner(`delete from platform.audit_entry where id = $1`, [id]);
    expect(await verdict()).toMatchObject({ ok: false, fault: { seq, entryId: id, what: 'entry-missing' } });
  });

  test.for([1, 5])('seal %d is deleted', async (seq) => {
    await database.owner(`delete from platform.audit_seal where seq = $1`, [seq]);
    expect(await verdict()).toMatchObject({ ok: false, fault: { seq: seq + 1, what: 'gap' } });
  });

  test('the last seal is deleted', async () => {
    await database.owner(`delete from platform.audit_seal where seq = 9`);
    expect(await verdict()).toMatchObject({ ok: false, fault: { seq: 9, what: 'gap' } });
    // It does not heal when the chain goes on over it.
    await db.transact(SYSTEM, (tx) => record(tx, ACTOR, { at: new Date(AT + 50), action: 'orders.sign' }));
    await sealAll();
    expect(await verdict()).toMatchObject({ ok: false, fault: { what: 'gap' } });
  });

  test('the last entry is deleted together with its seal', async () => {
    await database.owner(`delete from platform.audit_entry where id = $1`, [await entryAt(9)]);
    await database.owner(`delete from platform.audit_seal where seq = 9`);
    expect(await verdict()).toMatchObject({ ok: false, fault: { seq: 9, what: 'gap' } });
  });

  test('an entry and its seal are deleted, and the later ones move up', async () => {
    await database.owner(`delete from platform.audit_entry where id = $1`, [await entryAt(5)]);
    await database.owner(`delete from platform.audit_seal where seq = 5`);
    await database.owner(`update platform.audit_seal set seq = seq - 100 where seq > 5`);
    await database.owner(`update platform.audit_seal set seq = seq + 99 where seq < 0`);
    expect(await verdict()).toMatchObject({ ok: false, fault: { seq: 5, what: 'entry-changed' } });
  });

  test('two entries change places in the chain', async () => {
    const [four, five] = [await entryAt(4), await entryAt(5)];
    await database.owner(`update platform.audit_seal set seq = case seq when 4 then -5 else -4 end where seq in (4, 5)`);
    await database.owner(`update platform.audit_seal set seq = -seq where seq < 0`);
    expect(await verdict()).toMatchObject({ ok: false, fault: { seq: 4, entryId: five, what: 'entry-changed' } });
    expect(await entryAt(5)).toBe(four);
  });

  test('two entries change places with their contents', async () => {
    const [four, five] = [await entryAt(4), await entryAt(5)];
    await database.owner(
      `update platform.audit_entry e set detail = o.detail, object_id = o.object_id from platform.audit_entry o where (e.id, o.id) in (($1::uuid, $2::uuid), ($2::uuid, $1::uuid))`,
      [four, five],
    );
    expect(await verdict()).toMatchObject({ ok: false, fault: { seq: 4, entryId: four, what: 'entry-changed' } });
  });

  test('an entry is slipped in among those that were sealed', async () => {
    await database.owner(
      `insert into platform.audit_entry select '019ec901-d100-7000-8000-000000000002', xid, at, account_id, actor, roles, ip, 'orders.archive', object_kind, object_id, outcome, detail from public.entries where id = $1`,
      [await entryAt(4)],
    );
    await sealAll();
    expect(await verdict()).toMatchObject({ ok: false, fault: { entryId: '019ec901-d100-7000-8000-000000000002', what: 'gap' } });
  });
});
