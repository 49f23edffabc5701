import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { kindFacts, RECORD_KINDS, type RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import { actionsFrom } from '#contracts/base/lifecycle.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { beijing, shippedHolidays } from '#server/kernel/calendar.testing.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { randomFrom } from '../../../../test/random.ts';
import { operationsEndpoints } from '../../../../test/operations-endpoints.ts';
import { NANJING, openTestApp, type Person, type TestApp } from '../../../../test/test-app.ts';
import type { NewRecord } from './records.store.ts';

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
}, 60_000);
afterAll(() => at?.close());

const records = () => at.app.operations.records;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const open = (record: Partial<NewRecord> & { kind: RecordKind; level: number }, person: Person = at.person('operator')) =>
  at.app.db.transact(SYSTEM, (tx) =>
    records().open(tx, at.actor(person), { title: '工单列表打开缓慢', body: '要十秒以上', component: null, source: 'phone', ...record }),
  );

async function view(id: string, person: Person = at.person('operator')) {
  const answer = await at.call(person, 'GET', `/api/operations/records/${id}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as {
    state: string;
    version: number;
    level: number;
    owner: string | null;
    clocks: { name: string; dueAt: string; result: string | null; startedAt: string }[];
    links: { relation: string; number: string; kind: string; title: string }[];
    alike: { number: string }[];
    timeline: { kind: string; zh: string; note: string | null; actor: string }[];
    actions: { action: string; refusal: { code: string } | null }[];
  };
}
const codeOf = (done: Promise<unknown>) =>
  done.then(
    () => null,
    (error: unknown) => (error instanceof Refusal ? error.facts.code : Promise.reject(error as Error)),
  );
const dueOf = (shown: Awaited<ReturnType<typeof view>>, clock: string) =>
  Date.parse(shown.clocks.findLast((one) => one.name === clock)!.dueAt);

describe('a fault', () => {
  it('that nobody acknowledges is escalated by the clock, fixed by one, verified by another, and closed with its post-mortem', async () => {
    const [operator, manager, other] = [at.person('operator'), at.person('operations-manager'), at.person('system-admin')];
    const t0 = at.clock.nowMs();
    const { id, number } = await open({ kind: 'fault', level: 1, component: 'api' });
    expect(number).toMatch(/^GZ\d{12}$/);
    at.clock.advance(6 * MINUTE);
    await records().takeSteps();
    at.clock.advance(5 * MINUTE);
    await records().takeSteps();
    let shown = await view(id);
    expect(shown.state).toBe('reported');
    expect(shown.timeline.map((line) => line.kind)).toEqual([
      'faults.open',
      'clocks.respond-overdue',
      'faults.escalate',
      'clocks.manager-overdue',
      'faults.escalate',
    ]);
    const notices = await at.call(manager, 'GET', '/api/notices');
    expect(notices.text).toContain(`/records/${id}`);

    await records().act(at.actor(operator), 'fault', id, 'respond', null, { note: '正在查看数据库' });
    await records().act(at.actor(operator), 'fault', id, 'work-around', null, { note: '已重启连接池' });
    await records().act(at.actor(operator), 'fault', id, 'fix', null, { cause: '连接池过小', remedy: '调大连接池' });
    expect(await codeOf(records().act(at.actor(operator), 'fault', id, 'verify', null, { evidence: '列表打开正常' }))).toBe(
      'operations.own-work',
    );
    shown = await view(id);
    expect(shown.actions.find((one) => one.action === 'verify')?.refusal?.code).toBe('operations.own-work');
    expect(dueOf(shown, 'fix')).toBe(t0 + 2 * HOUR);
    await records().act(at.actor(other), 'fault', id, 'verify', null, { evidence: '列表打开正常' });
    await records().act(at.actor(operator), 'fault', id, 'review', null, {
      summary: '上午列表打开缓慢，十一分钟后升级，随后恢复',
      impact: '全省派单员',
      rootCause: '连接池的上限没有随节点增加',
      measures: [{ title: '监控连接池的占用率', owner: operator.id, due: '2026-06-30' }, { title: '扩容手册补充连接池' }],
    });
    shown = await view(id);
    expect(shown.state).toBe('closed');
    expect(shown.clocks.every((clock) => clock.result !== null)).toBe(true);
    expect(shown.links.map((link) => [link.relation, link.kind, link.title])).toEqual([
      ['action-of', 'problem', '监控连接池的占用率'],
      ['action-of', 'problem', '扩容手册补充连接池'],
    ]);
    const again = await open({ kind: 'fault', level: 3, component: 'api', title: '工单列表打开很慢' });
    expect((await view(again.id)).alike.map((one) => one.number)).toContain(number);
  });

  it('keeps its first instant when it is regraded, and the time it stood', async () => {
    const operator = at.actor(at.person('operator'));
    const t0 = at.clock.nowMs();
    const { id } = await open({ kind: 'fault', level: 3 });
    await records().act(operator, 'fault', id, 'respond', null, {});
    at.clock.advance(HOUR);
    await records().act(operator, 'fault', id, 'suspend', null, { cause: 'third-party', note: '等待运营商排查线路' });
    at.clock.advance(HOUR);
    expect(await codeOf(records().act(operator, 'fault', id, 'regrade', null, { level: 2, reason: '影响扩大到全省' }))).toBe(
      'operations.paused',
    );
    await records().act(operator, 'fault', id, 'resume', null, {});
    await records().act(operator, 'fault', id, 'regrade', null, { level: 2, reason: '影响扩大到全省' });
    const shown = await view(id);
    expect(dueOf(shown, 'fix')).toBe(t0 + 4 * HOUR + HOUR);
    // The escalation of its new level is past: it is taken at once, and only once.
    await records().takeSteps();
    await records().takeSteps();
    const after = await view(id);
    expect(after.timeline.filter((line) => line.kind === 'clocks.manager-overdue')).toHaveLength(1);
    expect(after.clocks.filter((clock) => clock.name === 'fix' && clock.result === null)).toHaveLength(1);
  });

  it('goes on with its old clock when the verification fails', async () => {
    const [operator, other] = [at.actor(at.person('operator')), at.actor(at.person('system-admin'))];
    const { id } = await open({ kind: 'fault', level: 3 });
    await records().act(operator, 'fault', id, 'respond', null, {});
    await records().act(operator, 'fault', id, 'fix', null, { cause: '缓存失效', remedy: '清空缓存' });
    at.clock.advance(HOUR);
    await records().act(other, 'fault', id, 'fail-verify', null, { reason: '仍然缓慢' });
    const shown = await view(id);
    expect(shown.state).toBe('responding');
    expect(shown.clocks.filter((clock) => clock.name === 'fix').map((clock) => clock.result)).toEqual([null]);
  });

  it('of the same matter is open once', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => open({ kind: 'fault', level: 2, onceKey: 'alert/api-down' })));
    expect([first!.id, first!.fresh]).toEqual([second!.id, !second!.fresh]);
  });
});

describe('a problem', () => {
  it('goes from its registration to its archive, confirmed by who reported it', async () => {
    const [agent, manager, operator] = [at.person('agent', NANJING), at.person('operations-manager'), at.person('operator')];
    const opened = await at.call(agent, 'POST', '/api/operations/problems', {
      body: { title: '希望列表能按街道筛选', body: '现在只能按区县筛选', level: 3, source: 'phone' },
    });
    expect(opened.status, opened.text).toBe(201);
    const { id } = opened.body as { id: string };
    const act = (person: Person, action: string, input: object) =>
      at.call(person, 'POST', `/api/operations/problems/${id}/${action}`, { body: { version: versions++, input } });
    let versions = 1;
    const plan = { owner: operator.id, plannedOn: '2026-06-26', hours: 8 };
    for (const [person, action, input] of [
      [manager, 'review', { outcome: 'returned', impact: 2, urgency: 3, risk: 0, opinion: '请说明是哪个列表' }],
      [agent, 'supplement', { note: '工单列表，派单台也需要' }],
      [manager, 'review', { outcome: 'accepted', impact: 4, urgency: 3, risk: 1, opinion: '同意列入计划' }],
      [operator, 'schedule', plan],
      [operator, 'begin', {}],
      [operator, 'finish', { cause: 'request', effect: 'dispatch', remedy: '增加了街道筛选' }],
      [operator, 'release', { evidence: '测试通过，随下一版上线' }],
      [agent, 'refute', { reason: '派单台上还没有' }],
      [operator, 'finish', { cause: 'request', effect: 'dispatch', remedy: '派单台也增加了' }],
      [operator, 'release', { evidence: '测试通过' }],
      [agent, 'confirm', { rating: 5 }],
      [operator, 'follow-up', { note: '已电话回访，满意' }],
    ] as const) {
      const answer = await act(person, action, input);
      expect(answer.status, `${action}: ${answer.text}`).toBe(200);
    }
    expect(await view(id)).toMatchObject({ state: 'archived', level: 2, owner: operator.name });
    // Who reported it sees it without seeing the centre; nobody else of a city does.
    expect((await view(id, agent)).state).toBe('archived');
    expect((await at.call(at.person('dispatcher', NANJING), 'GET', `/api/operations/records/${id}`)).status).toBe(404);
    const mine = await at.call(agent, 'GET', '/api/operations/my-records');
    expect((mine.body as { items: { id: string }[] }).items.map((item) => item.id)).toEqual([id]);
  });

  it('is escalated at half, four fifths and the whole of its limit', async () => {
    const { id } = await open({ kind: 'problem', level: 1 });
    await records().act(at.actor(at.person('operations-manager')), 'problem', id, 'review', null, {
      outcome: 'accepted',
      impact: 5,
      urgency: 5,
      risk: 0,
      opinion: '立即处理',
    });
    for (const hours of [12, 8, 5]) {
      at.clock.advance(hours * HOUR);
      await records().takeSteps();
    }
    const told = await at.db.owner<{ to: string }>(
      `select data ->> 'to' as to from platform.event where case_id = $1 and name = 'problems.escalate' order by id`,
      [id],
    );
    expect(told.map((row) => row.to)).toEqual(['specialist', 'manager', 'owner']);
  });
});

describe('a change', () => {
  it('is submitted inside a window, approved by another, done in its time and verified by another', async () => {
    at.clock.set(beijing('2026-07-01 10:00'));
    const [operator, manager, admin] = [at.person('operator'), at.person('operations-manager'), at.person('system-admin')];
    const plan = {
      class: 'normal',
      scope: 'application',
      startsAt: new Date(beijing('2026-07-07 22:30')).toISOString(),
      endsAt: new Date(beijing('2026-07-08 00:30')).toISOString(),
      steps: '停服务，换版本，启动',
      rollback: '换回旧版本',
      rollbackMinutes: 10,
      test: '预发环境已测试',
    } as const;
    const opened = await at.call(operator, 'POST', '/api/operations/changes', {
      body: { title: '升级应用版本', body: '升级到 1.2', level: 3, ...plan },
    });
    expect(opened.status, opened.text).toBe(201);
    const { id } = opened.body as { id: string };
    await records().act(at.actor(operator), 'change', id, 'submit', null, {});
    await records().act(at.actor(manager), 'change', id, 'approve', null, { opinion: '同意实施' });
    expect(await codeOf(records().act(at.actor(operator), 'change', id, 'implement', null, {}))).toBe('operations.outside-planned-time');
    at.clock.set(beijing('2026-07-07 22:40'));
    await records().act(at.actor(operator), 'change', id, 'implement', null, {});
    await records().act(at.actor(operator), 'change', id, 'finish', null, { note: '已完成，业务正常' });
    expect(await codeOf(records().act(at.actor(operator), 'change', id, 'verify', null, { evidence: '业务正常' }))).toBe(
      'operations.own-work',
    );
    await records().act(at.actor(admin), 'change', id, 'verify', null, { evidence: '业务正常' });
    expect((await view(id)).state).toBe('closed');
  });

  it('of an emergency takes two who approve, neither of them its author', async () => {
    const [operator, manager] = [at.person('operator'), at.person('operations-manager')];
    const second = { ...at.actor(manager), accountId: at.person('leader').id, name: '值班领导' };
    const startsAt = new Date(at.clock.nowMs() + 3 * HOUR).toISOString();
    const endsAt = new Date(at.clock.nowMs() + 4 * HOUR).toISOString();
    const { id } = await open({
      kind: 'change',
      level: 1,
      facts: { class: 'emergency', scope: 'application', startsAt, endsAt, author: manager.id },
    });
    await records().act(at.actor(operator), 'change', id, 'submit', null, {});
    expect(await codeOf(records().act(at.actor(manager), 'change', id, 'approve', null, { opinion: '同意' }))).toBe('operations.own-work');
    await records().act(second, 'change', id, 'approve', null, { opinion: '同意实施' });
    expect((await view(id)).state).toBe('submitted');
    expect(await codeOf(records().act(second, 'change', id, 'approve', null, { opinion: '同意实施' }))).toBe('operations.approved-already');
  });
});

/** When a limit ends, counted minute by minute and day by day, knowing nothing of how the platform counts. */
function slowDue(fromMs: number, mode: string, amount: number): number {
  const days = shippedHolidays();
  if (mode !== 'workday') {
    let ms = fromMs;
    for (let minute = 0; minute < amount * (mode === 'hour' ? 60 : 1); minute++) ms += MINUTE;
    return ms;
  }
  const dayOf = (ms: number) => new Date(ms + 8 * HOUR).toISOString().slice(0, 10);
  const works = (day: string) => {
    if (days.work.has(day)) return true;
    return !days.off.has(day) && ![0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay());
  };
  let ms = fromMs;
  const minuteOfDay = (one: number) => Math.floor(((one + 8 * HOUR) % (24 * HOUR)) / MINUTE);
  // What comes after closing, or on a day off, counts as of the next working day.
  if (!works(dayOf(ms)) || minuteOfDay(ms) >= 17 * 60 + 30)
    do ms += 24 * HOUR;
    while (!works(dayOf(ms)));
  for (let left = amount; left > 0;) {
    ms += 24 * HOUR;
    if (works(dayOf(ms))) left--;
  }
  return Date.parse(`${dayOf(ms)}T15:59:59Z`);
}

/** A review that leaves a problem at its level. */
const reviewed = (impact: number, urgency: number) => ({ outcome: 'accepted', impact, urgency, risk: 0, opinion: '同意列入计划' }) as const;
const REVIEWED: Readonly<Record<number, ReturnType<typeof reviewed>>> = {
  1: reviewed(5, 5),
  2: reviewed(4, 3),
  3: reviewed(3, 2),
  4: reviewed(1, 1),
};

/** Takes an emergency change to its verification, two hours on: so long before it must be told. */
async function carryOut(id: string): Promise<void> {
  const [operator, manager, admin] = (['operator', 'operations-manager', 'system-admin'] as const).map((role) => at.actor(at.person(role)));
  const beginMs = at.clock.nowMs() + 2 * HOUR;
  const plan = {
    class: 'emergency',
    scope: 'application',
    startsAt: new Date(beginMs).toISOString(),
    endsAt: new Date(beginMs + HOUR).toISOString(),
    steps: '停服务，换版本，启动',
    rollback: '换回旧版本',
    rollbackMinutes: 10,
    test: '预发环境已测试',
  } as const;
  await records().act(operator!, 'change', id, 'revise', null, plan);
  await records().act(operator!, 'change', id, 'submit', null, {});
  await records().act(manager!, 'change', id, 'approve', null, { opinion: '同意实施' });
  const second = { ...manager!, accountId: admin!.accountId, name: admin!.name };
  await records().act(second, 'change', id, 'approve', null, { opinion: '同意实施' });
  at.clock.set(beginMs);
  await records().act(operator!, 'change', id, 'implement', null, {});
  await records().act(operator!, 'change', id, 'finish', null, { note: '已完成，业务正常' });
}

test('due dates that reach into a year without a calendar are computed anew when it comes, in every kind that has such', async () => {
  at.clock.set(beijing('2026-12-31 10:00'));
  const ids = await Promise.all([
    open({ kind: 'fault', level: 4 }),
    open({ kind: 'problem', level: 3 }),
    open({ kind: 'fault', level: 1 }),
  ]);
  const due = async () =>
    (await Promise.all(ids.map(({ id }) => view(id)))).map((shown) => shown.clocks.map(({ name, dueAt }) => `${name} ${dueAt}`));
  const before = await due();
  expect(before[0]).toContain('fix 2027-01-05T15:59:59.000Z');
  expect(await records().recomputeProvisional()).toBe(0);
  const days = [1, 2, 3].map((day) => `2027-01-0${day},元旦,off`).join('\n');
  const imported = await at.call(at.person('province-admin'), 'POST', '/api/reference/calendar', {
    body: { year: 2027, source: '国务院办公厅通知', csv: `date,name,type\n${days}\n2027-01-09,元旦,work\n` },
  });
  expect(imported.status, imported.text).toBe(201);
  const after = await due();
  expect(after[0]).toContain('fix 2027-01-06T15:59:59.000Z');
  expect(after[1]).toContain('review 2027-01-08T15:59:59.000Z');
  expect(after[2]).toEqual(before[2]);
  // The row that lists are read from says the same, and what does not wait any more is not touched again.
  const listed = await at.call(at.person('operator'), 'GET', '/api/operations/records?kind=problem&sort=due&limit=100');
  expect((listed.body as { items: { id: string; dueAt: string }[] }).items.find(({ id }) => id === ids[1]!.id)!.dueAt).toBe(
    '2027-01-08T15:59:59.000Z',
  );
  expect(await records().recomputeProvisional()).toBe(0);
});

test.each([
  ['a Friday evening before a weekend', '2026-07-03 18:10'],
  ['a Saturday', '2026-07-04 09:00'],
  ['the last working day before Spring Festival', '2026-02-13 16:50'],
  ['within National Day', '2026-10-03 11:00'],
  ['a make-up Saturday', '2026-02-14 10:00'],
  ['the evening of a make-up Saturday', '2026-02-28 17:31'],
])('the clocks of every kind and level that begin on %s end as an independent calculation says', async (_, text) => {
  at.clock.set(beijing(text));
  const limits = await at.db.owner<{ kind: string; clock: string; level: number; mode: string; amount: number }>(
    `select kind, clock, level, mode, amount from operations.limit_rule`,
  );
  let compared = 0;
  for (const kind of RECORD_KINDS) {
    for (const level of [1, 2, 3, 4]) {
      at.clock.set(beijing(text));
      const { id } = await open({ kind, level });
      const begun = new Set<string>();
      // Those that begin later are begun by their action, at the same instant.
      const operator = at.actor(at.person('operator'));
      if (kind === 'fault') {
        await records().act(operator, 'fault', id, 'respond', null, {});
        await records().act(operator, 'fault', id, 'fix', null, { cause: '测试用例', remedy: '测试用例' });
        await records().act(at.actor(at.person('system-admin')), 'fault', id, 'verify', null, { evidence: '测试用例' });
      }
      if (kind === 'problem') await records().act(at.actor(at.person('operations-manager')), kind, id, 'review', null, REVIEWED[level]!);
      if (kind === 'change') await carryOut(id);
      for (const clock of (await view(id)).clocks) {
        const limit = limits.find((one) => one.kind === kind && one.clock === clock.name && one.level === level);
        expect([kind, level, clock.name, limit !== undefined]).toEqual([kind, level, clock.name, true]);
        expect([kind, level, clock.name, clock.dueAt]).toEqual([
          kind,
          level,
          clock.name,
          new Date(slowDue(Date.parse(clock.startedAt), limit!.mode, limit!.amount)).toISOString(),
        ]);
        begun.add(clock.name);
        compared++;
      }
      // A level without a line has no such clock.
      if (begun.size > 0)
        expect([...begun].toSorted()).toEqual(
          limits
            .filter((one) => one.kind === kind && one.level === level)
            .map((one) => one.clock)
            .toSorted(),
        );
    }
  }
  // Every line of the table was met: of a problem the review once more, by the level it was opened at.
  expect(compared).toBe(limits.length);
});

test('random actions never lead a record where its lifecycle does not, and leave no clock behind', async () => {
  const { below, chance, pick } = randomFrom(20260615);
  const people = ['operator', 'operations-manager', 'system-admin', 'security-admin'].map((role) => at.person(role as 'operator'));
  const ids: { id: string; kind: RecordKind }[] = [];
  const done = { taken: 0, refused: 0, steps: 0 };
  for (let step = 0; step < 1200; step++) {
    at.clock.advance(below(6 * HOUR));
    if (ids.length < 12 || chance(0.05)) {
      const kind = pick(RECORD_KINDS);
      ids.push({ id: (await open({ kind, level: 1 + below(4) })).id, kind });
    }
    const { id, kind } = pick(ids);
    const { lifecycle, plural } = kindFacts(kind);
    const action = pick(Object.keys(lifecycle.actions).filter((name) => !lifecycle.actions[name]!.system));
    const endpoint = operationsEndpoints[`POST /api/operations/${plural}/{id}/${action}`]!;
    const { input } = endpoint.body as { input: Record<string, unknown> };
    const given =
      'account' in input ? { ...input, account: pick(people).id } : 'owner' in input ? { ...input, owner: pick(people).id } : input;
    const before = await at.db.owner<{ state: string }>(`select state from operations.record where id = $1`, [id]);
    const code = await codeOf(records().act(at.actor(pick(people)), kind, id, action as never, null, given as never));
    const after = await at.db.owner<{ state: string }>(`select state from operations.record where id = $1`, [id]);
    if (code === null) {
      done.taken++;
      expect(actionsFrom(lifecycle, before[0]!.state)).toContain(action);
    } else {
      done.refused++;
    }
    expect(Object.keys(lifecycle.states)).toContain(after[0]!.state);
    if (step % 20 === 0) done.steps += await records().takeSteps();
  }
  done.steps += await records().takeSteps();
  expect(done.taken).toBeGreaterThan(100);
  expect(done.refused).toBeGreaterThan(150);
  expect(done.steps).toBeGreaterThan(50);
  const wrong = await at.db.owner(
    `select r.number, c.name from operations.record r join casework.clock c on c.case_id = r.id
     where c.result is null and r.ended_at is not null`,
  );
  expect(wrong).toEqual([]);
  const twice = await at.db.owner(
    `select c.case_id, c.name from casework.clock c join operations.record r on r.id = c.case_id where c.result is null group by 1, 2 having count(*) > 1`,
  );
  expect(twice).toEqual([]);
  const numbers = await at.db.owner<{ n: number; d: number }>(
    `select count(*)::int as n, count(distinct number)::int as d from operations.record`,
  );
  expect(numbers[0]!.n).toBe(numbers[0]!.d);
}, 60_000);
