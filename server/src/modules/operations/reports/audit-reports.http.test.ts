import { afterAll, beforeAll, expect, test } from 'vitest';
import { AUDIT_KINDS } from '#contracts/identity/identity.api.ts';
import type { AuditReport } from '#contracts/operations/audit-reports.api.ts';
import { sealToEnd } from '../../../../test/read-to-end.ts';
import { MONDAY, openTestApp, type TestApp } from '../../../../test/test-app.ts';
import { createAuditReports } from './audit-reports.service.ts';
import { lastSpan, spanBefore } from './audit-reports.rules.ts';

const DAY = 86_400_000;
let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
});
afterAll(() => at?.close());

test('weeks run from Monday to Sunday, months by the calendar, both of Beijing', () => {
  const sunday = Date.parse('2026-06-14T15:59:59Z');
  expect(lastSpan('week', sunday)).toEqual({ period: 'week', fromDay: '2026-06-01', toDay: '2026-06-08' });
  expect(lastSpan('week', sunday + 1000)).toEqual({ period: 'week', fromDay: '2026-06-08', toDay: '2026-06-15' });
  expect(lastSpan('month', Date.parse('2026-02-28T15:59:59Z'))).toEqual({ period: 'month', fromDay: '2026-01-01', toDay: '2026-02-01' });
  expect(lastSpan('month', Date.parse('2026-02-28T16:00:00Z'))).toEqual({ period: 'month', fromDay: '2026-02-01', toDay: '2026-03-01' });
  expect(spanBefore(lastSpan('month', MONDAY))).toEqual({ period: 'month', fromDay: '2026-04-01', toDay: '2026-05-01' });
});

test('a report counts what the audit log shows, kind by kind, and stays as it was made', async () => {
  // Acts in the week of the 15th: by day, at night, refused, an export, an administrator.
  await at.login('nobody.here', 'wrong');
  await at.takeTo('dispatched');
  await at.call(at.person('operator'), 'GET', '/api/operations/logs/export?format=csv');
  await at.call(at.person('system-admin'), 'POST', '/api/accounts', {
    body: { login: 'new.security', name: '新安全员', roles: ['security-admin'], scope: 'operations' },
  });
  at.clock.advance(14 * 3_600_000);
  await at.call(at.person('operator'), 'GET', '/api/operations/logs/export?format=csv');
  await sealToEnd(at.app.db);

  at.clock.set(MONDAY + 7 * DAY);
  const reports = createAuditReports({ db: at.app.db, clock: at.clock });
  await Promise.all([reports.makeDue(), reports.makeDue()]);
  const auditor = at.person('audit-admin');
  const list = (await at.call(auditor, 'GET', '/api/operations/audit-reports')).body as {
    items: { id: string; period: string; total: number }[];
  };
  expect(list.items.map(({ period }) => period).toSorted()).toEqual(['month', 'week']);
  const { id } = list.items.find(({ period }) => period === 'week')!;
  const report = (await at.call(auditor, 'GET', `/api/operations/audit-reports/${id}`)).body as AuditReport;
  expect(report).toMatchObject({
    fromDay: '2026-06-15',
    toDay: '2026-06-22',
    facts: { exports: 2, newAdministrators: 1, chain: { ok: true } },
  });
  expect(report.facts.refused).toBeGreaterThan(0);
  expect(report.facts.atNight).toBeGreaterThan(0);

  const counted = async (filter: string) => {
    let [count, cursor] = [0, ''];
    do {
      const page = (
        await at.call(
          auditor,
          'GET',
          `/api/audit?limit=100&from=2026-06-14T16:00:00Z&to=2026-06-21T16:00:00Z${filter}${cursor && `&cursor=${cursor}`}`,
        )
      ).body as {
        items: object[];
        nextCursor?: string;
      };
      count += page.items.length;
      cursor = page.nextCursor ?? '';
    } while (cursor);
    return count;
  };
  expect(await counted('')).toBe(report.facts.total);
  const key = {
    refused: 'refused',
    reveals: 'reveals',
    exports: 'exports',
    'new-administrators': 'newAdministrators',
    'at-night': 'atNight',
  } as const;
  for (const kind of AUDIT_KINDS) expect(await counted(`&kind=${kind}`), kind).toBe(report.facts[key[kind]]);
  for (const row of report.facts.byAction) expect(await counted(`&action=${row.key}`), row.key).toBe(row.done + row.refused);
  for (const row of report.facts.byRole) expect(await counted(`&role=${row.key}`), row.key).toBe(row.done + row.refused);
  for (const row of report.facts.byPerson) expect(await counted(`&accountId=${row.accountId}`), row.name).toBe(row.acts);

  // One that was made stands, and its making is on record once.
  await reports.make('week');
  const again = (await at.call(auditor, 'GET', '/api/operations/audit-reports')).body as typeof list;
  expect(again).toEqual(list);
  const made = await at.db.owner(`select from platform.audit_entry where action = 'operations.make-audit-report'`);
  expect(made).toHaveLength(2);

  const word = await at.call(auditor, 'GET', `/api/operations/audit-reports/${id}/document`);
  expect(word.status).toBe(200);
  expect(word.headers['content-type']).toContain('wordprocessingml');
  expect(word.bytes.subarray(0, 2).toString()).toBe('PK');
  expect((await at.call(auditor, 'GET', '/api/operations/audit-reports/019b0000-0000-7000-8000-000000000000')).status).toBe(404);
});

test('a chain that was broken is told in the next report', async () => {
  await at.db.owner(
    `update platform.audit_entry set actor = 'somebody else' where id = (select entry_id from platform.audit_seal order by seq limit 1 offset 2)`,
  );
  at.clock.set(MONDAY + 14 * DAY);
  const reports = createAuditReports({ db: at.app.db, clock: at.clock });
  await reports.make('week');
  const list = (await at.call(at.person('audit-admin'), 'GET', '/api/operations/audit-reports')).body as {
    items: { fromDay: string; chainOk: boolean }[];
  };
  expect(list.items.find(({ fromDay }) => fromDay === '2026-06-22')).toMatchObject({ chainOk: false });
});
