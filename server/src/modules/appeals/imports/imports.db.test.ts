import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportRun } from '#contracts/appeals/appeals.api.ts';
import type { OrderRow, TimelineLine } from '#contracts/orders/orders.api.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { NANJING, openTestApp, SUZHOU, type TestApp } from '../../../../test/test-app.ts';
import { importCommand } from './imports.cli.ts';
import type { Mapping } from './imports.rules.ts';

let at: TestApp;
let folder: string;
beforeAll(async () => {
  at = await openTestApp({ startMs: Date.parse('2026-06-15T02:00:00Z') });
  folder = join(at.folder, 'import');
  mkdirSync(folder);
});
afterAll(() => at?.close());

const shipped = (name: string): Mapping => at.app.imports.mappings().find((mapping) => mapping.name === name)!;
const tally = ({ rows, accepted, known, rejected, blank }: ImportRun) => ({ rows, accepted, known, rejected, blank });
const counts = async () =>
  (
    await at.db.owner<{
      appeals: number;
      orders: number;
      events: number;
      audits: number;
    }>(`select (select count(*) from appeals.appeal) as appeals, (select count(*) from orders.work_order) as orders,
    (select count(*) from platform.event) as events, (select count(*) from platform.audit_entry where action = 'appeals.file') as audits`)
  )[0]!;

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
async function run(
  path: string,
  mapping: Mapping,
  options: { dryRun?: boolean; signal?: AbortSignal; actor?: typeof PLATFORM } = {},
): Promise<ImportRun> {
  const prepared = await at.app.imports.prepare(options.actor ?? PLATFORM, { path, name: path }, mapping, options.dryRun ?? false);
  return at.app.imports.run(prepared.id, undefined, options.signal);
}

/** GB 18030 of a text: the two-byte part by turning the decoder round, four bytes for the rest. */
function gb18030(text: string): Uint8Array {
  const decoder = new TextDecoder('gb18030');
  const table = new Map<string, number[]>();
  for (let high = 0x81; high <= 0xfe; high++)
    for (let low = 0x40; low <= 0xfe; low++) if (low !== 0x7f) table.set(decoder.decode(Uint8Array.of(high, low)), [high, low]);
  return Uint8Array.from(
    [...text].flatMap((char): number[] => {
      const code = char.codePointAt(0)!;
      if (code < 0x80) return [code];
      const two = table.get(char);
      if (two) return two;
      const linear = code - 0x10000;
      return [
        0x90 + Math.floor(linear / 12600),
        0x30 + (Math.floor(linear / 1260) % 10),
        0x81 + (Math.floor(linear / 10) % 126),
        0x30 + (linear % 10),
      ];
    }),
  );
}

const HEAD = '来源单号,受理时间,渠道,诉求类型,区划代码,事发地址,标题,诉求内容,诉求目的,分类代码,是否匿名,诉求人,联系电话';
const SHEET = [
  'S-1,2026-02-13 09:05,电话,投诉,320102,中山路一号,噪音扰民,"楼下工地夜间施工,吵得无法入睡。",停止夜间施工,0101,否,王小明,13812345678',
  'S-2,2026/3/1 9:05:00,网站,咨询,320505,,,请问如何办理居住证签注手续？,,,是,,',
  ',,,,,,,,,,,,',
  'S-3,2026年4月2日 8时30分,来访,举报,310101,,,外省的事项不归这里办理的。,,,是,,',
  'S-4,昨天,电话,投诉,320102,,,时间写得不对的一条诉求。,,,是,,',
  'S-5,2026-05-01 10:00,传真,建议,320102,𠮷野巷,,建议在𠮷野巷口增设一处公交站台。,,,是,,',
  'S-1,2026-02-13 09:05,电话,投诉,320102,中山路一号,噪音扰民,"楼下工地夜间施工,吵得无法入睡。",停止夜间施工,0101,否,王小明,13812345678',
  'S-6,2026-05-01 10:00,电话,投诉,320102,,,短,,,是,,',
];

describe('a csv in GB 18030', () => {
  test('is read row by row to its outcome, and a second reading adds nothing', async () => {
    const path = put('sheet.csv', gb18030([HEAD, ...SHEET].join('\r\n')));
    const first = await run(path, shipped('appeals-standard'));
    expect(first).toMatchObject({ state: 'done', totalRows: 8 });
    expect(tally(first)).toEqual({ rows: 8, accepted: 3, known: 1, rejected: 3, blank: 1 });
    const rejects = await at.app.imports.rejects(SYSTEM, first.id);
    expect(
      rejects
        .trim()
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(',').slice(0, 3).join(',')),
    ).toEqual(['5,区划代码,reference.region-outside', '6,受理时间,field.format', '9,诉求内容,field.too-short']);
    const rows = await at.db.owner(`select source_number, title, content, address, filed_at from appeals.appeal order by filed_at`);
    expect(rows).toMatchObject([
      {
        source_number: 'S-1',
        title: '噪音扰民',
        content: '楼下工地夜间施工,吵得无法入睡。',
        address: '中山路一号',
        filed_at: new Date('2026-02-13T01:05:00Z'),
      },
      { source_number: 'S-2', filed_at: new Date('2026-03-01T01:05:00Z') },
      { source_number: 'S-5', address: '𠮷野巷', content: '建议在𠮷野巷口增设一处公交站台。' },
    ]);
    const before = await counts();
    const second = await run(path, shipped('appeals-standard'));
    expect(second.id).not.toBe(first.id);
    expect(tally(second)).toEqual({ rows: 8, accepted: 0, known: 4, rejected: 3, blank: 1 });
    expect(await counts()).toEqual(before);
  });

  test('tried dry judges the same and writes nothing', async () => {
    const path = put('dry.csv', gb18030([HEAD, ...SHEET.map((row) => row.replace(/^S-/, 'D-'))].join('\n')));
    const before = await counts();
    const dry = await run(path, shipped('appeals-standard'), { dryRun: true });
    // What is known is only found by writing, so a dry run takes the repeated row for a new one.
    expect(tally(dry)).toEqual({ rows: 8, accepted: 4, known: 0, rejected: 3, blank: 1 });
    expect(await counts()).toEqual(before);
    expect(tally(await run(path, shipped('appeals-standard')))).toEqual({ rows: 8, accepted: 3, known: 1, rejected: 3, blank: 1 });
  });

  test('brought by a city takes the rows of that city only', async () => {
    const path = put('city.csv', gb18030([HEAD, ...SHEET.map((row) => row.replace(/^S-/, 'C-'))].join('\n')));
    const suzhou = at.actor(at.person('city-admin', SUZHOU));
    const done = await run(path, shipped('appeals-standard'), { actor: suzhou });
    expect(tally(done)).toMatchObject({ rows: 8, accepted: 1, blank: 1 });
    expect(await at.db.owner(`select distinct region from appeals.appeal where source_number like 'C-%'`)).toEqual([{ region: '320505' }]);
    expect(await at.app.imports.rejects(SYSTEM, done.id)).toContain('appeals.other-city');
  });
});

const line = (n: number, more: object = {}) =>
  JSON.stringify({
    id: `J-${n}`,
    time: '2020/1/9 10:15:00',
    subject: `第${n}件`,
    detail: `第${n}件诉求：小区电梯经常停运，老人上下楼很不方便。`,
    reply: '您好，已责成物业更换电梯部件，目前运行正常。',
    reply_time: '2020/1/20 16:00:00',
    ...more,
  });

describe('a file of JSON lines', () => {
  test('that was cut off goes on where it stood, with exact counts', async () => {
    const lines = Array.from({ length: 120 }, (_, n) => (n % 10 === 3 ? '' : n % 10 === 7 ? line(n, { detail: '短' }) : line(n)));
    const path = put('cut.jsonl', lines.join('\n'));
    const mapping = shipped('tipdm-replies');
    const prepared = await at.app.imports.prepare(PLATFORM, { path, name: path }, mapping, false);
    // Cut again and again, each time at another row.
    for (const after of [5, 17, 18, 60]) {
      const cutter = new AbortController();
      const cutting = (async () => {
        for (;;) {
          const { n } = (
            await at.db.owner<{ n: number }>(`select count(*) as n from appeals.import_row where run_id = $1`, [prepared.id])
          )[0]!;
          if (n >= after) return cutter.abort(new Error('cut'));
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      })();
      await expect(at.app.imports.run(prepared.id, undefined, cutter.signal)).rejects.toThrow('cut');
      await cutting;
    }
    // The same file, brought again, is the same run.
    const again = await at.app.imports.prepare(PLATFORM, { path, name: path }, mapping, false);
    expect(again.id).toBe(prepared.id);
    const done = await at.app.imports.run(again.id);
    expect(done.state).toBe('done');
    expect(tally(done)).toEqual({ rows: 120, accepted: 96, known: 0, rejected: 12, blank: 12 });
    expect(await at.db.owner(`select count(*) as n from appeals.appeal where source_number like 'J-%'`)).toEqual([{ n: 96 }]);
    // A run that is done is not done again.
    expect(await at.app.imports.run(again.id)).toEqual(done);
  });

  test('never stops at a row: what cannot be kept is rejected by field and reason', async () => {
    const bad: [string, object][] = [
      ['a NUL in its number', { id: 'B-\u0000' }],
      ['a number that is too long', { id: 'B'.repeat(500) }],
      ['a NUL in the answer', { reply: '您好，\u0000已办理。' }],
      ['an answer that is too long', { reply: '办'.repeat(20_001) }],
      ['an answer given in the future', { reply_time: '2099-01-01 00:00:00' }],
      ['an answer given before it was asked', { reply_time: '2019-01-01 00:00:00' }],
      ['a time before there were computers', { time: '1900-01-01 00:00:00' }],
      ['a time in the future', { time: '2027-01-01 00:00:00' }],
      ['no number', { id: null }],
    ];
    const path = put('bad.jsonl', ['{"id": broken', '[]', '7', ...bad.map(([, more], n) => line(1000 + n, more)), line(2000)].join('\n'));
    const done = await run(path, shipped('tipdm-replies'));
    expect(done.state, done.error ?? '').toBe('done');
    expect(tally(done)).toEqual({ rows: 13, accepted: 1, known: 0, rejected: 12, blank: 0 });
    const rejects = await at.app.imports.rejects(SYSTEM, done.id);
    for (let row = 1; row <= 12; row++)
      expect(rejects, `row ${row}: ${bad[row - 4]?.[0] ?? 'no object'}`).toMatch(new RegExp(`^${row},`, 'm'));
  });

  test('reaches back years, with an answer years later', async () => {
    const path = put(
      'old.jsonl',
      [
        line(3000, { time: '2003-05-01 08:00:00', reply_time: '2005-11-11 12:00:00' }),
        line(3001, { time: '1998-01-01 00:00:00', reply_time: '1998-01-01 00:00:00' }),
      ].join('\n'),
    );
    expect(tally(await run(path, shipped('tipdm-replies')))).toMatchObject({ accepted: 2, rejected: 0 });
  });

  test('that is no file of the kind it says is told as unreadable', async () => {
    const path = put('empty-head.csv', 'a,b,c\n1,2,3\n');
    const done = await run(path, shipped('appeals-standard'));
    expect(done).toMatchObject({ state: 'failed' });
    expect(done.error).toContain('表头');
    const binary = put('binary.xlsx', Buffer.from('not a spreadsheet at all'));
    expect(await run(binary, shipped('appeals-standard'))).toMatchObject({ state: 'failed' });
  });
});

test('an order of the past is found by its number, and its timeline tells its real dates', async () => {
  const path = put('found.jsonl', line(4000));
  await run(path, shipped('tipdm-replies'));
  const { number, id } = (
    await at.db.owner<{ number: string; id: string }>(`select number, id from appeals.appeal where source_number = 'J-4000'`)
  )[0]!;
  expect(number.slice(0, 14)).toBe('32010020200109');
  const agent = at.person('agent', NANJING);
  const spaced = `${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}`;
  const found = (await at.call(agent, 'GET', `/api/orders?number=${encodeURIComponent(spaced)}`)).body as { items: OrderRow[] };
  expect(found.items).toMatchObject([
    { id, number, state: 'closed', title: '第4000件', filedAt: '2020-01-09T02:15:00.000Z', dueAt: null, light: 'none' },
  ]);
  const timeline = (await at.call(agent, 'GET', `/api/orders/${id}/timeline`)).body as { items: TimelineLine[] };
  expect(timeline.items.map((item) => [item.kind, item.at])).toEqual([
    ['appeals.file', '2020-01-09T02:15:00.000Z'],
    ['orders.reply', '2020-01-20T08:00:00.000Z'],
  ]);
  expect((await at.call(at.person('agent', SUZHOU), 'GET', `/api/orders/${id}`)).status).toBe(404);
});

const REAL = join(import.meta.dirname, '../../../../../../shared/data/tipdm2020/replies.jsonl');

test.skipIf(!existsSync(REAL))(
  `the real answers of 2020 come in whole, once (skipped where ${REAL.split('/').slice(-4).join('/')} is absent)`,
  async () => {
    const said: string[] = [];
    const before = await counts();
    expect(
      await importCommand(at.app.imports, [REAL, '--mapping', 'tipdm-replies', '--rejects', join(folder, 'rejects.csv')], (text) =>
        said.push(text),
      ),
    ).toBe(0);
    const first = said.findLast((text) => /^\d+ rows/.test(text))!;
    console.log(`replies.jsonl: ${first}`);
    const [rows, accepted, known, rejected, blank] = first.match(/\d+/g)!.map(Number) as [number, number, number, number, number];
    expect(rows).toBe(2270);
    expect(accepted + known + rejected + blank).toBe(2270);
    expect(accepted).toBeGreaterThan(2200);
    const after = await counts();
    expect(after.appeals - before.appeals).toBe(accepted);
    expect(after.orders - before.orders).toBe(accepted);
    expect(
      await importCommand(at.app.imports, [REAL, '--mapping', 'tipdm-replies', '--rejects', join(folder, 'rejects.csv')], (text) =>
        said.push(text),
      ),
    ).toBe(0);
    expect(said.findLast((text) => /^\d+ rows/.test(text))).toMatch(
      `2270 rows: 0 accepted, ${accepted + known} known from before, ${rejected} rejected`,
    );
    expect(await counts()).toEqual(after);
    // Nothing of what was brought hangs in the air: each has its order, its answer and both of its events.
    expect(
      await at.db.owner(`select a.source_number from appeals.appeal a where a.source_system = 'tipdm-2020-replies' and (
      not exists (select from orders.work_order w where w.id = a.id and w.state = 'closed' and w.closed_at >= w.filed_at)
      or (select count(*) from platform.event e where e.case_id = a.id) <> 2 or not exists (select from orders.reply r where r.order_id = a.id))`),
    ).toEqual([]);
  },
  180_000,
);
