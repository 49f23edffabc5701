import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertLine } from '#contracts/operations/alerts.api.ts';
import type { Series, SeriesLine } from '#contracts/operations/series.api.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { freePort } from '#server/platform/db/programs.ts';
import { openTestApp, type TestApp } from '../../../../test/test-app.ts';
import { readDatabase } from '../series/database.ts';
import { CENTRE } from '../series/exposition.ts';
import { createSampler } from '../series/series.service.ts';
import { createAlertmanagerFeed } from '../notify/notify.alertmanager.ts';
import { createLog } from '#server/platform/log/log.ts';

const PROMETHEUS = '/usr/bin/prometheus';
const PROMTOOL = '/usr/bin/promtool';
const ALERTMANAGER = '/usr/bin/prometheus-alertmanager';
const isInstalled = [PROMETHEUS, PROMTOOL, ALERTMANAGER].every((path) => existsSync(path));
if (!isInstalled)
  console.log(`There is no ${PROMETHEUS} or ${ALERTMANAGER}: neither is met in this run (on Debian: prometheus prometheus-alertmanager)`);

/** Debian's own Prometheus and Alertmanager, each a process of its own, before and behind a platform that answers on a port. */
describe.skipIf(!isInstalled)('with the real programs', () => {
  let at: TestApp;
  let address: string;
  /** Of the Prometheus. */
  let port: number;
  const folder = mkdtempSync(join(tmpdir(), 'minsheng-prometheus-'));
  const running: ChildProcess[] = [];
  const start = (program: string, ...words: string[]) => void running.push(spawn(program, words, { cwd: folder, stdio: 'ignore' }));
  const answers = async <T>(url: string): Promise<T> => (await fetch(url, { signal: AbortSignal.timeout(5000) })).json() as Promise<T>;
  /** What the platform reads of itself, as its background would. */
  async function sampled(): Promise<void> {
    const probe = { key: 'portal', name: '门户', kind: 'http', target: `${address}/healthz`, everySeconds: 15, timeoutMs: 5000 };
    const added = await at.call(manager(), 'POST', '/api/operations/probes', { body: { ...probe, component: 'portal' } });
    expect(added.status).toBe(201);
    at.clock.set(Date.now());
    await at.app.operations.prober.sample();
    const gather = () => at.app.db.transact(SYSTEM, readDatabase);
    await createSampler({ db: at.app.db, clock: at.clock, name: 'database', source: CENTRE.database, gather }).sample();
  }
  const manager = () => at.person('operations-manager');

  beforeAll(async () => {
    port = await freePort();
    at = await openTestApp({ startMs: Date.now(), settings: { MINSHENG_PROMETHEUS: `http://127.0.0.1:${port}` } });
    address = await at.app.http.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await Promise.all(
      running.map((program) => {
        const gone = new Promise((resolve) => program.once('exit', resolve));
        program.kill('SIGTERM');
        return gone;
      }),
    );
    await at?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('promtool has nothing to say of the metrics and of the rules', async () => {
    // Whatever has labels is told once it was used.
    await at.call(manager(), 'GET', '/api/operations/alerts');
    await at.call(manager(), 'GET', '/api/operations/alerts/none');
    await sampled();
    for (const [path, told] of [
      ['/metrics', 'minsheng_http_request_seconds_bucket'],
      ['/metrics/centre', 'probe_success{component="portal",probe="portal"} 1'],
    ]) {
      const metrics = await (await fetch(`${address}${path}`)).text();
      expect(metrics).toContain(told);
      const checked = spawnSync(PROMTOOL, ['check', 'metrics'], { input: metrics, encoding: 'utf8' });
      expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, '', '']);
    }

    const file = join(folder, 'rules.yml');
    const rules = await at.call(manager(), 'GET', '/api/operations/alert-rules/prometheus');
    writeFileSync(file, rules.bytes);
    const { items } = (await at.call(manager(), 'GET', '/api/operations/alert-rules')).body as { items: { enabled: boolean }[] };
    const told = execFileSync(PROMTOOL, ['check', 'rules', '--lint-fatal', file], { encoding: 'utf8' });
    expect(told).toContain(`${items.filter(({ enabled }) => enabled).length} rules found`);
  });

  it('Prometheus scrapes without an error, and evaluates every rule without one', async () => {
    const { port: own } = new URL(address);
    writeFileSync(
      join(folder, 'prometheus.yml'),
      JSON.stringify({
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        rule_files: [join(folder, 'rules.yml')],
        scrape_configs: [
          { job_name: 'minsheng', static_configs: [{ targets: [`127.0.0.1:${own}`] }] },
          { job_name: 'minsheng-centre', metrics_path: '/metrics/centre', static_configs: [{ targets: [`127.0.0.1:${own}`] }] },
        ],
      }),
    );
    start(PROMETHEUS, `--config.file=prometheus.yml`, `--storage.tsdb.path=tsdb`, `--web.listen-address=127.0.0.1:${port}`);
    const api = `http://127.0.0.1:${port}/api/v1`;
    interface Targets {
      data: { activeTargets: { health: string; lastError: string }[] };
    }
    await expect
      .poll(
        () =>
          answers<Targets>(`${api}/targets`)
            .then((told) => told.data.activeTargets)
            .catch(() => null),
        { timeout: 30_000 },
      )
      .toMatchObject([
        { health: 'up', lastError: '' },
        { health: 'up', lastError: '' },
      ]);
    interface Rules {
      data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
    }
    const judged = async () => (await answers<Rules>(`${api}/rules`)).data.groups.flatMap((group) => group.rules);
    await expect.poll(async () => (await judged()).filter(({ health }) => health === 'unknown'), { timeout: 30_000 }).toEqual([]);
    expect((await judged()).filter(({ health }) => health !== 'ok')).toEqual([]);
    const asked = await answers<{ data: { result: { value: [number, string] }[] } }>(
      `${api}/query?query=${encodeURIComponent('max_over_time(up[1m])')}`,
    );
    expect(asked.data.result.map(({ value }) => value[1])).toEqual(['1', '1']);
    // Every series of the exposition arrived: none was left out as a double or out of order.
    const lost = await answers<{ data: { result: { value: [number, string] }[] } }>(
      `${api}/query?query=${encodeURIComponent('scrape_samples_scraped - scrape_samples_post_metric_relabeling')}`,
    );
    expect(lost.data.result.map(({ value }) => value[1])).toEqual(['0', '0']);
  });

  it('a platform that is set to a Prometheus draws from it what it draws otherwise from its own store', async () => {
    const found = (await at.call(manager(), 'GET', '/api/operations/series?name=probe_success')).body as { items: Series[] };
    expect(found.items).toContainEqual(
      expect.objectContaining({ name: 'probe_success', labels: expect.objectContaining({ job: 'minsheng-centre', probe: 'portal' }) }),
    );
    const { id } = found.items.find(({ labels }) => labels['job'] === 'minsheng-centre')!;
    const read = async (fromMs: number, toMs: number) => {
      const span = `from=${new Date(fromMs).toISOString()}&to=${new Date(toMs).toISOString()}`;
      const answer = await at.call(manager(), 'GET', `/api/operations/series/readings?ids=${id}&${span}`);
      return answer.body as { stepSeconds: number; lines: SeriesLine[] };
    };
    // Each reading of the last minutes; and a week, an hour at a time, of which only the last holds any.
    const near = await read(Date.now() - 300_000, Date.now() + 15_000);
    expect(near.stepSeconds).toBe(15);
    expect(near.lines[0]!.mean.length).toBeGreaterThan(0);
    const far = await read(Date.now() - 40 * 86_400_000, Date.now() + 3_600_000);
    expect(far.stepSeconds).toBe(3600);
    expect(far.lines[0]).toMatchObject({ least: [1], greatest: [1], mean: [1], last: [1] });
    // Rules are judged there, and not here as well.
    const judged = await at.app.operations.judge.turn();
    expect(judged).toBe(0);
    expect(await at.db.owner('select upto from operations.judged')).toEqual([]);
  });

  it('an Alertmanager posts to us and takes from us, opening and end', async () => {
    const theirPort = await freePort();
    const { key } = await at.machine('alertmanager');
    writeFileSync(
      join(folder, 'alertmanager.yml'),
      JSON.stringify({
        route: { receiver: 'minsheng', group_wait: '0s', group_interval: '1s', group_by: ['...'] },
        receivers: [
          {
            name: 'minsheng',
            webhook_configs: [
              {
                url: `${address}/api/operations/alertmanager`,
                http_config: { authorization: { type: 'Bearer', credentials: key } },
              },
            ],
          },
        ],
      }),
    );
    start(
      ALERTMANAGER,
      '--config.file=alertmanager.yml',
      '--storage.path=alertmanager',
      `--web.listen-address=127.0.0.1:${theirPort}`,
      '--cluster.listen-address=',
    );
    const base = `http://127.0.0.1:${theirPort}`;
    await expect
      .poll(
        () =>
          fetch(`${base}/-/ready`).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 30_000 },
      )
      .toBe(200);
    const post = (endsAt?: Date) =>
      fetch(`${base}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([
          {
            labels: { alertname: 'SwitchDown', severity: 'critical', instance: 'nanjing-core-1' },
            annotations: { summary: 'A switch of the machine room does not answer' },
            ...(endsAt ? { endsAt } : {}),
          },
        ]),
      });
    const seen = async () => {
      const { items } = (await at.call(manager(), 'GET', '/api/operations/alerts')).body as { items: AlertLine[] };
      return items.filter(({ rule }) => rule === 'SwitchDown').map(({ level, endedAt, source }) => [level, source, endedAt !== null]);
    };
    expect((await post()).status).toBe(200);
    await expect.poll(seen, { timeout: 30_000 }).toEqual([['P1', 'alertmanager', false]]);
    expect((await post(new Date())).status).toBe(200);
    await expect.poll(seen, { timeout: 30_000 }).toEqual([['P1', 'alertmanager', true]]);

    // The other way: what opens here stands there, by our own names, and ends when it ends here.
    await at.call(manager(), 'POST', '/api/operations/alert-routes', {
      body: { name: '省级告警平台', levels: ['P2'], matchers: [], channel: 'alertmanager', target: base, groupSeconds: 0 },
    });

    const feed = createAlertmanagerFeed({ db: at.app.db, clock: at.clock, log: createLog('silent'), origin: address });
    const fingerprint = 'probe-failed/probe="sms"';
    await at.db.owner(
      `insert into operations.alert (id, fingerprint, source, rule, labels, level, zh, en, opened_at)
       values (gen_random_uuid(), '${fingerprint}', 'minsheng', 'probe-failed', '{"probe": "sms"}', 'P2', '拨测失败', 'A probe fails', now())`,
    );
    await feed.turn();
    interface Theirs {
      labels: Record<string, string>;
      status: { state: string };
    }
    const theirs = async () => (await answers<Theirs[]>(`${base}/api/v2/alerts`)).filter(({ labels }) => labels['source'] === 'minsheng');
    await expect.poll(theirs, { timeout: 30_000 }).toMatchObject([{ labels: { alertname: 'probe-failed', probe: 'sms', level: 'P2' } }]);
    await at.db.owner(`update operations.alert set ended_at = now() where fingerprint = '${fingerprint}'`);
    at.clock.set(Date.now());
    await feed.turn();
    await expect.poll(theirs, { timeout: 30_000 }).toEqual([]);
  });
});
