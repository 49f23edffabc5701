import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NormContent, NormLimit } from '#contracts/reference/norm.content.ts';
import type { NormRow, NormView, TrialOrder } from '#contracts/reference/norms.api.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import {
  faultsIn,
  MONDAY,
  NANJING,
  openTestApp,
  problemIn,
  REPLY,
  SUZHOU,
  UNITS,
  type Person,
  type TestApp,
} from '../../../../test/test-app.ts';
import { NOTHING } from './norms.testing.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let at: TestApp;
beforeAll(async () => {
  // May's orders are what a trial of June looks at.
  at = await openTestApp({ startMs: Date.parse('2026-05-18T02:00:00Z') });
});
afterAll(() => at?.close());

const admin = (place: string = 'province') => (place === 'province' ? at.person('province-admin') : at.person('city-admin', place));
const leader = (place: string) => at.person('leader', place);
const inProvince = async (): Promise<NormContent> => (await at.app.reference.norms()).findLast((norm) => norm.region === '32')!.content;
const aLine = (more: Partial<NormLimit> = {}): NormLimit => ({
  urgency: 3,
  appealType: '02',
  clock: 'handle',
  category: '',
  mode: 'workday',
  amount: 3,
  source: '测试',
  ...more,
});
const withLine = (content: NormContent, line: NormLimit): NormContent => ({
  ...content,
  limits: [
    ...content.limits.filter(
      (one) => JSON.stringify({ ...line, amount: 0, source: '' }) !== JSON.stringify({ ...without(one), amount: 0, source: '' }),
    ),
    line,
  ],
});
const without = ({ urgency, appealType, clock, category, mode }: NormLimit) => ({ urgency, appealType, clock, category, mode });

async function draft(by: Person, region: string, content: NormContent): Promise<NormRow> {
  const answer = await at.call(by, 'POST', '/api/reference/norms', { body: { region, title: '测试规范', source: '测试文件', content } });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as NormRow;
}
const act = (by: Person, norm: Pick<NormRow, 'id' | 'revision'>, action: string, input: unknown = {}) =>
  at.call(by, 'POST', `/api/reference/norms/${norm.id}/${action}`, { body: { revision: norm.revision, input } });
const view = async (by: Person, id: string) => (await at.call(by, 'GET', `/api/reference/norms/${id}`)).body as NormView;
async function tried(by: Person, norm: NormRow): Promise<NormView> {
  expect((await act(by, norm, 'try')).body).toMatchObject({ state: 'trying' });
  while ((await at.app.norms.takeTrial()) > 0);
  return view(by, norm.id);
}
const later = (ms: number) => new Date(at.clock.nowMs() + ms).toISOString();
const dueOf = async (id: string, clock = 'handle') => {
  const [row] = await at.db.owner<{ due: Date; rule: string }>(
    `select due_at as due, rule_id || '/' || rule_version as rule from casework.clock where case_id = $1 and name = $2`,
    [id, clock],
  );
  return { due: row!.due.toISOString(), rule: row!.rule };
};

describe('a change of the province’s norm', () => {
  it('is drafted, tried on last month’s orders, approved by somebody else, and holds from its instant on; what runs keeps its due date', async () => {
    const may = await at.takeTo('dispatched');
    const answered = await at.takeTo('replied', { region: '320505' }, UNITS[SUZHOU][0]);
    at.clock.set(MONDAY);
    const content = withLine(await inProvince(), aLine());
    const first = await draft(admin(), '32', content);
    expect(first).toMatchObject({ state: 'draft', version: null, draftedBy: admin().name, inForce: false });
    expect(problemIn(await act(leader('province'), first, 'approve', { effectiveFrom: later(DAY), opinion: '同意执行' })).code).toBe(
      'casework.not-allowed-now',
    );

    const trial = await tried(admin(), first);
    expect(trial.state).toBe('tried');
    expect(trial.trial!.totals).toEqual([
      { region: '3201', orders: 1, changed: 1, due: 1, lamp: 0, fields: 0, reply: 0 },
      { region: '3205', orders: 1, changed: 1, due: 1, lamp: 0, fields: 0, reply: 0 },
    ]);
    const page = (await at.call(admin(), 'GET', `/api/reference/norms/${first.id}/trial?limit=1`)).body as {
      items: TrialOrder[];
      nextCursor: string;
    };
    expect(page.items).toEqual([
      {
        orderId: may.id,
        number: may.number,
        region: NANJING,
        // A Monday: five working days end on the next one, three on Thursday.
        changes: [{ what: 'due', of: 'handle', old: '2026-05-25T15:59:59.000Z', new: '2026-05-21T15:59:59.000Z' }],
      },
    ]);
    const rest = (await at.call(admin(), 'GET', `/api/reference/norms/${first.id}/trial?cursor=${page.nextCursor}`)).body as {
      items: TrialOrder[];
    };
    expect(rest.items.map((item) => item.orderId)).toEqual([answered.id]);
    const none = await at.call(admin(), 'GET', `/api/reference/norms/${first.id}/trial?what=reply`);
    expect(none.body).toEqual({ items: [] });

    const asked = { effectiveFrom: later(2 * HOUR), opinion: '同意执行' };
    expect(problemIn(await act(admin(), trial, 'approve', asked))).toMatchObject({ status: 403, code: 'base.forbidden' });
    expect(faultsIn(await act(leader('province'), trial, 'approve', { ...asked, effectiveFrom: later(0) }))).toEqual([
      'input.effectiveFrom: reference.norm-in-past',
    ]);
    // A city's leader does not approve for the province: what he may only read is not there for him to change.
    expect((await act(leader(NANJING), trial, 'approve', asked)).status).toBe(404);
    const approved = await act(leader('province'), trial, 'approve', asked);
    expect(approved.body).toMatchObject({ state: 'approved', version: 2, approvedBy: leader('province').name, inForce: false });

    const before = await at.takeTo('dispatched');
    at.clock.advance(2 * HOUR);
    at.forgetRemembered();
    const after = await at.takeTo('dispatched');
    const old = await dueOf(before.id);
    const fresh = await dueOf(after.id);
    // 19 to 21 June are off: five working days from Monday end on the 23rd, three on the 18th.
    expect(old.due).toBe('2026-06-23T15:59:59.000Z');
    expect(fresh.due).toBe('2026-06-18T15:59:59.000Z');
    expect([old.rule.split('/')[1], fresh.rule.split('/')[1]]).toEqual(['1', '2']);
    expect(fresh.rule.split('/')[0]).toBe(old.rule.split('/')[0]);
    // The rule of a limit that says what it said before is the same one.
    expect((await dueOf(after.id, 'sign')).rule).toBe((await dueOf(before.id, 'sign')).rule);

    // Also when it was sent back and runs again.
    await at.act(at.person('handler', UNITS[NANJING][0]), before.id, 'sign', {});
    await at.act(at.person('handler', UNITS[NANJING][0]), before.id, 'contact', { mode: 'phone', note: '已电话联系诉求人' });
    await at.act(at.person('handler', UNITS[NANJING][0]), before.id, 'reply', REPLY);
    await at.act(at.person('reviewer', NANJING), before.id, 'fail', { fault: 'unclear', opinion: '请补充依据' });
    expect(await dueOf(before.id)).toEqual(old);
    expect(await view(at.person('agent', NANJING), first.id)).toMatchObject({ inForce: true, before: { version: 1 }, actions: [] });
    expect(problemIn(await act(admin(), approved.body as NormRow, 'withdraw', { opinion: '不再需要' })).code).toBe('reference.norm-over');
  });

  it('is approved or sent back by nobody who wrote at it, whatever roles he holds', async () => {
    const both = {
      ...at.actor(admin()),
      permissions: new Set([...at.actor(admin()).permissions, ...at.actor(leader('province')).permissions]),
    };
    const trial = await tried(admin(), await draft(admin(), '32', await inProvince()));
    const input = { effectiveFrom: later(DAY), opinion: '同意执行' };
    await expect(at.app.norms.approve(both, trial.id, trial.revision, input)).rejects.toMatchObject({
      facts: { code: 'reference.own-norm' },
    });
    await expect(at.app.norms.sendBack(both, trial.id, trial.revision, '请再核实')).rejects.toMatchObject({
      facts: { code: 'reference.own-norm' },
    });
    expect((await act(leader('province'), trial, 'send-back', { opinion: '请再核实' })).body).toMatchObject({
      state: 'draft',
      opinion: '请再核实',
    });
  });

  it('is on record: who drafted, tried and approved it', async () => {
    const rows = await at.db.owner<{ action: string; actor: string }>(
      `select action, actor from platform.audit_entry where object_kind = 'norm' order by xid limit 4`,
    );
    const events = await at.db.owner<{ name: string }>(`select name from platform.event where case_kind = 'norm' order by xid limit 4`);
    expect(rows.map((row) => row.action)).toEqual(['norms.draft', 'norms.try', 'norms.end-trial', 'norms.approve']);
    expect(events.map((row) => row.name)).toEqual(rows.map((row) => row.action));
  });

  it('that is withdrawn before its instant never holds, and leaves the rules as they were', async () => {
    const content = withLine(await inProvince(), aLine({ amount: 1 }));
    const first = await draft(admin(), '32', content);
    const trial = await tried(admin(), first);
    const approved = (await act(leader('province'), trial, 'approve', { effectiveFrom: later(HOUR), opinion: '同意执行' })).body as NormRow;
    expect(approved.version).toBe(3);
    const withdrawn = await act(admin(), approved, 'withdraw', { opinion: '依据有误，撤回' });
    expect(withdrawn.body).toMatchObject({ state: 'withdrawn', opinion: '依据有误，撤回' });
    at.clock.advance(2 * HOUR);
    at.forgetRemembered();
    const order = await at.takeTo('dispatched');
    expect((await dueOf(order.id)).rule).toMatch(/\/2$/);
    // The next one takes the next number, and what was never in force is no rule's last word.
    const again = await tried(admin(), await draft(admin(), '32', withLine(await inProvince(), aLine({ amount: 2 }))));
    expect((await act(leader('province'), again, 'approve', { effectiveFrom: later(HOUR), opinion: '同意执行' })).body).toMatchObject({
      version: 4,
    });
  });

  it('that was revised must be tried again; two who revise at once do not overwrite each other', async () => {
    const first = await draft(admin(), '32', await inProvince());
    const trial = await tried(admin(), first);
    const input = { title: '改过的规范', source: '测试文件', content: await inProvince() };
    const revised = await act(admin(), trial, 'revise', input);
    expect(revised.body).toMatchObject({ state: 'draft', title: '改过的规范' });
    expect(problemIn(await act(admin(), trial, 'revise', input)).code).toBe('base.stale');
    expect(
      problemIn(await act(leader('province'), revised.body as NormRow, 'approve', { effectiveFrom: later(DAY), opinion: '同意执行' })).code,
    ).toBe('casework.not-allowed-now');
  });

  it('with a gap, a line twice or a category that does not exist is refused whole', async () => {
    const content = await inProvince();
    const body = (broken: NormContent) => ({ region: '32', title: '测试规范', source: '测试文件', content: broken });
    const refused = async (broken: NormContent) => faultsIn(await at.call(admin(), 'POST', '/api/reference/norms', { body: body(broken) }));
    expect(await refused({ ...content, limits: content.limits.slice(1) })).toEqual(['content.limits: reference.norm-gap']);
    expect(await refused({ ...content, limits: [...content.limits, content.limits[0]!] })).toEqual([
      `content.limits.${content.limits.length}: reference.norm-twice`,
    ]);
    expect(await refused({ ...content, fields: [{ appealType: '*', category: '99', field: 'address', source: '测试' }] })).toEqual([
      'content.fields.0.category: reference.unknown-category',
    ]);
  });
});

describe('a city’s supplement', () => {
  const supplement = (more: Partial<NormContent>): NormContent => ({ ...NOTHING, ...more });

  it('is drafted for one’s own city only, and tightens', async () => {
    const ask = (by: Person, region: string, content: NormContent) =>
      at.call(by, 'POST', '/api/reference/norms', { body: { region, title: '补充规定', source: '测试文件', content } });
    const tight = supplement({ limits: [aLine({ amount: 1 })] });
    expect(faultsIn(await ask(admin(SUZHOU), '3201', tight))).toEqual(['region: reference.norm-region']);
    expect(faultsIn(await ask(admin(SUZHOU), '32', await inProvince()))).toEqual(['region: reference.norm-region']);
    const loose = await ask(
      admin(SUZHOU),
      '3205',
      supplement({ limits: [aLine({ amount: 6 })], replies: [{ appealType: '02', minLength: 5, source: '测试' }] }),
    );
    expect(faultsIn(loose)).toEqual([
      'content.limits.0.amount: reference.norm-loosens',
      'content.replies.0.minLength: reference.norm-loosens',
    ]);
    expect(loose.text).toContain('6 个工作日');
    expect((await ask(admin(SUZHOU), '3205', tight)).status).toBe(201);
  });

  it('holds in its city alone; where the province becomes stricter later, the stricter one wins', async () => {
    const content = supplement({
      limits: [aLine({ amount: 1, appealType: '03' })],
      fields: [{ appealType: '03', category: '', field: 'expectation', source: '苏州规定' }],
      replies: [{ appealType: '03', basis: true, minLength: 40, source: '苏州规定' }],
      categories: [{ category: '0503', inUse: true, urgency: 2, source: '苏州规定' }],
    });
    const trial = await tried(admin(SUZHOU), await draft(admin(SUZHOU), '3205', content));
    expect(trial.trial!.totals.map((city) => city.region)).toEqual(['3205']);
    expect((await act(leader(SUZHOU), trial, 'approve', { effectiveFrom: later(HOUR), opinion: '同意执行' })).body).toMatchObject({
      version: 1,
    });
    at.clock.advance(HOUR);
    at.forgetRemembered();

    const address = '人民路 1 号';
    const complaint = { type: '03' as const, address };
    const nanjing = await at.takeTo('dispatched', complaint);
    const refused = await at.file({ ...complaint, region: '320505' }).catch((error: { facts: { fields: unknown } }) => error.facts.fields);
    expect(refused).toEqual([{ path: 'expectation', code: 'reference.field-by-norm', params: { source: '苏州规定' } }]);
    const suzhou = await at.takeTo('contacted', { ...complaint, region: '320505', expectation: '尽快整改' }, UNITS[SUZHOU][0]);
    const days = async (id: string) =>
      (await at.db.owner<{ amount: number }>(`select amount from casework.clock where case_id = $1 and name = 'handle'`, [id]))[0]!.amount;
    expect([await days(nanjing.id), await days(suzhou.id)]).toEqual([5, 1]);

    const handler = at.person('handler', UNITS[SUZHOU][0]);
    await expect(at.act(handler, suzhou.id, 'reply', REPLY)).rejects.toMatchObject({
      facts: {
        fields: [
          { path: 'input.text', code: 'reference.reply-short' },
          { path: 'input.basis', code: 'reference.field-by-norm' },
        ],
      },
    });
    expect(await at.db.owner(`select * from orders.reply where order_id = $1`, [suzhou.id])).toEqual([]);
    await at.act(handler, suzhou.id, 'reply', {
      ...REPLY,
      text: `${REPLY.text}整改后由社区每周复查一次，如有反复将依法处罚。`,
      basis: '城市管理条例',
    });

    const gas = await at.file({ region: '320505', category: '0503' });
    expect(await at.db.owner(`select urgency from orders.work_order where id = $1`, [gas.id])).toEqual([{ urgency: 2 }]);

    // The province goes to two hours for the same.
    const stricter = await tried(
      admin(),
      await draft(
        admin(),
        '32',
        withLine(
          {
            ...(await inProvince()),
            limits: (await inProvince()).limits.filter(
              (line) => !(line.appealType === '03' && line.urgency === 3 && line.clock === 'handle'),
            ),
          },
          aLine({ appealType: '03', mode: 'hour', amount: 2 }),
        ),
      ),
    );
    expect((await act(leader('province'), stricter, 'approve', { effectiveFrom: later(HOUR + 1000), opinion: '同意执行' })).status).toBe(
      200,
    );
    at.clock.advance(2 * HOUR);
    at.forgetRemembered();
    const again = await at.takeTo('dispatched', { ...complaint, region: '320505', expectation: '尽快整改' }, UNITS[SUZHOU][0]);
    expect(await days(again.id)).toBe(2);
    expect(await days(suzhou.id)).toBe(1);
    // A supplement that was fine would loosen now.
    const content2 = supplement({ limits: [aLine({ amount: 1, appealType: '03' })] });
    const answer = await at.call(admin(SUZHOU), 'POST', '/api/reference/norms', {
      body: { region: '3205', title: '补充规定', source: '测试文件', content: content2 },
    });
    expect(faultsIn(answer)).toEqual(['content.limits.0.amount: reference.norm-loosens']);
  });

  it('imported history is judged by the norm of its own time', async () => {
    const past = {
      type: '03' as const,
      region: '320505',
      content: '2019 年反映的路灯问题，当时没有地址要求。',
      channel: '01',
      anonymous: true,
    };
    const source = { system: 'old', number: '1', filedAt: new Date('2019-05-01T00:00:00Z'), past: null };
    await expect(at.app.appeals.checkImported(at.actor(admin(SUZHOU)), past, source)).resolves.toBeUndefined();
    await expect(
      at.app.appeals.checkImported(at.actor(admin(SUZHOU)), past, { ...source, filedAt: new Date('2026-05-01T00:00:00Z') }),
    ).rejects.toMatchObject({
      facts: { fields: [{ path: 'address' }] },
    });
  });
});

describe('the boards', () => {
  it('count blind spots, tell each city’s supplement and practice, and the time each step takes', async () => {
    await at.file({ category: undefined as never });
    at.clock.advance(1000);
    const boards = (await at.call(leader('province'), 'GET', '/api/norm-boards?days=60')).body as {
      orders: number;
      blind: number;
      coverage: { category: string | null; orders: number }[];
      deviation: { region: string; limits: number; fields: number; clocks: number; supplement: unknown }[];
      efficiency: { region: string; clock: string; clocks: number; median: number; p90: number }[];
    };
    const [{ n }] = (await at.db.owner<{ n: number }>(`select count(*)::integer as n from orders.work_order where category is null`)) as [
      { n: number },
    ];
    expect(boards.blind).toBe(n);
    expect(boards.coverage).toEqual([{ category: null, orders: n, cities: 1 }]);
    const suzhou = boards.deviation.find((city) => city.region === '3205')!;
    expect(suzhou).toMatchObject({ limits: 1, fields: 1, supplement: { version: 1 } });
    const handle = boards.efficiency.filter((row) => row.clock === 'handle');
    const stopped = await at.db.owner<{ n: number }>(
      `select count(*)::integer as n from casework.clock where name = 'handle' and result in ('in-time', 'late')`,
    );
    expect(handle.reduce((sum, row) => sum + row.clocks, 0)).toBe(stopped[0]!.n);
    for (const row of boards.efficiency) expect(row.p90).toBeGreaterThanOrEqual(row.median);
    const own = (await at.call(leader(SUZHOU), 'GET', '/api/norm-boards?days=60')).body as typeof boards;
    expect(own.deviation.map((city) => city.region)).toEqual(['3205']);
    expect(own.efficiency.every((row) => row.region === '3205')).toBe(true);
  });

  it('measure net time in working days as limits count them', async () => {
    // Friday after closing time: the limit counts from Monday on; answered on Wednesday of five: two working days.
    at.clock.set(Date.parse('2026-07-10T10:00:00Z'));
    const order = await at.takeTo('contacted', { region: '320583', type: '01' }, UNITS[SUZHOU][1]);
    at.clock.set(Date.parse('2026-07-15T03:00:00Z'));
    at.forgetRemembered();
    await at.act(at.person('handler', UNITS[SUZHOU][1]), order.id, 'reply', REPLY);
    at.clock.advance(HOUR);
    const boards = (await at.call(leader(SUZHOU), 'GET', '/api/norm-boards?days=1')).body as {
      efficiency: { clock: string; median: number }[];
      deviation: { median: number; beyond: number }[];
    };
    // A question has two working days: all of them were used.
    expect(boards.efficiency).toEqual([{ region: '3205', clock: 'handle', clocks: 1, late: 0, median: 1, p90: 1 }]);
    expect(boards.deviation[0]).toMatchObject({ median: 1, beyond: 0 });
  });

  it('say that more than the limit was used exactly where a clock is late, also on weekends and in the evening', async () => {
    const handler = at.person('handler', UNITS[NANJING][1]);
    // Thursday in the morning, Friday after closing time, a Saturday; answered on each of the days that follow.
    for (const from of ['2026-07-16T02:00:00Z', '2026-07-17T10:00:00Z', '2026-07-18T02:00:00Z'])
      for (let days = 0; days < 6; days++) {
        at.clock.set(Date.parse(from));
        at.forgetRemembered();
        const order = await at.takeTo('contacted', { type: '01' }, UNITS[NANJING][1]);
        at.clock.advance(days * DAY + HOUR);
        await at.act(handler, order.id, 'reply', REPLY);
        at.clock.advance(1000);
        const boards = (await at.call(leader(NANJING), 'GET', '/api/norm-boards?days=1')).body as {
          efficiency: { clock: string; median: number; p90: number; clocks: number; late: number }[];
        };
        const handle = boards.efficiency.find((row) => row.clock === 'handle')!;
        expect({ from, days, clocks: handle.clocks, over: handle.median > 1 }).toEqual({ from, days, clocks: 1, over: handle.late === 1 });
        // Out of the way of the next one.
        await at.db.owner(
          `update casework.clock set stopped_at = stopped_at - interval '40 days' where case_id = $1 and result <> 'void'`,
          [order.id],
        );
      }
  });

  it('measure an extended limit with its extension', async () => {
    at.clock.set(Date.parse('2026-07-27T02:00:00Z'));
    at.forgetRemembered();
    const handler = at.person('handler', UNITS[NANJING][1]);
    const order = await at.takeTo('contacted', { type: '01' }, UNITS[NANJING][1]);
    const { approval } = await at.act(handler, order.id, 'extend', { amount: 1, reason: '需等待检测报告出具', informed: true });
    await at.app.orders.decide(at.actor(at.person('reviewer', NANJING)), approval!, 'approve', null);
    at.clock.advance(3 * DAY);
    await at.act(handler, order.id, 'reply', REPLY);
    at.clock.advance(1000);
    const boards = (await at.call(leader(NANJING), 'GET', '/api/norm-boards?days=1')).body as {
      efficiency: { clock: string; median: number; late: number }[];
      deviation: { median: number; beyond: number; late: number }[];
    };
    // Two working days and one more: all three were used, and none is late.
    expect(boards.efficiency.find((row) => row.clock === 'handle')).toMatchObject({ clocks: 1, median: 1, late: 0 });
    expect(boards.deviation[0]).toMatchObject({ median: 1, beyond: 0, late: 0 });
  });

  it('compare complaints and dissatisfaction before and after a norm took effect', async () => {
    const norms = (await at.call(leader('province'), 'GET', '/api/reference/norms?region=3205&limit=100')).body as { items: NormRow[] };
    const inForce = norms.items.find((norm) => norm.inForce)!;
    const answer = await at.call(leader('province'), 'GET', `/api/norm-boards/${inForce.id}?days=90`);
    expect(answer.body).toMatchObject({
      region: '3205',
      version: 1,
      before: { filed: 1, complaints: 0 },
      after: { filed: 4, complaints: 2 },
    });
    const draftId = norms.items.find((norm) => norm.state === 'draft')!.id;
    expect((await at.call(leader('province'), 'GET', `/api/norm-boards/${draftId}`)).status).toBe(404);
  });
});

it('the database lets a city write neither the province’s norm nor its rules', async () => {
  const scope = at.actor(admin(SUZHOU)).scope;
  const region = (table: string) =>
    at.app.db.transact(scope, (tx) =>
      tx
        .selectFrom(table as 'reference.norm')
        .select('region')
        .distinct()
        .execute(),
    );
  expect((await region('reference.norm')).map((row) => row.region).toSorted()).toEqual(['32', '3205']);
  const outcome = (work: Parameters<typeof at.app.db.transact>[1]) =>
    at.app.db.transact(scope, work).then(
      (value) => value,
      (error: { code?: string }) => error.code,
    );
  const rule = {
    id: 1,
    version: 99,
    region: '32',
    category: '',
    urgency: 3,
    appeal_type: '02',
    clock: 'handle',
    mode: 'workday',
    amount: 90,
    source: 'x',
  };
  expect(await outcome((tx) => tx.insertInto('reference.limit_rule').values(rule).execute())).toBe('42501');
  expect(
    await outcome(async (tx) =>
      Number((await tx.updateTable('reference.norm').set({ title: 'x' }).where('region', '=', '32').executeTakeFirst()).numUpdatedRows),
    ),
  ).toBe(0);
  expect(await at.app.db.transact(SYSTEM, (tx) => tx.selectFrom('reference.norm').select('id').where('title', '=', 'x').execute())).toEqual(
    [],
  );
});
