import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { AdvisoryOutcome, Exposure, InventoryOutcome, SoftwareLine } from '#contracts/operations/software.api.ts';
import type { RecordView } from '#contracts/operations/records/records.api.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { zipOf } from '#server/platform/files/inspect/inspect.testing.ts';
import { fileForm, openTestApp, problemIn, type TestApp } from '../../../../test/test-app.ts';

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
}, 60_000);
afterAll(() => at?.close());

const HOUR = 3_600_000;
const operator = () => at.person('operator');
const actor = () => at.actor(operator());
const records = () => at.app.operations.records;

async function send<T>(path: string, document: unknown, name = 'file.json'): Promise<T> {
  const bytes = Buffer.isBuffer(document) ? document : Buffer.from(JSON.stringify(document));
  const answer = await at.call(operator(), 'POST', `/api/operations/${path}`, fileForm(name, bytes));
  expect(answer.status, answer.text).toBe(200);
  return answer.body as T;
}
async function ask<T>(path: string): Promise<T> {
  const answer = await at.call(operator(), 'GET', `/api/operations/${path}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as T;
}
const bom = (...purls: string[]) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  components: purls.map((purl) => ({
    type: 'library',
    name: purl.split('/').at(-1)!.split('@')[0],
    purl,
    licenses: [{ license: { id: 'MIT' } }],
  })),
});
const inventory = (asset: string, purls: string[], dryRun = false) =>
  send<InventoryOutcome>(`software/inventories?asset=${asset}${dryRun ? '&dryRun=true' : ''}`, bom(...purls));
const advisory = (id: string, name: string, fixed: string, more: object = {}) => ({
  id,
  modified: '2026-06-01T00:00:00Z',
  summary: `${name} reads beyond its input`,
  affected: [{ package: { ecosystem: 'npm', name }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }] }],
  database_specific: { severity: 'HIGH' },
  ...more,
});
const importing = (document: unknown, dryRun = false) => send<AdvisoryOutcome>(`advisories${dryRun ? '?dryRun=true' : ''}`, document);
const open = async (name: string) =>
  (
    await ask<{ items: { id: string; title: string; state: string; level: number; dueAt: string }[] }>(
      `records?kind=vulnerability&q=${name}`,
    )
  ).items;
const view = (id: string) => ask<RecordView>(`records/${id}`);
const codeOf = (done: Promise<unknown>) =>
  done.then(
    () => null,
    (error: unknown) => (error instanceof Refusal ? error.facts.code : Promise.reject(error as Error)),
  );

/** An emergency that is approved and has begun. */
async function begunChange(): Promise<string> {
  const startsAt = new Date(at.clock.nowMs() + 2 * HOUR).toISOString();
  const endsAt = new Date(at.clock.nowMs() + 4 * HOUR).toISOString();
  const opened = await at.app.db.transact(SYSTEM, (tx) =>
    records().open(tx, actor(), {
      kind: 'change',
      level: 3,
      title: '升级有漏洞的组件',
      body: '升级至修复版本',
      component: null,
      source: 'meeting',
      facts: {
        class: 'emergency',
        scope: 'application',
        startsAt,
        endsAt,
        steps: '升级',
        rollback: '换回',
        rollbackMinutes: 10,
        test: '已测',
        author: operator().id,
        approvedBy: [],
      },
    }),
  );
  await records().act(actor(), 'change', opened.id, 'submit', null, {});
  for (const role of ['operations-manager', 'system-admin'] as const) {
    const approver = { ...at.actor(at.person(role)), permissions: at.actor(at.person('operations-manager')).permissions };
    await records().act(approver, 'change', opened.id, 'approve', null, { opinion: '同意实施' });
  }
  at.clock.advance(2 * HOUR);
  await records().act(actor(), 'change', opened.id, 'implement', null, {});
  return opened.number;
}

describe('the inventory', () => {
  it('of a node holds its own build and the packages of its host, with the bill of materials to take away', async () => {
    await at.app.operations.software.loop.turn();
    const { items } = await ask<{ items: { asset: string; origin: string; components: number }[] }>('software/inventories');
    expect(items.find(({ origin }) => origin === 'build')!.components).toBeGreaterThan(300);
    const found = await ask<{ items: SoftwareLine[] }>('software?q=fastify');
    expect(found.items.find(({ name }) => name === 'fastify')).toMatchObject({
      ecosystem: 'npm',
      licences: ['MIT'],
      development: false,
      findings: [],
    });
    const sbom = await at.call(operator(), 'GET', '/api/operations/software/sbom');
    expect(sbom.headers['content-disposition']).toContain('minsheng.cdx.json');
    expect(JSON.parse(sbom.bytes.toString())).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
  });

  it('is walked page by page, each version once', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await ask<{ items: SoftwareLine[]; nextCursor?: string }>(
        `software?limit=100&asset=${encodeURIComponent((await first()).asset)}&cursor=${encodeURIComponent(cursor)}`,
      );
      seen.push(...page.items.map(({ purl }) => purl));
      cursor = page.nextCursor ?? '';
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength((await first()).components);
    async function first() {
      return (await ask<{ items: { asset: string; origin: string; components: number }[] }>('software/inventories')).items.find(
        ({ origin }) => origin === 'build',
      )!;
    }
  });

  it('keeps when a component was first seen, and forgets none that is gone', async () => {
    await inventory('host:kept', ['pkg:npm/stays@1.0.0', 'pkg:npm/goes@1.0.0']);
    const firstSeen = new Date(at.clock.nowMs()).toISOString().slice(0, 19);
    at.clock.advance(24 * HOUR);
    await inventory('host:kept', ['pkg:npm/stays@1.0.0']);
    const { items } = await ask<{ items: SoftwareLine[] }>('software?asset=host:kept');
    expect(items.map((one) => [one.name, one.firstSeenAt.slice(0, 19)])).toEqual([['stays', firstSeen]]);
    const rows = await at.db.owner<{ purl: string }>(
      `select purl from operations.component where asset = 'host:kept' and gone_at is not null`,
    );
    expect(rows).toEqual([{ purl: 'pkg:npm/goes@1.0.0' }]);
  });

  test.each([
    ['software/inventories?asset=host:x', '{"a":', 'CycloneDX'],
    ['software/inventories?asset=host:x', '{"bomFormat":"CycloneDX","specVersion":"1.1","components":[]}', '1.4'],
    ['advisories', 'not json', 'JSON'],
    ['advisories', '{"a":1}', 'OSV'],
    ['advisories', 'PK\u0003\u0004 but no archive', '压缩包'],
  ])('refuses to %s what is no such file, and says why', async (path, text, reason) => {
    const answer = await at.call(operator(), 'POST', `/api/operations/${path}`, fileForm('x.json', text));
    expect(answer.status).toBe(400);
    expect(problemIn(answer).title).toContain(reason);
  });
});

describe('a known vulnerability', () => {
  it('is only told of on trial; imported it opens one record with its limit, and never a second', async () => {
    await inventory('host:app-1', ['pkg:npm/leftish@1.2.0']);
    await inventory('host:app-2', ['pkg:npm/leftish@1.3.0']);
    const file = advisory('GHSA-left-0001', 'leftish', '1.4.0', { aliases: ['CVE-2026-1001'] });
    const tried = await importing(file, true);
    expect(tried).toMatchObject({
      dryRun: true,
      read: 1,
      opened: 1,
      shown: [{ key: 'CVE-2026-1001', fixedIn: '1.4.0', places: ['host:app-1', 'host:app-2'] }],
    });
    expect(await open('leftish')).toEqual([]);
    const foundMs = at.clock.nowMs();
    expect(await importing([file])).toMatchObject({ dryRun: false, opened: 1, updated: 0 });
    expect(await importing([file, file])).toMatchObject({ opened: 0, updated: 0, gone: 0 });
    const [one, ...more] = await open('leftish');
    expect(more).toEqual([]);
    expect([one!.level, Date.parse(one!.dueAt) - foundMs]).toEqual([2, 7 * 24 * HOUR]);
    const { items } = await ask<{ items: SoftwareLine[] }>('software?vulnerable=true&q=leftish');
    expect(items.map(({ version, findings }) => [version, findings.map(({ key }) => key)])).toEqual([
      ['1.2.0', ['CVE-2026-1001']],
      ['1.3.0', ['CVE-2026-1001']],
    ]);
  });

  it('that comes to be exploited is as urgent as a critical one, from when it was found', async () => {
    const [before] = await open('leftish');
    const openedAt = Date.parse((await view(before!.id)).openedAt);
    const nvd = {
      vulnerabilities: [
        {
          cve: {
            id: 'CVE-2026-1001',
            cisaExploitAdd: '2026-06-15',
            descriptions: [],
            metrics: { cvssMetricV31: [{ cvssData: { baseScore: 8.2 } }] },
          },
        },
      ],
    };
    // It speaks of no package of its own.
    expect(await importing(nvd)).toMatchObject({ opened: 0, updated: 1 });
    const [after] = await open('leftish');
    expect([after!.id, after!.level, Date.parse(after!.dueAt) - openedAt]).toEqual([before!.id, 1, 48 * HOUR]);
  });

  it('is patched in a change, in one place for a day, then everywhere; only an inventory that no longer shows it lets it be closed', async () => {
    const [one, two] = ['host:web-1', 'host:web-2'];
    await inventory(one, ['pkg:npm/rightish@2.0.0']);
    await inventory(two, ['pkg:npm/rightish@2.0.0']);
    await importing(zipOf([{ name: 'GHSA-r.json', content: JSON.stringify(advisory('GHSA-rght-0001', 'rightish', '2.0.1')) }]));
    const { id } = (await open('rightish'))[0]!;
    const act = (action: 'plan' | 'trial' | 'patch' | 'verify', input: object, by = actor()) =>
      codeOf(records().act(by, 'vulnerability', id, action, null, input as never));
    const change = await begunChange();
    expect(await act('plan', { change })).toBeNull();
    expect(await act('patch', { evidence: '已全部升级' })).toBe('operations.canary-first');
    expect(await act('trial', { asset: one, evidence: '预发测试通过，先升级一台' })).toBeNull();
    await inventory(one, ['pkg:npm/rightish@2.0.1']);
    expect((await view(id)).facts).toMatchObject({ places: [two], goneAt: null });
    at.clock.advance(23 * HOUR);
    expect(await act('patch', { evidence: '已全部升级' })).toBe('operations.canary-too-short');
    at.clock.advance(HOUR);
    expect(await act('patch', { evidence: '已全部升级' })).toBeNull();
    const other = at.actor(at.person('system-admin'));
    expect(await act('verify', { evidence: '版本已核对' }, other)).toBe('operations.still-vulnerable');
    expect(await inventory(two, ['pkg:npm/rightish@2.0.1'])).toMatchObject({ gone: 1, opened: 0 });
    expect(await act('verify', { evidence: '版本已核对' })).toBe('operations.own-work');
    expect(await act('verify', { evidence: '版本已核对' }, other)).toBeNull();
    expect((await view(id)).state).toBe('closed');
    const { items } = await ask<{ items: Exposure[] }>(`vulnerabilities/${id}/exposures`);
    expect(items.map(({ asset, version, goneAt }) => [asset, version, goneAt !== null])).toEqual([
      [one, '2.0.0', true],
      [two, '2.0.0', true],
    ]);
    // Somebody puts the old version back: that is found anew.
    expect(await inventory(two, ['pkg:npm/rightish@2.0.0'])).toMatchObject({ opened: 1 });
    expect((await open('rightish')).map(({ state }) => state).toSorted()).toEqual(['closed', 'found']);
  });

  it('that was accepted is not opened again; one that its publisher took back is proposed to be closed', async () => {
    await inventory('host:old', ['pkg:npm/oldish@1.0.0', 'pkg:npm/falsish@1.0.0']);
    await importing([advisory('GHSA-oldi-0001', 'oldish', '2.0.0'), advisory('GHSA-fals-0001', 'falsish', '2.0.0')]);
    const manager = at.actor(at.person('operations-manager'));
    await records().act(manager, 'vulnerability', (await open('oldish'))[0]!.id, 'accept', null, { reason: '下季度整体下线' });
    expect(await importing([advisory('GHSA-oldi-0001', 'oldish', '2.1.0')])).toMatchObject({ opened: 0, updated: 0 });
    expect(await importing([advisory('GHSA-fals-0001', 'falsish', '2.0.0', { withdrawn: '2026-06-10T00:00:00Z' })])).toMatchObject({
      withdrawn: 1,
      gone: 1,
    });
    expect((await view((await open('falsish'))[0]!.id)).facts['goneAt']).toBeTruthy();
  });

  it('of a package of Debian is known by its source, for its release alone', async () => {
    await inventory('host:deb', ['pkg:deb/debian/libold6@1.0-1?distro=debian-12&upstream=oldlib']);
    const of = (release: string) => ({
      id: `DEBIAN-CVE-2026-20${release}`,
      affected: [
        {
          package: { ecosystem: `Debian:${release}`, name: 'oldlib' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.0-1+deb12u1' }] }],
        },
      ],
    });
    expect((await importing([of('11'), of('12')])).shown.map(({ key, level }) => [key, level])).toEqual([['CVE-2026-2012', 3]]);
  });
});
