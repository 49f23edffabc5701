import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProblemCard } from '#contracts/operations/records/problems.api.ts';
import { NANJING, openTestApp, type Person, type TestApp } from '../../../../test/test-app.ts';

const DAY = 86_400_000;

let at: TestApp;
let [agent, operator, manager]: Person[] = [];
beforeAll(async () => {
  at = await openTestApp();
  [agent, operator, manager] = [at.person('agent', NANJING), at.person('operator'), at.person('operations-manager')];
}, 60_000);
afterAll(() => at?.close());

async function open(title: string, more: Readonly<Record<string, unknown>> = {}, person = agent!): Promise<string> {
  const answer = await at.call(person, 'POST', '/api/operations/problems', {
    body: { title, body: '派单台上每天都会遇到', level: 3, source: 'phone', ...more },
  });
  expect(answer.status, answer.text).toBe(201);
  return (answer.body as { id: string }).id;
}
const act = (person: Person, id: string, version: number, action: string, input: object) =>
  at.call(person, 'POST', `/api/operations/problems/${id}/${action}`, { body: { version, input } });
async function board(person: Person, query = ''): Promise<ProblemCard[]> {
  const answer = await at.call(person, 'GET', `/api/operations/problem-board${query}`);
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { items: ProblemCard[] }).items;
}
const ACCEPTED = { outcome: 'accepted', impact: 3, urgency: 4, risk: 1, opinion: '同意列入计划' };
const plan = (plannedOn: string) => ({ owner: operator!.id, plannedOn, hours: 8 });

describe('the board of problems', () => {
  it('offers each person what he may do with a card now, and no more', async () => {
    const id = await open('派单台希望显示在办数');
    const actionsOf = async (person: Person) => (await board(person)).find((card) => card.id === id)!.actions;
    expect(await actionsOf(operator!)).toEqual([]);
    expect(await actionsOf(manager!)).toEqual(['review']);
    const path = [
      [manager!, 'review', ACCEPTED],
      [operator!, 'schedule', plan('2026-06-26')],
      [operator!, 'begin', {}],
      [operator!, 'finish', { cause: 'request', effect: 'dispatch', remedy: '增加了在办数' }],
      [operator!, 'release', { evidence: '测试通过，随下一版上线' }],
    ] as const;
    for (const [i, [person, action, input]] of path.entries()) {
      expect(await actionsOf(person)).toContain(action);
      const answer = await act(person, id, i + 1, action, input);
      expect(answer.status, `${action}: ${answer.text}`).toBe(200);
    }
    // Its reporter confirms, and nobody else.
    expect(await actionsOf(manager!)).toEqual([]);
    const [card] = (await board(operator!)).filter((each) => each.id === id);
    expect(card).toMatchObject({ state: 'released', ownerId: operator!.id, plannedOn: '2026-06-26', hours: 8, score: 13, level: 2 });
  });

  it('keeps what was archived for seven days, and not what was rejected', async () => {
    const [kept, rejected] = [await open('导出时希望保留列宽', {}, operator), await open('希望首页播放音乐')];
    await act(manager!, rejected, 1, 'review', { ...ACCEPTED, outcome: 'rejected' });
    await act(manager!, kept, 1, 'review', ACCEPTED);
    const { id } = { id: kept };
    for (const [i, [action, input]] of (
      [
        ['schedule', plan('2026-06-20')],
        ['begin', {}],
        ['finish', { cause: 'request', effect: 'dispatch', remedy: '保留了列宽' }],
        ['release', { evidence: '测试通过' }],
        ['confirm', { rating: 4 }],
        ['follow-up', { note: '已电话回访' }],
      ] as const
    ).entries()) {
      const answer = await act(operator!, id, i + 2, action, input);
      expect(answer.status, `${action}: ${answer.text}`).toBe(200);
    }
    const ids = async () => (await board(operator!)).map((card) => card.id);
    expect(await ids()).toContain(kept);
    expect(await ids()).not.toContain(rejected);
    at.clock.advance(7 * DAY);
    expect(await ids()).not.toContain(kept);
  });

  it('is narrowed by owner, level, component and source', async () => {
    const id = await open('短信签名缺少城市名', { component: 'peer:sms', source: 'wechat', level: 2 });
    for (const query of ['?component=peer:sms', '?source=wechat&level=2'])
      expect((await board(operator!, query)).map((card) => card.id)).toEqual([id]);
    expect((await board(manager!, '?owner=me')).length).toBe(0);
    expect((await board(operator!, '?owner=me')).every((card) => card.ownerId === operator!.id)).toBe(true);
    const { components } = (await at.call(operator!, 'GET', '/api/operations/problem-board')).body as { components: string[] };
    expect(components).toContain('peer:sms');
  });

  it('takes the first of two who move the same card, and tells the second what stands now', async () => {
    const id = await open('地图定位偏移');
    await act(manager!, id, 1, 'review', ACCEPTED);
    expect((await act(operator!, id, 2, 'schedule', plan('2026-06-29'))).status).toBe(200);
    const second = await act(manager!, id, 2, 'schedule', plan('2026-06-30'));
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: 'base.stale' });
    expect((await board(manager!)).find((card) => card.id === id)?.plannedOn).toBe('2026-06-29');
  });
});

describe('a problem under review', () => {
  it('is shown the like problems that are open, and merges into one of them', async () => {
    const first = await open('工单列表不能按街道筛选');
    const [{ number }] = (await board(operator!)).filter((card) => card.id === first) as [ProblemCard];
    const second = await open('工单列表希望按街道筛选');
    const { alike } = (await at.call(manager!, 'GET', `/api/operations/records/${second}`)).body as { alike: { number: string }[] };
    expect(alike.map((like) => like.number)).toContain(number);
    const merged = await act(manager!, second, 1, 'review', { ...ACCEPTED, outcome: 'merged', into: number });
    expect(merged.status, merged.text).toBe(200);
    expect((await board(operator!)).map((card) => card.id)).not.toContain(second);
  });
});

describe('the analysis of problems', () => {
  interface Analysis {
    from: string;
    to: string;
    dueTo: string;
    total: number;
    matrix: { cause: string; effect: string; count: number }[];
    sources: { source: string; count: number }[];
    components: { component: string; count: number }[];
    levels: { level: number; inTime: number; late: number }[];
    months: { from: string; to: string; opened: number; ended: number }[];
    ratings: { count: number; average: number | null; low: { rating: number }[] };
  }
  const analysis = (query: string) => at.call(operator!, 'GET', `/api/operations/problem-analysis${query}`);
  async function rowsOf(filter: Readonly<Record<string, string>>): Promise<number> {
    const query = new URLSearchParams({ kind: 'problem', limit: '100', ...filter });
    return ((await at.call(operator!, 'GET', `/api/operations/records?${query.toString()}`)).body as { items: [] }).items.length;
  }

  it('has as many rows behind each figure as it says', async () => {
    const opened = await open('列表翻页后筛选丢失', {}, operator);
    for (const [i, [person, action, input]] of (
      [
        [manager!, 'review', ACCEPTED],
        [operator!, 'schedule', plan('2026-06-29')],
        [operator!, 'begin', {}],
        [operator!, 'finish', { cause: 'code', effect: 'query', remedy: '保留了筛选' }],
        [operator!, 'release', { evidence: '测试通过' }],
        [operator!, 'confirm', { rating: 2 }],
      ] as const
    ).entries())
      expect((await act(person, opened, i + 1, action, input)).status, action).toBe(200);
    const answer = await analysis('?from=2026-06-01&to=2026-07-31');
    expect(answer.status, answer.text).toBe(200);
    const { from, to, dueTo, ...told } = answer.body as Analysis;
    expect(told.total).toBeGreaterThan(5);
    expect(await rowsOf({ from, to })).toBe(told.total);
    expect(told.matrix).toContainEqual({ cause: 'code', effect: 'query', count: 1 });
    expect(told.matrix.reduce((sum, { count }) => sum + count, 0)).toBe(told.total);
    for (const { cause, effect, count } of told.matrix) expect(await rowsOf({ from, to, cause, effect })).toBe(count);
    for (const { source, count } of told.sources) expect(await rowsOf({ from, to, source })).toBe(count);
    expect(told.components).toEqual([{ component: 'peer:sms', count: 1 }]);
    for (const { component, count } of told.components) expect(await rowsOf({ from, to, component })).toBe(count);
    expect(told.levels.some(({ inTime }) => inTime > 0)).toBe(true);
    for (const { level, inTime, late } of told.levels) {
      const due = { level: String(level), clock: 'resolve', clockFrom: from, clockTo: dueTo };
      expect([await rowsOf({ ...due, clockResult: 'in-time' }), await rowsOf({ ...due, clockResult: 'late' })]).toEqual([inTime, late]);
    }
    for (const month of told.months) {
      expect(await rowsOf({ from: month.from, to: month.to })).toBe(month.opened);
      expect(await rowsOf({ endedFrom: month.from, endedTo: month.to })).toBe(month.ended);
    }
    expect(told.ratings).toMatchObject({ count: 2, average: 3, low: [{ rating: 2 }] });
    expect(await rowsOf({ from, to, ratingFrom: '1' })).toBe(2);
    expect(await rowsOf({ from, to, ratingTo: '2' })).toBe(1);
  });

  it('spans a year at most, from its first day to its last', async () => {
    for (const query of ['?from=2026-07-01&to=2026-06-30', '?from=2025-01-01&to=2026-06-30']) {
      const answer = await analysis(query);
      expect(answer.text).toContain('operations.analysis-span');
    }
    expect(((await analysis('?from=2020-01-01&to=2020-01-31')).body as Analysis).ratings).toEqual({ count: 0, average: null, low: [] });
  });
});
