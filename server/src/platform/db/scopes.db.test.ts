import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NANJING, openTestApp, SPEECH, SUZHOU, UNITS, type TestApp } from '../../../test/test-app.ts';
import { codeRange, type DbScope } from './db.ts';

/** Everything that tells of an order, with the column that says whose it is. */
const TABLES = {
  'orders.work_order': 'id',
  'orders.task': 'order_id',
  'orders.reply': 'order_id',
  'orders.follow_up': 'order_id',
  'orders.refusal': 'order_id',
  'appeals.appeal': 'id',
  'appeals.contact': 'id',
  'appeals.rating': 'appeal_id',
  'appeals.supplement': 'appeal_id',
  'appeals.attachment': 'appeal_id',
  'platform.event': 'case_id',
  'casework.clock': 'case_id',
} as const;
type Table = keyof typeof TABLES;

const city = (code: string): DbScope => {
  const { lo, hi } = codeRange(code.replace(/00$/, ''));
  return { role: 'city', regionLo: lo, regionHi: hi };
};
const unit = (code: string): DbScope => {
  const { lo, hi } = codeRange(code);
  return { role: 'unit', unitLo: lo, unitHi: hi };
};

let at: TestApp;
/** Orders by whose they are. */
const orders = { nanjingFirst: '', nanjingSecond: '', nanjingOpen: '', suzhou: '', peer: '' };
let citizenScope: DbScope;

beforeAll(async () => {
  at = await openTestApp();
  const closed = await at.takeTo('closed');
  orders.nanjingFirst = closed.id;
  citizenScope = { role: 'self', number: closed.number, queryHash: at.app.appeals.queryHash(closed.queryCode).toString('hex') };
  orders.nanjingSecond = (await at.takeTo('replied', {}, UNITS[NANJING][1])).id;
  orders.nanjingOpen = (await at.file()).id;
  await at.act(at.person('team-lead', NANJING), orders.nanjingOpen, 'refuse', { reason: 'N2', explanation: '请依法向法院提起诉讼解决。' });
  orders.suzhou = (await at.takeTo('closed', { region: '320505' })).id;
  const machine = await at.machine('housing');
  const answer = await at.call(machine, 'POST', '/api/appeals', {
    body: { type: '02', region: SUZHOU, content: SPEECH, anonymous: true, channel: '03' },
  });
  orders.peer = (answer.body as { id: string }).id;
  // Something was added to each of them.
  await at.db.owner(
    `insert into appeals.supplement (id, appeal_id, region, content, by_name, at)
     select overlay(id::text placing '0000' from 10)::uuid, id, region, '补充', '诉求人', now() from appeals.appeal`,
  );
  await at.db.owner(
    `insert into appeals.attachment (id, appeal_id, region, name, kind, type, bytes, sm3, file_key, scanned, by_name, at)
     select overlay(id::text placing '0001' from 10)::uuid, id, region, 'a.txt', 'document', 'text/plain', 1, '', '', false, '诉求人', now() from appeals.appeal`,
  );
});
afterAll(() => at?.close());

/** Whose rows a scope is shown of a table when it asks for all of them; null where it may not ask. */
async function shown(scope: DbScope, table: Table): Promise<string[] | null> {
  try {
    const rows = await at.app.db.transact(
      scope,
      async (tx) => (await sql<{ id: string }>`select distinct ${sql.ref(TABLES[table])} as id from ${sql.table(table)}`.execute(tx)).rows,
    );
    return rows.map((row) => row.id).toSorted();
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return null;
    throw error;
  }
}

/** The rows that there are, of these orders. */
async function existing(table: Table, of: readonly string[]): Promise<string[]> {
  const rows = await at.db.owner<{ id: string }>(`select distinct ${TABLES[table]} as id from ${table} where ${TABLES[table]} = any($1)`, [
    of,
  ]);
  return rows.map((row) => row.id).toSorted();
}

describe('the database alone, without any condition in the query, shows', () => {
  const tables = Object.keys(TABLES) as Table[];

  test.for(tables)('a city its own rows of %s', async (table) => {
    expect(await shown(city(NANJING), table)).toEqual(
      await existing(table, [orders.nanjingFirst, orders.nanjingSecond, orders.nanjingOpen]),
    );
    expect(await shown(city(SUZHOU), table)).toEqual(await existing(table, [orders.suzhou, orders.peer]));
    // A county's scope is a range of the same kind.
    expect(await shown(city('320505'), table)).toEqual(await existing(table, [orders.suzhou]));
  });

  test.for(tables)('a unit the rows of its tasks of %s', async (table) => {
    // Contacts, follow-up calls and refusals stay with the hotline.
    const closed = ['appeals.contact', 'orders.follow_up', 'orders.refusal'].includes(table);
    expect(await shown(unit(UNITS[NANJING][0]), table)).toEqual(closed ? null : await existing(table, [orders.nanjingFirst]));
    expect(await shown(unit(UNITS[NANJING][1]), table)).toEqual(closed ? null : await existing(table, [orders.nanjingSecond]));
    expect(await shown(unit('3201.00'), table)).toEqual(closed ? null : await existing(table, [orders.nanjingFirst, orders.nanjingSecond]));
    expect(await shown(unit('3203.001'), table)).toEqual(closed ? null : []);
  });

  test.for(tables)('a citizen the rows of his own appeal of %s', async (table) => {
    const closed = ['appeals.contact', 'orders.follow_up'].includes(table);
    expect(await shown(citizenScope, table)).toEqual(closed ? null : await existing(table, [orders.nanjingFirst]));
    expect(await shown({ ...citizenScope, queryHash: '00' }, table)).toEqual(closed ? null : []);
    expect(await shown({ role: 'self' }, table)).toEqual(closed ? null : []);
  });

  test.for(tables)('a peer system the rows of what it filed of %s', async (table) => {
    const closed = ['appeals.contact', 'orders.follow_up'].includes(table);
    expect(await shown({ role: 'peer', sourceSystem: 'housing' }, table)).toEqual(closed ? null : await existing(table, [orders.peer]));
    expect(await shown({ role: 'peer', sourceSystem: 'water' }, table)).toEqual(closed ? null : []);
    expect(await shown({ role: 'peer' }, table)).toEqual(closed ? null : []);
  });

  test.for(tables)('operations and the gate nothing of %s', async (table) => {
    // Where its own records have events and clocks, no row of an order is among them.
    const holdsRecords = table === 'platform.event' || table === 'casework.clock';
    expect(await shown({ role: 'operations' }, table)).toEqual(holdsRecords ? [] : null);
    expect(await shown({ role: 'gate' }, table)).toBeNull();
  });

  test('nobody but the platform what was uploaded and what lies in the file store', async () => {
    for (const scope of [
      { role: 'province' },
      city(NANJING),
      unit('3201'),
      citizenScope,
      { role: 'peer', sourceSystem: 'housing' },
    ] as DbScope[])
      for (const table of ['appeals.upload', 'appeals.stored_file'])
        await expect(
          at.app.db.transact(scope, (tx) => sql`select from ${sql.table(table)}`.execute(tx)),
          table,
        ).rejects.toMatchObject({
          code: '42501',
        });
  });

  test('a citizen the public lines of his timeline only', async () => {
    at.clock.advance(1000);
    await at.db.owner(`update platform.event set public = false where case_id = $1 and name = 'orders.pass'`, [orders.nanjingFirst]);
    const names = await at.app.db.transact(citizenScope, async (tx) =>
      (await sql<{ name: string }>`select name from platform.event`.execute(tx)).rows.map((row) => row.name),
    );
    expect(names).toContain('orders.reply');
    expect(names).not.toContain('orders.pass');
  });

  test('a city with no region, or a unit with no code, nothing at all', async () => {
    expect(await shown({ role: 'city' }, 'orders.work_order')).toEqual([]);
    expect(await shown({ role: 'unit' }, 'orders.work_order')).toEqual([]);
  });
});

describe('the database refuses', () => {
  const attempt = async (scope: DbScope, text: string) => {
    try {
      const result = await at.app.db.transact(scope, (tx) => sql.raw(text).execute(tx));
      return Number(result.numAffectedRows ?? 0n);
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  const SCOPES: readonly DbScope[] = [
    { role: 'province' },
    city(NANJING),
    unit('3201'),
    { role: 'self' },
    { role: 'peer', sourceSystem: 'housing' },
    { role: 'operations' },
    { role: 'gate' },
    { role: 'system' },
  ];

  test.for(SCOPES.map((scope) => scope.role))('%s to change or delete what the log and the audit hold', async (role) => {
    const scope = SCOPES.find((candidate) => candidate.role === role)!;
    for (const table of ['platform.event', 'platform.audit_entry', 'platform.audit_seal']) {
      expect(await attempt(scope, `delete from ${table}`), table).toBe('42501');
      expect(await attempt(scope, `update ${table} set ${table.endsWith('seal') ? `hash = ''` : `actor = 'nobody'`}`), table).toBe('42501');
      expect(await attempt(scope, `truncate ${table}`), table).toBe('42501');
    }
    expect(await attempt(scope, 'delete from appeals.appeal')).toBe('42501');
    expect(await attempt(scope, `update appeals.appeal set content = ''`)).toBe('42501');
  });

  test('a city and a unit to touch what is not theirs', async () => {
    for (const scope of [city(SUZHOU), unit(UNITS[SUZHOU][0])]) {
      expect(await attempt(scope, `update orders.work_order set state = 'archived' where id = '${orders.nanjingFirst}'`)).toBe(0);
      expect(await attempt(scope, `update orders.task set state = 'done' where order_id = '${orders.nanjingFirst}'`)).toBe(0);
      expect(await attempt(scope, `update casework.clock set stopped_at = now() where case_id = '${orders.nanjingSecond}'`)).toBe(0);
    }
    // Nor may a row be moved out of one's own region, or written into another.
    expect(await attempt(city(SUZHOU), `update orders.work_order set region = '320100' where id = '${orders.suzhou}'`)).toBe('42501');
    const event = (region: string, caseId: string) =>
      `insert into platform.event (id, at, name, case_kind, case_id, actor, region, public, data) values ('019ec901-d100-7000-8000-00000000000${region[3]}', now(), 'x', 'order', '${caseId}', 'x', '${region}', false, '{}')`;
    expect(await attempt(city(SUZHOU), event('320100', orders.nanjingFirst))).toBe('42501');
    expect(await attempt(unit(UNITS[SUZHOU][0]), event('320100', orders.nanjingFirst))).toBe('42501');
  });

  test('a peer to file in the name of another system', async () => {
    const insert = (
      system: string,
    ) => `insert into appeals.appeal (id, number, query_hash, region, channel, type, title, content, filed_at, source_system, anonymous, confidential)
      values ('019ec901-d100-7000-9000-000000000001', '1', '', '320100', '03', '02', 't', 'c', now(), '${system}', true, false)`;
    expect(await attempt({ role: 'peer', sourceSystem: 'housing' }, insert('water'))).toBe('42501');
  });

  test('the application everything, as long as it has not said for whom it asks', async () => {
    // A forgotten scope must end in a refusal, never in everybody's rows.
    for (const options of ['-c role=minsheng_app', '']) {
      const client = new pg.Client({ connectionString: at.db.appUrl, options });
      await client.connect();
      try {
        for (const table of [
          ...Object.keys(TABLES),
          'identity.account',
          'identity.session',
          'platform.audit_entry',
          'reference.region',
          'platform.setting',
        ]) {
          const outcome = await client.query(`select count(*) from ${table}`).then(
            () => 'shown',
            (error: { code?: string }) => error.code,
          );
          expect({ table, options, outcome }).toEqual({ table, options, outcome: '42501' });
        }
      } finally {
        await client.end();
      }
    }
  });
});
