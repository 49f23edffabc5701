import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LINES_AT_ONCE, type LogLine, type LogSearch } from '#contracts/operations/logs.api.ts';
import { MONDAY, openTestApp, problemIn, type Answer, type TestApp } from '../../../../test/test-app.ts';

let at: TestApp;
let machine: { key: string; id: string };
beforeAll(async () => {
  at = await openTestApp();
  machine = await at.machine('housing');
});
afterAll(() => at?.close());
beforeEach(async () => {
  at.clock.set(MONDAY);
  await at.db.owner('truncate operations.log_line, operations.log_batch, operations.log_count, operations.log_search');
});

const NDJSON = { 'content-type': 'application/x-ndjson' };
const ship = (lines: readonly object[]): Promise<Answer> =>
  at.call(machine, 'POST', '/api/operations/logs', { raw: lines.map((line) => JSON.stringify(line)).join('\n'), headers: NDJSON });
const operator = () => at.person('operator');
const search = async (q: string) => {
  const answer = await at.call(operator(), 'GET', `/api/operations/logs?q=${encodeURIComponent(q)}&limit=200`);
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { items: LogLine[] }).items;
};

describe('another program', () => {
  test('sends lines under the name of its key, whatever it calls itself', async () => {
    const answer = await ship([
      { level: 'warn', msg: 'pool is full', source: 'node-a', size: 20 },
      { level: 30, msg: '住建接口正常' },
    ]);
    expect(answer.body).toEqual({ accepted: 2, partialSuccess: { rejectedLogRecords: 0 } });
    expect(await search('level>=warn pool')).toMatchObject([
      { source: 'housing', level: 'warn', message: 'pool is full', fields: { size: 20, source: 'node-a' }, at: '2026-06-15T02:00:00.000Z' },
    ]);
    expect(await search('接口正常')).toHaveLength(1);
    expect(await search('source:node-a')).toHaveLength(0);
  });

  test('sends logs of OTLP', async () => {
    const resourceLogs = [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'gateway' } }] },
        scopeLogs: [
          {
            logRecords: [
              {
                timeUnixNano: `${MONDAY - 1000}000000`,
                severityNumber: 17,
                body: { stringValue: 'upstream broke' },
                traceId: 'ab'.repeat(16),
              },
            ],
          },
        ],
      },
    ];
    const answer = await at.call(machine, 'POST', '/api/operations/logs', { body: { resourceLogs } });
    expect(answer.status, answer.text).toBe(200);
    expect(await search(`trace:${'ab'.repeat(16)}`)).toMatchObject([{ level: 'error', module: 'gateway', message: 'upstream broke' }]);
  });

  test('is told what could not be read, and refused where nothing could', async () => {
    const mixed = await at.call(machine, 'POST', '/api/operations/logs', { raw: 'no json\n{"msg":"one"}\n\n[]', headers: NDJSON });
    expect(mixed.body).toEqual({ accepted: 1, partialSuccess: { rejectedLogRecords: 2 } });
    for (const raw of ['', 'no json', '[]']) {
      const answer = await at.call(machine, 'POST', '/api/operations/logs', { raw, headers: NDJSON });
      expect(answer.status, raw).toBe(400);
    }
    expect(problemIn(await at.call(machine, 'POST', '/api/operations/logs', { body: {} })).code).toBe('operations.bad-log-lines');
    expect((await at.call(machine, 'POST', '/api/operations/logs', { body: { lines: '{"msg":"a"}', other: 1 } })).status).toBe(400);
  });

  test('sends no more at once and in a minute than is allowed', async () => {
    const lines = Array.from({ length: LINES_AT_ONCE }, (_, no) => ({ msg: `m${no}` }));
    expect(problemIn(await ship([...lines, { msg: 'one more' }])).code).toBe('operations.too-many-log-lines');
    const big = await at.call(machine, 'POST', '/api/operations/logs', {
      raw: JSON.stringify({ msg: 'x'.repeat(300_000) }),
      headers: NDJSON,
    });
    expect(problemIn(big).code).toBe('base.too-large');
    at.clock.advance(120_000);
    for (let times = 0; times < 60; times++) expect((await ship(lines)).status).toBe(200);
    const full = await ship([{ msg: 'one more' }]);
    expect(problemIn(full).code).toBe('operations.too-many-lines-a-minute');
    at.clock.advance(60_000);
    expect((await ship([{ msg: 'one more' }])).status).toBe(200);
  });
});

describe('an export', () => {
  test('holds what the search finds, in both forms, and is on record before it is sent', async () => {
    await ship([
      { level: 'error', msg: '=cmd "x", 超时', n: 1 },
      { level: 'error', msg: 'two\nrows' },
      { level: 'info', msg: 'else' },
    ]);
    const q = encodeURIComponent('level:error');
    const ndjson = await at.call(operator(), 'GET', `/api/operations/logs/export?q=${q}&format=ndjson`);
    expect(
      ndjson.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as LogLine),
    ).toEqual(await search('level:error'));
    const csv = await at.call(operator(), 'GET', `/api/operations/logs/export?q=${q}&format=csv`);
    expect(csv.headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''logs-20260615T0200\.csv$/);
    expect(csv.text).toContain(`"'=cmd ""x"", 超时"`);
    expect(csv.text).toContain('"two\nrows"');
    expect(csv.text).not.toContain('else');
    const audits = await at.db.owner<{ detail: object }>(
      `select detail from platform.audit_entry where action = 'operations.export-logs' order by xid`,
    );
    expect(audits).toMatchObject([
      { detail: { query: 'level:error', format: 'ndjson' } },
      { detail: { query: 'level:error', format: 'csv' } },
    ]);
  });

  test('walks over more than one piece without losing or repeating a line', async () => {
    for (let times = 0; times < 5; times++)
      await ship(Array.from({ length: 900 }, (_, no) => ({ msg: `line ${times} ${no}`, key: `${times}/${no}` })));
    const { text } = await at.call(operator(), 'GET', '/api/operations/logs/export?format=ndjson');
    const keys = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as LogLine).fields['key']);
    expect(keys).toHaveLength(4500);
    expect(new Set(keys).size).toBe(4500);
  });

  test('of a query that cannot be read is refused with the place', async () => {
    const answer = await at.call(operator(), 'GET', `/api/operations/logs/export?format=csv&q=${encodeURIComponent('ok "timed')}`);
    expect(problemIn(answer)).toMatchObject({ code: 'operations.bad-log-query', status: 400, fields: [{ path: 'q' }] });
    expect(problemIn(answer).title).toContain('4');
  });
});

describe('a saved search', () => {
  const save = (person: ReturnType<typeof operator>, given: object) =>
    at.call(person, 'POST', '/api/operations/log-searches', { body: given });
  const listed = async (person: ReturnType<typeof operator>) =>
    ((await at.call(person, 'GET', '/api/operations/log-searches')).body as { items: LogSearch[] }).items;

  test('is seen by its owner, by others once it is shared, and deleted by its owner alone', async () => {
    const made = (await save(operator(), { name: '超时', query: '"timed out"', shared: false })).body as LogSearch;
    expect(made).toMatchObject({ name: '超时', own: true, watched: false });
    const manager = at.person('operations-manager');
    expect(await listed(manager)).toEqual([]);
    expect((await at.call(manager, 'POST', `/api/operations/log-searches/${made.id}/watch`, { body: { watched: true } })).status).toBe(404);
    await save(operator(), { name: '错误', query: 'level>=error', shared: true });
    expect(await listed(manager)).toMatchObject([{ name: '错误', own: false }]);
    expect((await at.call(manager, 'DELETE', `/api/operations/log-searches/${(await listed(manager))[0]!.id}`)).status).toBe(404);
    expect((await at.call(operator(), 'DELETE', `/api/operations/log-searches/${made.id}`)).status).toBe(204);
    expect(problemIn(await save(operator(), { name: '错误', query: 'x', shared: true })).code).toBe('operations.search-name-taken');
    expect(problemIn(await save(operator(), { name: '坏', query: 'level:x', shared: true })).code).toBe('operations.bad-log-query');
  });

  test('that is watched is shared, and no two of one name are watched', async () => {
    const made = (await save(operator(), { name: '超时', query: '"timed out"', shared: false })).body as LogSearch;
    const watched = await at.call(operator(), 'POST', `/api/operations/log-searches/${made.id}/watch`, { body: { watched: true } });
    expect(watched.body).toMatchObject({ watched: true, shared: true });
    const manager = at.person('operations-manager');
    const other = (await save(manager, { name: '超时', query: 'x', shared: false })).body as LogSearch;
    expect(
      problemIn(await at.call(manager, 'POST', `/api/operations/log-searches/${other.id}/watch`, { body: { watched: true } })).code,
    ).toBe('operations.search-name-taken');
    const [{ actions }] = (await at.db.owner<{ actions: string[] }>(
      `select array_agg(action order by xid) as actions from platform.audit_entry where action like 'operations.%search'`,
    )) as [{ actions: string[] }];
    expect(actions.slice(-3)).toEqual(['operations.save-log-search', 'operations.watch-log-search', 'operations.save-log-search']);
  });

  test('is kept up to a bound', async () => {
    for (let no = 0; no < 50; no++) expect((await save(operator(), { name: `第${no}个`, query: 'x', shared: false })).status).toBe(201);
    expect(problemIn(await save(operator(), { name: '多一个', query: 'x', shared: false })).code).toBe('operations.too-many-searches');
  });
});

test('a cursor of somebody’s own making and a span that ends before it begins are refused', async () => {
  expect(problemIn(await at.call(operator(), 'GET', '/api/operations/logs?cursor=x')).code).toBe('base.bad-cursor');
  const backwards = await at.call(operator(), 'GET', '/api/operations/logs/histogram?from=2026-06-02T00:00:00Z&to=2026-06-01T00:00:00Z');
  expect(problemIn(backwards).code).toBe('base.span-too-long');
});
