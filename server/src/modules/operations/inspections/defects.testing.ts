import { openSync, closeSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Judged } from './inspections.rules.ts';
import { openScratch, type Scratch, type ScratchDatabase } from './scratch.testing.ts';

/** Something wrong with a database that the inspection has to find. */
export interface Defect {
  readonly name: string;
  /** The check that has to find it, and what its evidence has to name. */
  readonly check: string;
  readonly culprit: RegExp;
  /** What else comes with it by nature, such as the dead rows of a table that was not vacuumed. */
  readonly brings?: readonly string[];
  /** It shows only against an earlier reading, which is taken before it is planted. */
  readonly since?: true;
  /** The real thing would take days, years or gigabytes: its threshold is lowered by this. */
  readonly lowered?: Parameters<ScratchDatabase['lower']>[1];
  /** It is of the whole server: planted on one of its own. */
  readonly server?: true;
  /** Plants it; gives how to mend what outlives the database. */
  readonly plant: (at: ScratchDatabase, cluster: string) => Promise<void | (() => Promise<void>)>;
}

/** Fills a table with rows that are `width` bytes wide; what was counted of it is told at once. */
const fill = (table: string, rows: number, width: number) =>
  `create table public.${table} (id integer primary key, filler text); insert into public.${table} select i, repeat('x', ${width}) from generate_series(1, ${rows}) i`;
/** What a session did is counted up to a second later; after a vacuum it would be counted as not vacuumed. */
const FLUSH = 'select pg_stat_force_next_flush()';

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds()) return;
    await wait(100);
  }
  throw new Error('What was planted did not come about within ten seconds');
}

/** Two sessions that hold what the other wants; one of them is ended by the server. */
async function deadlock(at: ScratchDatabase): Promise<void> {
  await at.owner(`create table public.pair (id integer primary key); insert into public.pair values (1), (2)`);
  const [one, two] = [await at.session(), await at.session()];
  await one.query('begin; select from public.pair where id = 1 for update');
  await two.query('begin; select from public.pair where id = 2 for update');
  const ends = [one.query('select from public.pair where id = 2 for update'), two.query('select from public.pair where id = 1 for update')];
  await Promise.allSettled(ends);
  for (const session of [one, two]) await session.query(`rollback; ${FLUSH}`);
}

/** The first waits for nobody, the second for the first, the third for the second. */
async function lockChain(at: ScratchDatabase): Promise<void> {
  await at.owner(`create table public.contended (id integer primary key, n integer); insert into public.contended values (1, 0), (2, 0)`);
  const [head, middle, tail] = [await at.session(), await at.session(), await at.session()];
  await head.query(`set application_name = 'head-of-chain'; begin; update public.contended set n = 1 where id = 1`);
  await middle.query('begin; update public.contended set n = 1 where id = 2');
  void middle.query('update public.contended set n = 2 where id = 1').catch(() => {});
  await wait(100);
  void tail.query('update public.contended set n = 3 where id = 2').catch(() => {});
  await wait(700);
}

/** A page of the table is overwritten on the disk, and read from there. */
async function corruptPage(at: ScratchDatabase, cluster: string): Promise<void> {
  await at.owner(`${fill('damaged', 200, 500)}; ${fill('other', 20_000, 500)}; analyze public.other; checkpoint`);
  const [row] = await at.owner<{ path: string }>(`select pg_relation_filepath('public.damaged') as path`);
  // The pages of the small table leave the few buffers there are.
  await at.owner('select sum(length(filler)) from public.other; create index other_filler_idx on public.other (filler, id); checkpoint');
  const file = openSync(join(cluster, row!.path), 'r+');
  writeSync(file, Buffer.alloc(512, 0x5a), 0, 512, 4096);
  closeSync(file);
  const reader = await at.session();
  await reader.query('select sum(length(filler)) from public.damaged').catch(() => {});
  await reader.query(FLUSH);
}

export const defects: readonly Defect[] = [
  {
    name: 'bloated table',
    check: 'db-table-bloat',
    culprit: /bloated/,
    brings: ['db-index-bloat'],
    async plant(at) {
      await at.owner(fill('bloated', 120_000, 180));
      await at.owner('delete from public.bloated where id % 10 <> 0');
      await at.owner(FLUSH);
      await at.owner('vacuum analyze public.bloated');
    },
  },
  {
    name: 'bloated index',
    check: 'db-index-bloat',
    culprit: /churned_pkey/,
    async plant(at) {
      await at.owner(fill('churned', 200_000, 40));
      await at.owner('delete from public.churned where id % 10 <> 0');
      await at.owner(FLUSH);
      await at.owner('vacuum public.churned');
      await at.owner(`insert into public.churned select i, repeat('x', 40) from generate_series(1000001, 1180000) i`);
      await at.owner(FLUSH);
      await at.owner('vacuum analyze public.churned');
    },
  },
  {
    name: 'unused index',
    check: 'db-unused-index',
    culprit: /idle_filler_idx/,
    since: true,
    async plant(at) {
      await at.owner(`${fill('idle', 60_000, 20)}; create index idle_filler_idx on public.idle (filler, id); analyze public.idle`);
      // Seen without a scan, and again a month later.
      await at.owner('delete from operations.inspection_sample');
      await at.inspect();
      await at.letDaysPass(31);
    },
  },
  {
    name: 'duplicate index',
    check: 'db-duplicate-index',
    culprit: /twice_a_idx.*twice_b_idx/,
    plant: async (at) =>
      void (await at.owner(
        `create table public.twice (id integer primary key, n integer); create index twice_a_idx on public.twice (n); create index twice_b_idx on public.twice (n)`,
      )),
  },
  {
    name: 'invalid index',
    check: 'db-invalid-index',
    culprit: /broken_n_idx/,
    async plant(at) {
      await at.owner(`create table public.broken (id integer primary key, n integer); insert into public.broken values (1, 1), (2, 1)`);
      await at.owner('create unique index concurrently broken_n_idx on public.broken (n)').catch(() => {});
    },
  },
  {
    name: 'long transaction',
    check: 'db-long-transaction',
    culprit: /planter/,
    brings: ['db-slow-sql'],
    lowered: { yellow: 0.5 },
    async plant(at) {
      void (await at.session()).query('select pg_sleep(600)').catch(() => {});
      await wait(700);
    },
  },
  {
    name: 'idle in transaction',
    check: 'db-idle-in-transaction',
    culprit: /planter/,
    lowered: { yellow: 0.5 },
    async plant(at) {
      await (await at.session()).query('begin; select 1');
      await wait(700);
    },
  },
  { name: 'chain of locks', check: 'db-lock-wait', culprit: /← pid \d+/, lowered: { yellow: 0.5 }, plant: lockChain },
  { name: 'deadlock', check: 'db-deadlocks', culprit: /scratch_/, since: true, plant: deadlock },
  {
    name: 'slow statement',
    check: 'db-slow-sql',
    culprit: /pg_sleep/,
    async plant(at) {
      void (await at.session()).query('select pg_sleep(599)').catch(() => {});
      await wait(1200);
    },
  },
  {
    name: 'slow statements neither logged nor counted',
    check: 'db-slow-log',
    culprit: /log_min_duration_statement/,
    plant: async (at) =>
      void (await at.owner(`alter database ${at.name} set log_min_duration_statement = -1; drop extension pg_stat_statements`)),
  },
  {
    name: 'connections near the maximum',
    check: 'db-connections',
    culprit: /planter/,
    server: true,
    async plant(at) {
      for (let opened = 0; opened < 88; opened += 11) await Promise.all(Array.from({ length: 11 }, () => at.session()));
    },
  },
  {
    name: 'age of transaction ids',
    check: 'db-wraparound',
    culprit: /scratch_/,
    lowered: { yellow: 0.02 },
    plant: async (at) => void (await at.owner(`do $$ begin for i in 1..20000 loop perform pg_current_xact_id(); commit; end loop; end $$`)),
  },
  {
    name: 'age of multixact ids',
    check: 'db-multixact',
    culprit: /scratch_/,
    lowered: { yellow: 0.000_01 },
    async plant(at) {
      await at.owner(`create table public.shared (id integer primary key); insert into public.shared select generate_series(1, 25)`);
      const [one, two] = [await at.session(), await at.session()];
      // Two transactions that share a row make an id; the same two make no second one.
      for (let i = 0; i < 25; i++) {
        for (const session of [one, two]) await session.query('begin; select from public.shared where id = 1 for share');
        for (const session of [one, two]) await session.query('commit');
      }
    },
  },
  {
    name: 'missing partition',
    check: 'db-partitions',
    culprit: /platform\.event/,
    async plant(at) {
      const [row] = await at.owner<{ name: string }>(
        `select 'platform.event' || to_char(date_trunc('month', now() at time zone 'Asia/Shanghai') + interval '2 months', '"_m"YYYYMM') as name`,
      );
      await at.owner(`drop table ${row!.name}`);
    },
  },
  {
    name: 'identity near its end',
    check: 'db-sequences',
    culprit: /public\.counted/,
    plant: async (at) =>
      void (await at.owner(
        `create table public.counted (id integer generated always as identity primary key, n integer); select setval('public.counted_id_seq', 1900000000)`,
      )),
  },
  {
    name: 'integer key near its end',
    check: 'db-sequences',
    culprit: /narrow\.id/,
    plant: async (at) =>
      void (await at.owner(`create table public.narrow (id smallint primary key); insert into public.narrow values (32000)`)),
  },
  {
    name: 'dead rows',
    check: 'db-dead-tuples',
    culprit: /dying/,
    async plant(at) {
      await at.owner(`${fill('dying', 20_000, 20)}; analyze public.dying`);
      await at.owner('delete from public.dying where id % 5 = 0');
      await at.owner(FLUSH);
    },
  },
  {
    name: 'dead rows that nobody vacuums',
    check: 'db-autovacuum-behind',
    culprit: /neglected/,
    brings: ['db-dead-tuples', 'db-table-bloat', 'db-index-bloat'],
    async plant(at) {
      await at.owner(`${fill('neglected', 60_000, 20)}; analyze public.neglected`);
      await at.owner('update public.neglected set filler = filler');
      await at.owner(FLUSH);
    },
  },
  {
    name: 'autovacuum off for a table',
    check: 'db-autovacuum-off',
    culprit: /untended/,
    plant: async (at) => void (await at.owner('create table public.untended (id integer primary key) with (autovacuum_enabled = false)')),
  },
  {
    name: 'statistics never gathered',
    check: 'db-never-analyzed',
    culprit: /unknown_rows/,
    async plant(at) {
      await at.owner(fill('unknown_rows', 12_000, 20));
      await at.owner(FLUSH);
    },
  },
  {
    name: 'sequential scans of a large table',
    check: 'db-seq-scans',
    culprit: /scanned/,
    since: true,
    async plant(at) {
      await at.owner(`${fill('scanned', 10_500, 10)}; analyze public.scanned`);
      await at.owner('delete from operations.inspection_sample');
      await at.inspect();
      await at.owner(`do $$ begin for i in 1..1100 loop perform id from public.scanned where filler = 'none' limit 1; end loop; end $$`);
      await at.owner(FLUSH);
    },
  },
  {
    name: 'temporary files',
    check: 'db-temp-files',
    culprit: /scratch_/,
    since: true,
    lowered: { yellow: 0.005 },
    async plant(at) {
      await at.owner(
        `set work_mem = '64kB'; select count(*) from (select i, repeat('x', 100) from generate_series(1, 80000) i order by 2 desc, 1 desc offset 1) s`,
      );
      await at.owner(FLUSH);
    },
  },
  {
    name: 'checkpoints on request',
    check: 'db-checkpoints',
    culprit: /checkpoints/,
    since: true,
    server: true,
    async plant(at) {
      for (let i = 0; i < 8; i++) await at.owner(`select pg_logical_emit_message(false, 'inspect', 'x'); checkpoint`);
    },
  },
  {
    name: 'growth within a week',
    check: 'db-size-growth',
    culprit: /growing/,
    since: true,
    lowered: { bounds: { bytes: 1_000_000 } },
    async plant(at) {
      await at.owner(`${fill('growing', 20_000, 200)}; analyze public.growing`);
      await at.owner('delete from operations.inspection_sample');
      await at.inspect();
      await at.letDaysPass(7);
      await at.owner(`insert into public.growing select i, repeat('x', 200) from generate_series(20001, 40000) i; analyze public.growing`);
    },
  },
  {
    name: 'no room for locks',
    check: 'db-locks-room',
    culprit: /wide/,
    async plant(at) {
      await at.owner(
        `create table public.wide (id integer primary key, n integer) partition by range (id); create index wide_n_idx on public.wide (n)`,
      );
      await at.owner(
        `do $$ begin for i in 1..200 loop execute format('create table public.wide_%s partition of public.wide for values from (%s) to (%s)', i, i, i + 1); end loop; end $$`,
      );
    },
  },
  {
    name: 'table without a primary key',
    check: 'db-no-primary-key',
    culprit: /keyless/,
    plant: async (at) => void (await at.owner('create table public.keyless (n integer)')),
  },
  {
    name: 'foreign key without an index',
    check: 'db-foreign-key-index',
    culprit: /child_parent_fk/,
    plant: async (at) =>
      void (await at.owner(`create table public.parent (id integer primary key);
        create table public.child (id integer primary key, parent_id integer constraint child_parent_fk references public.parent (id))`)),
  },
  {
    name: 'triggers switched off',
    check: 'db-disabled-triggers',
    culprit: /operations\.inspection_item/,
    plant: async (at) => void (await at.owner('alter table operations.inspection_item disable trigger all')),
  },
  {
    name: 'low cache hits',
    check: 'db-cache-hit',
    culprit: /scratch_/,
    since: true,
    server: true,
    lowered: { bounds: { blocks: 10_000 } },
    async plant(at) {
      await at.owner(`${fill('cold', 60_000, 400)}; vacuum analyze public.cold`.replace('vacuum analyze', 'analyze'));
      for (let i = 0; i < 5; i++) await at.owner('select sum(length(filler)) from public.cold');
      await at.owner(FLUSH);
    },
  },
  {
    name: 'prepared transaction left over',
    check: 'db-prepared-transactions',
    culprit: /forgotten/,
    lowered: { yellow: 0.3 },
    server: true,
    async plant(at) {
      await at.owner(`create table public.held (id integer primary key)`);
      await at.owner(`begin; insert into public.held values (1); prepare transaction 'forgotten'`);
      await wait(400);
      return async () => void (await at.owner(`rollback prepared 'forgotten'`));
    },
  },
  {
    name: 'slot that holds WAL',
    check: 'db-slot-retained',
    culprit: /abandoned/,
    lowered: { yellow: 0.005 },
    server: true,
    async plant(at) {
      await at.owner(`select pg_create_physical_replication_slot('abandoned', true)`);
      await at.owner(`${fill('written', 40_000, 200)}; analyze public.written`);
      return async () => void (await at.owner(`select pg_drop_replication_slot('abandoned')`));
    },
  },
  {
    name: 'failing archive',
    check: 'db-archive',
    culprit: /^0000/,
    server: true,
    async plant(at) {
      const archive = async (command: string) => {
        await at.owner(`alter system set archive_command = '${command}'`);
        await at.owner('select pg_reload_conf()');
        // Only a segment in which something was written is finished.
        await at.owner(`select pg_logical_emit_message(false, 'inspect', 'x'); select pg_switch_wal()`);
      };
      const isFailing = async () =>
        (
          await at.owner<{ failing: boolean }>(
            `select coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as failing from pg_stat_archiver`,
          )
        )[0]!.failing;
      await archive('/bin/false');
      await waitUntil(isFailing);
      return async () => {
        await archive('/bin/true');
        await waitUntil(async () => !(await isFailing()));
      };
    },
  },
  {
    name: 'extra superuser',
    check: 'db-superusers',
    culprit: /intruder/,
    server: true,
    async plant(at) {
      await at.owner('create role intruder superuser login');
      return async () => void (await at.owner('drop role intruder'));
    },
  },
  {
    name: 'md5 password',
    check: 'db-weak-passwords',
    culprit: /oldtimer/,
    server: true,
    async plant(at) {
      await at.owner(`set password_encryption = 'md5'; create role oldtimer login password 'x'; reset password_encryption`);
      return async () => void (await at.owner('drop role oldtimer'));
    },
  },
  {
    name: 'open to the world',
    check: 'db-hba-open',
    culprit: /0\.0\.0\.0/,
    server: true,
    async plant(at, cluster) {
      const file = join(cluster, 'pg_hba.conf');
      const before = readFileSync(file, 'utf8');
      writeFileSync(file, `${before}host all all 0.0.0.0/0 scram-sha-256\nhost all all 10.0.0.0/8 trust\n`);
      await at.owner('select pg_reload_conf()');
      return async () => {
        writeFileSync(file, before);
        await at.owner('select pg_reload_conf()');
      };
    },
  },
  {
    name: 'corrupted page',
    check: 'db-checksum-failures',
    culprit: /scratch_/,
    brings: ['db-cache-hit'],
    server: true,
    plant: corruptPage,
  },
];

// Few buffers, so that pages are read from the disk again.
const DEFECTIVE_SERVER = { shared_buffers: '4MB', max_prepared_transactions: 5, archive_mode: 'on' } as const;

interface Hunt {
  /** What was wrong before anything was planted; nothing should be. */
  readonly before: readonly string[];
  /** What its check came to. */
  readonly found: Judged;
  readonly isFound: boolean;
  readonly namesCulprit: boolean;
  /** What was flagged with it and comes with it by nature. */
  readonly brought: readonly string[];
  /** What else was flagged, and is neither the defect nor comes with it. */
  readonly others: readonly string[];
}

const flagged = (judged: ReadonlyMap<string, Judged>): string[] =>
  [...judged].filter(([, { outcome }]) => outcome !== 'ok').map(([code, { outcome }]) => `${code}: ${outcome}`);

/** Plants a defect in a fresh database, inspects it, and mends what would outlive the database. */
async function hunt(defect: Defect, at: ScratchDatabase, cluster: string): Promise<Hunt> {
  if (defect.lowered) at.lower(defect.check, defect.lowered);
  const before = defect.since ? flagged(await at.inspect()) : [];
  const mend = await defect.plant(at, cluster);
  try {
    const judged = await at.inspect();
    const found = judged.get(defect.check)!;
    const rest = flagged(judged).filter((told) => !told.startsWith(`${defect.check}:`));
    const comesWithIt = (told: string) => defect.brings?.includes(told.split(':')[0]!) ?? false;
    const isFound = found.outcome === 'yellow' || found.outcome === 'red';
    return {
      before,
      found,
      isFound,
      namesCulprit:
        isFound && defect.culprit.test(found.evidence.rows.map((row) => `${row.what} ${Object.values(row.figures).join(' ')}`).join('\n')),
      brought: rest.filter((told) => comesWithIt(told)),
      others: rest.filter((told) => !comesWithIt(told)),
    };
  } finally {
    await mend?.();
  }
}

interface Hunts {
  /** What was flagged where nothing was planted, on either server. */
  readonly clean: readonly string[];
  readonly hunts: ReadonlyMap<string, Hunt>;
}

/** Plants every defect in a database of its own, a few at a time, after looking at databases in which there is none. */
export async function huntAll(plain: Scratch, defective: Scratch): Promise<Hunts> {
  const hunts = new Map<string, Hunt>();
  const clean: string[] = [];
  for (const server of [plain, defective]) {
    const at = await server.fresh();
    // What is judged by its change is judged the second time.
    clean.push(...flagged(await at.inspect()), ...flagged(await at.inspect()));
    await at.close();
  }
  const lane = async (server: Scratch, queue: Defect[]) => {
    for (let defect = queue.shift(); defect; defect = queue.shift()) {
      const at = await server.fresh();
      hunts.set(defect.name, await hunt(defect, at, server.cluster));
      await at.close();
    }
  };
  const ofTables = defects.filter((defect) => !defect.server);
  // What is of a whole server cannot be planted beside another such.
  await Promise.all([
    lane(plain, ofTables),
    lane(plain, ofTables),
    lane(
      defective,
      defects.filter((defect) => defect.server),
    ),
  ]);
  return { clean, hunts };
}

/** A server with nothing special, and one for the defects that are of a whole server. */
export const openServers = (): Promise<[Scratch, Scratch]> => Promise.all([openScratch(), openScratch(DEFECTIVE_SERVER)]);
