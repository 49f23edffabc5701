import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#server/kernel/ids.ts';
import { randomFrom } from '../../../test/random.ts';
import { openTestDb, type TestDb } from '../../../test/test-db.ts';
import { SYSTEM, type Db, type Tx } from '../db/db.ts';
import { publish, readOn, type NewEvent, type StoredEvent, type Subscriber } from './events.ts';

const AT = Date.parse('2026-06-15T02:00:00Z');
const WRITERS = 8;
const EACH = 60;

let database: TestDb;
let writers: Db;
let readers: Db;

beforeAll(async () => {
  database = await openTestDb();
  writers = database.open(WRITERS + 1);
  readers = database.open(3);
  // What the subscribers below do: they note what they were told, in the transaction that moves their cursor.
  await database.owner(`create table public.effect (subscriber text, place bigserial, event_id uuid, xid xid8)`);
  await database.owner(`grant all on public.effect, public.effect_place_seq to minsheng_system`);
});
afterAll(() => database?.close());

const happened = (name: string, more: Partial<NewEvent> = {}): NewEvent => ({
  at: new Date(AT),
  name,
  caseKind: 'order',
  caseId: newId(AT),
  actorId: null,
  actor: '测试',
  region: '320100',
  unitCode: null,
  from: null,
  to: null,
  public: false,
  data: {},
  ...more,
});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function note(tx: Tx, subscriber: string, events: readonly StoredEvent[]): Promise<void> {
  for (const event of events)
    await sql`insert into public.effect (subscriber, event_id, xid) select ${subscriber}, ${event.id}, xid from platform.event where id = ${event.id}`.execute(
      tx,
    );
}
const noting = (name: string): Subscriber => ({ name, handle: (tx, events) => note(tx, name, events) });

/** Reads until nothing is left. Transactions of the other test files, too, hold back what may be read while they are open. */
async function readAll(subscriber: Subscriber): Promise<number> {
  for (let read = 0; ; await pause(5)) {
    const did = await readOn(readers, subscriber, 50).catch(() => 1);
    read += did;
    const left = await database.owner(
      `select from platform.event e where not exists (select from platform.subscriber s where s.name = $1 and (e.xid, e.id) <= (s.xid, s.id)) limit 1`,
      [subscriber.name],
    );
    if (did === 0 && left.length === 0) return read;
  }
}

/** What a subscriber was told, and what there was to tell. */
async function compare(subscriber: string): Promise<void> {
  const told = await database.owner<{ event_id: string; xid: string }>(
    `select event_id, xid::text as xid from public.effect where subscriber = $1 order by place`,
    [subscriber],
  );
  const there = await database.owner<{ id: string }>(`select id from platform.event`);
  const ids = told.map((row) => row.event_id);
  expect(new Set(ids).size, 'none is told twice').toBe(ids.length);
  expect(ids.toSorted(), 'none is missed, none invented').toEqual(there.map((row) => row.id).toSorted());
  const xids = told.map((row) => BigInt(row.xid));
  expect(
    xids.every((xid, index) => index === 0 || xids[index - 1]! <= xid),
    'transactions are told in their order',
  ).toBe(true);
}

test('a subscriber is told every event once, in the order of transactions, while many write, some slowly and some in vain', async () => {
  let writing = true;
  let turns = 0;
  const reading = (async () => {
    while (writing) {
      turns++;
      // Small portions, so that many of them end in the middle of a transaction.
      if ((await readOn(readers, noting('lone'), 7)) === 0) await pause(2);
    }
  })();
  let kept = 0;
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const random = randomFrom(20260615 + writer);
      for (let i = 0; i < EACH; i++) {
        const count = 1 + random.below(4);
        const vain = random.chance(0.2);
        const slow = random.chance(0.15) ? random.below(60) : random.chance(0.3) ? random.below(4) : 0;
        await writers
          .transact(SYSTEM, async (tx) => {
            // The number of a transaction is given at its first write: a slow one appears long after younger ones.
            await publish(tx, happened('test.first'));
            await pause(slow);
            for (let n = 1; n < count; n++) await publish(tx, happened('test.more'));
            if (vain) throw new Error('in vain');
            kept += count;
          })
          .catch((error: Error) => expect(error.message).toBe('in vain'));
      }
    }),
  );
  writing = false;
  await reading;
  await readAll(noting('lone'));
  expect(turns).toBeGreaterThan(20);
  expect(await database.owner(`select count(*) as n from platform.event`)).toEqual([{ n: kept }]);
  await compare('lone');
}, 60_000);

test('transactions are told by their number, also where it gets a digit more', async () => {
  const own = await openTestDb();
  try {
    const reader = own.open(1);
    for (const xid of [11, 9, 10, 8, 102, 99, 100, 101]) {
      await own.owner(
        `insert into platform.event (id, xid, at, name, case_kind, case_id, actor, region, public, data) values ($1, $2::text::xid8, $3, $4, 'order', $1, '测试', '320100', false, '{}')`,
        [newId(AT), String(xid), new Date(AT), String(xid)],
      );
    }
    const told: string[] = [];
    const listener: Subscriber = { name: 'digits', handle: async (_tx, events) => void told.push(...events.map((event) => event.name)) };
    while ((await readOn(reader, listener, 2)) > 0);
    expect(told).toEqual(['8', '9', '10', '11', '99', '100', '101', '102']);
  } finally {
    await own.close();
  }
});

test('while a transaction is open nothing younger is told, and after it everything is', async () => {
  await readAll(noting('lone'));
  let letGo: (value?: unknown) => void = () => {};
  const held = new Promise((resolve) => (letGo = resolve));
  let begun: (value?: unknown) => void = () => {};
  const started = new Promise((resolve) => (begun = resolve));
  const slow = writers.transact(SYSTEM, async (tx) => {
    await publish(tx, happened('test.slow'));
    begun();
    await held;
  });
  await started;
  await writers.transact(SYSTEM, (tx) => publish(tx, happened('test.young')));
  expect(await readOn(readers, noting('lone'))).toBe(0);
  letGo();
  await slow;
  expect(await readAll(noting('lone'))).toBe(2);
  await compare('lone');
});

test('two nodes that read for the same subscriber do not tell anything twice', async () => {
  const twins = noting('twins');
  await Promise.all([readOn(readers, twins, 5), readOn(readers, twins, 5), readOn(readers, twins, 5)]);
  const race = async () => {
    for (let idle = 0; idle < 5;) idle = (await readOn(readers, twins, 11)) === 0 ? idle + 1 : 0;
  };
  await Promise.all([race(), race(), race()]);
  await readAll(twins);
  await compare('twins');
});

test('a handler that fails leaves no trace, and is told the same again', async () => {
  let fails = 0;
  const clumsy: Subscriber = {
    name: 'clumsy',
    async handle(tx, events) {
      await note(tx, 'clumsy', events);
      // It fails after its effect was written.
      if (fails++ % 2 === 0) throw new Error('clumsy');
    },
  };
  const before = await database.owner<{ n: number }>(`select count(*) as n from platform.event`);
  await readAll(clumsy);
  expect(fails).toBeGreaterThan(4);
  expect(await database.owner<{ n: number }>(`select count(*) as n from public.effect where subscriber = 'clumsy'`)).toEqual(before);
  await compare('clumsy');
});

test('an event tells what was written, to the character', async () => {
  const event = happened('test.words', {
    data: { note: '𠮷野家 😀 “引号” \\ \n' },
    unitCode: '3201.003',
    from: 'filed',
    to: 'closed',
    public: true,
  });
  await writers.transact(SYSTEM, (tx) => publish(tx, event));
  const told: StoredEvent[] = [];
  await readAll({ name: 'words', handle: async (_tx, events) => void told.push(...events) });
  expect(told.find((one) => one.name === 'test.words')).toMatchObject(event);
});
