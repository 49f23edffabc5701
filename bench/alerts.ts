/**
 * A day replayed to the alert engine: 10,000 series at 15 s, 1,000 rules, 50 planted incidents.
 *
 * Every reading goes the product's way: stored by source, packed and condensed, judged by the judge, told on a route to a
 * receiver that is a process of its own. When each incident should be found is said by the day itself. Beside it, what
 * sampling and storing cost: of the replayed series, and of what a real node and its database tell.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import pg from 'pg';
import { createJudge } from '#server/modules/operations/alerts/alerts.judge.ts';
import { putRule } from '#server/modules/operations/alerts/alerts.store.ts';
import { seedOperations } from '#server/modules/operations/index.ts';
import { createSender } from '#server/modules/operations/notify/notify.sender.ts';
import { createNotifier } from '#server/modules/operations/notify/notify.service.ts';
import { personName } from '#server/modules/identity/index.ts';
import { createReferenceService } from '#server/modules/reference/index.ts';
import { createRecords } from '#server/modules/operations/records/records.service.ts';
import { readDatabase } from '#server/modules/operations/series/database.ts';
import { readRegistry } from '#server/modules/operations/series/registry.ts';
import { DAY_MS, HOUR_MS, gridAt, SPAN_MS, STEP_MS, condense, labelText } from '#server/modules/operations/series/series.rules.ts';
import { createPacker, createSampler } from '#server/modules/operations/series/series.service.ts';
import { putCondensed, putReading, registerSeries } from '#server/modules/operations/series/series.store.ts';
import { settableClock } from '#server/kernel/clock.ts';
import { newId } from '#server/kernel/ids.ts';
import { openDb, SYSTEM } from '#server/platform/db/db.ts';
import { ROOT } from '#server/platform/maintenance.ts';
import { createMetrics } from '#server/platform/metrics/metrics.ts';
import { figuresOf, report, round } from './support/figures.ts';
import { openLab } from './support/lab.ts';
import { makeDay, type Made } from './support/replay.ts';

const { values: given } = parseArgs({
  options: {
    series: { type: 'string', default: '10000' },
    incidents: { type: 'string', default: '50' },
    hours: { type: 'string', default: '24' },
  },
});
const LIMITS = { lateSeconds: STEP_MS / 1000, missed: 0, doubled: 0, evaluationMs: 2000, storingShare: 0.03, samplingShare: 0.03 };
const WEEK_MS = 7 * DAY_MS;

const places = (Number(given.hours) * HOUR_MS) / STEP_MS;
const day = makeDay({ series: Number(given.series), incidents: Number(given.incidents), places });
/** Midnight of yesterday, Beijing. */
const startMs = gridAt(Date.now() + 8 * HOUR_MS, DAY_MS) - DAY_MS - 8 * HOUR_MS;
const clock = settableClock(startMs);

const lab = await openLab('alerts');
const owner = new pg.Client({ connectionString: lab.database.ownerUrl });
await owner.connect();
// One connection stores and one judges, so that the database's work for each can be told apart.
const storing = openDb({ url: lab.database.appUrl, poolSize: 1, asApp: true });
const judging = openDb({ url: lab.database.appUrl, poolSize: 1, asApp: true });
const receiver = spawn(process.execPath, [join(ROOT, 'server/test/receivers.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
try {
  const posts: string[] = [];
  const port = await new Promise<number>((resolve) => {
    createInterface({ input: receiver.stdout }).on('line', (line) => {
      const told = JSON.parse(line) as { ready?: { web: number }; body?: string };
      if (told.ready) resolve(told.ready.web);
      else posts.push(told.body!);
    });
  });
  await prepare(port);

  const judge = createJudge({
    db: judging,
    clock,
    records: createRecords({ db: judging, clock, reference: await createReferenceService({ db: judging, clock }), nameOf: personName }),
  });
  const notifier = createNotifier({ db: judging, clock, origin: 'http://console.test' });
  const sender = createSender({ db: judging, clock, gateways: { smsGateway: '', smtpUrl: '', mailFrom: '' } });
  const packer = createPacker({ db: storing, clock });
  const sources = [...Map.groupBy(day.series, ({ source }) => source)];
  const ids = await storing.transact(SYSTEM, (tx) => registerSeries(tx, day.series.map(registered), new Date(startMs)));

  const judgeBackend = await backendOf(judging);
  const evaluations: number[] = [];
  let nodeCpu = 0;
  const before = databaseCpu(judgeBackend);
  const begunMs = performance.now();
  for (let place = 0; place < places; place++) {
    const atMs = startMs + place * STEP_MS;
    const rows = sources.map(([source, all]) => {
      const told = all.map((one) => ({ id: ids[one.no]!, value: day.valueAt(one, place) })).filter(({ value }) => !Number.isNaN(value));
      return { source, ids: told.map(({ id }) => id), values: told.map(({ value }) => value) };
    });
    const used = process.cpuUsage();
    for (const row of rows) await storing.transact(SYSTEM, (tx) => putReading(tx, new Date(atMs), row.source, row.ids, row.values));
    clock.set(atMs + 4000);
    await packer.turn();
    nodeCpu += secondsOf(process.cpuUsage(used));
    const from = performance.now();
    await judge.turn();
    evaluations.push(performance.now() - from);
    await notifier.turn();
    while ((await sender.turn()) > 0);
    if ((place + 1) % (HOUR_MS / STEP_MS) === 0)
      console.log(`hour ${(place + 1) / (HOUR_MS / STEP_MS)} of ${given.hours}, ${round((performance.now() - begunMs) / 1000, 0)} s`);
  }
  const after = databaseCpu(judgeBackend);
  const simulated = (places * STEP_MS) / 1000;

  const { rows: alerts } = await owner.query<{ rule: string; labels: Record<string, string>; opened_at: Date; ended_at: Date | null }>(
    `select rule, labels, opened_at, ended_at from operations.alert order by opened_at`,
  );
  const found = day.incidents.map((incident) => {
    const dueMs = startMs + incident.due * STEP_MS;
    const mine = alerts.filter(
      (alert) =>
        alert.rule === incident.rule.key &&
        labelText(alert.labels) === labelText(incident.series.labels) &&
        alert.opened_at.getTime() >= startMs + incident.from * STEP_MS &&
        alert.opened_at.getTime() < startMs + incident.to * STEP_MS,
    );
    return { incident, mine, lateMs: mine[0] ? mine[0].opened_at.getTime() - dueMs : NaN };
  });
  const explained = new Set(found.flatMap(({ mine }) => mine));
  const falseAlarms = alerts.filter((alert) => !explained.has(alert));
  for (const { incident, mine, lateMs } of found)
    if (mine.length !== 1 || Math.abs(lateMs) > STEP_MS)
      console.log(`${incident.rule.key} ${labelText(incident.series.labels)}: ${mine.length} alerts, ${lateMs / 1000} s after it was due`);
  for (const alert of falseAlarms)
    console.log(
      `false alarm: ${alert.rule} ${labelText(alert.labels)} at ${alert.opened_at.toISOString()}, ended ${alert.ended_at?.toISOString()}`,
    );
  const notices = Map.groupBy(
    posts.flatMap((body) => (JSON.parse(body) as { alerts: { status: string; fingerprint: string; startsAt: string }[] }).alerts),
    ({ status, fingerprint, startsAt }) => `${status} ${fingerprint} ${startsAt}`,
  );
  const notTold = alerts.length - [...notices.keys()].filter((key) => key.startsWith('firing')).length;
  const late = found.map(({ lateMs }) => lateMs).filter((ms) => !Number.isNaN(ms));
  const { rows: faults } = await owner.query(`select 1 from operations.record where kind = 'fault'`);
  const { p50Ms, p99Ms } = figuresOf(evaluations, 1);
  const worstMs = round(Math.max(...evaluations));

  const sampling = await costOfSampling();
  const storingShare = (nodeCpu + after - before) / simulated;
  const figures = {
    series: day.series.length,
    rules: day.rules.length,
    instants: places,
    readings: day.series.length * places,
    incidents: found.length,
    found: found.filter(({ mine }) => mine.length > 0).length,
    openedTwice: found.filter(({ mine }) => mine.length > 1).length,
    latestSeconds: Math.max(...late) / 1000,
    earliestSeconds: Math.min(...late) / 1000,
    alerts: alerts.length,
    falseAlarms: falseAlarms.length,
    spikes: day.spikes,
    noticesSent: notices.size,
    noticesDoubled: [...notices.values()].filter((same) => same.length > 1).length,
    alertsNotTold: notTold,
    faults: faults.length,
    evaluationMs: { p50: p50Ms, p99: p99Ms, worst: worstMs },
    storing: { nodeSeconds: round(nodeCpu), databaseSeconds: round(after - before), share: round(storingShare, 4) },
    sampling,
    wallSeconds: round((performance.now() - begunMs) / 1000, 0),
  };
  report('alerts', figures, LIMITS, {
    late: round(figures.latestSeconds / LIMITS.lateSeconds),
    found: round(figures.found / figures.incidents, 3),
    evaluation: round(worstMs / LIMITS.evaluationMs, 3),
    storing: round(storingShare / LIMITS.storingShare, 3),
    sampling: round(sampling.share / LIMITS.samplingShare, 3),
  });
  const isMet =
    figures.found === figures.incidents &&
    figures.openedTwice === 0 &&
    figures.latestSeconds <= LIMITS.lateSeconds &&
    figures.noticesDoubled === 0 &&
    notTold === 0;
  process.exitCode = isMet ? 0 : 1;
} finally {
  receiver.stdin.end();
  await owner.end();
  await storing.close();
  await judging.close();
  await lab.close();
}

function registered(one: Made) {
  return { name: one.name, labels: labelText(one.labels), kind: one.kind };
}

/** Partitions of the day and the weeks before, the rules instead of the shipped ones, a route, and what was usual. */
async function prepare(port: number): Promise<void> {
  const to = new Date(startMs + 3 * DAY_MS);
  await owner.query('select platform.turn_spans($1, $2, $3)', [new Date(startMs - 29 * DAY_MS), to, new Date(startMs)]);
  await seedOperations(storing, new Date(startMs - DAY_MS));
  await storing.transact(SYSTEM, async (tx) => {
    await tx.deleteFrom('operations.alert_rule').execute();
    await tx.deleteFrom('operations.alert_route').execute();
    for (const rule of day.rules) await putRule(tx, rule, true, 1, 'replay', new Date(startMs));
    await tx
      .insertInto('operations.alert_route')
      .values({
        id: newId(startMs),
        name: '回放',
        levels: ['P1', 'P2', 'P3'],
        matchers: '[]',
        channel: 'webhook',
        target: `http://127.0.0.1:${port}/hook`,
        group_seconds: 0,
        made_by: 'replay',
        made_at: new Date(startMs),
      })
      .execute();
    const usual = day.series.filter(({ shape }) => shape === 'baseline');
    const ids = await registerSeries(tx, usual.map(registered), new Date(startMs));
    for (const week of [1, 2, 3, 4])
      for (let hourMs = startMs - week * WEEK_MS - HOUR_MS; hourMs < startMs - week * WEEK_MS + DAY_MS + HOUR_MS; hourMs += HOUR_MS)
        await putCondensed(
          tx,
          'hour',
          hourMs,
          usual.flatMap((one, at) =>
            Array.from({ length: HOUR_MS / SPAN_MS }, (_, span) => {
              const fromMs = hourMs + span * SPAN_MS;
              const mean = day.usuallyAt(one, (fromMs - startMs + week * WEEK_MS) / STEP_MS, week);
              return { series: ids[at]!, fromMs, ...condense([mean]) };
            }),
          ),
        );
    // The weeks before are packed and condensed: the day goes on from there.
    for (const what of ['raw', 'hour'] as const)
      await tx
        .insertInto('operations.packed')
        .values({ what, upto: new Date(startMs) })
        .execute();
  });
}

/** What it costs a node and its database that the node reads all it knows of itself and of the database every 15 s. */
async function costOfSampling(): Promise<{ series: number; nodeSeconds: number; databaseSeconds: number; share: number }> {
  const metrics = createMetrics(storing, lab.config.dataFolder);
  const at = settableClock(startMs + DAY_MS);
  const samplers = [
    createSampler({ db: storing, clock: at, name: 'node', source: 'lab', gather: () => readRegistry(metrics.registry) }),
    createSampler({ db: storing, clock: at, name: 'database', source: 'database', gather: () => storing.transact(SYSTEM, readDatabase) }),
  ];
  const judgeBackend = await backendOf(judging);
  const rounds = 240;
  let series = 0;
  const before = databaseCpu(judgeBackend);
  const used = process.cpuUsage();
  for (let turn = 0; turn < rounds; turn++) {
    series = 0;
    for (const sampler of samplers) series += await sampler.sample();
    at.advance(STEP_MS);
  }
  const nodeSeconds = secondsOf(process.cpuUsage(used));
  const databaseSeconds = databaseCpu(judgeBackend) - before;
  const share = (nodeSeconds + databaseSeconds) / ((rounds * STEP_MS) / 1000);
  return { series, nodeSeconds: round(nodeSeconds), databaseSeconds: round(databaseSeconds), share: round(share, 4) };
}

function secondsOf({ user, system }: { user: number; system: number }): number {
  return (user + system) / 1e6;
}

async function backendOf(db: typeof judging): Promise<number> {
  return db.transact(SYSTEM, async (tx) => (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)).rows[0]!.pid);
}

/** Seconds of processor the server's processes have used, except one backend; the kernel counts hundredths of a second. */
function databaseCpu(except: number): number {
  const postmaster = Number(readFileSync(join(lab.database.cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const statOf = (pid: string) => {
    try {
      const words = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
        .map(Number);
      return { parent: words[1]!, own: words[11]! + words[12]!, ended: words[13]! + words[14]! };
    } catch {
      return null;
    }
  };
  let ticks = statOf(String(postmaster))?.ended ?? 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== except)) {
    const stat = statOf(pid);
    if (stat?.parent === postmaster) ticks += stat.own;
  }
  return ticks / 100;
}
