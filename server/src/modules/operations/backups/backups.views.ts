import { sql, type Selectable } from 'kysely';
import type {
  Backup,
  BackupFailure,
  BackupFault,
  BackupsBoard,
  BackupState,
  Drill,
  DrillStep,
  Gap,
} from '#contracts/operations/backups.api.ts';
import type { Config, Place } from '#server/platform/config/config.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';
import { POLICY } from './policy.ts';
import type { Source } from './source.ts';
import { gapsIn, SEGMENT } from './wal.rules.ts';

const DAY_MS = 86_400_000;
const iso = (at: Date | null) => at?.toISOString() ?? null;

/** When what is promised last was done, and what is wrong with what is kept. */
export interface Ages {
  readonly firstAskedAt: Date | null;
  readonly goodAt: Date | null;
  readonly archivedAt: Date | null;
  readonly provenAt: Date | null;
  readonly damaged: number;
  readonly gaps: number;
}

export async function agesOf(tx: Tx): Promise<Ages> {
  const { rows } = await sql<Omit<Ages, 'gaps'>>`
    select (select min(asked_at) from operations.backup) as "firstAskedAt",
      (select max(ended_at) from operations.backup where state = 'good' and faults = '[]') as "goodAt",
      (select max(archived_at) from operations.wal_segment) as "archivedAt",
      (select max(ended_at) from operations.restore_drill where state = 'proven') as "provenAt",
      (select count(*)::int from operations.backup where state = 'good' and faults <> '[]') as damaged`.execute(tx);
  return { ...rows[0]!, gaps: (await gapsOf(tx)).length };
}

/**
 * Where the log behind the oldest nightly backup is broken. Segments that older, monthly and yearly backups keep for themselves
 * do not follow one another, and need not.
 */
async function gapsOf(tx: Tx): Promise<Gap[]> {
  const { rows } = await sql<{ name: string; segment_bytes: number }>`
    select s.name, s.segment_bytes from operations.wal_segment s,
      (select system, wal_from from operations.backup where state = 'good' and keep_as = 'daily' order by ended_at limit 1) oldest
    where s.system = oldest.system and substr(s.name, 9) >= substr(oldest.wal_from, 9) order by s.name`.execute(tx);
  const segments = rows.filter(({ name }) => SEGMENT.test(name));
  return segments.length === 0
    ? []
    : gapsIn(
        segments.map(({ name }) => name),
        segments[0]!.segment_bytes,
      );
}

/** What the page shows: how the archive stands, what is kept, what was drilled. */
export async function boardOf(tx: Tx, nowMs: number, source: Source | null, config: Config['backup']): Promise<BackupsBoard> {
  const backups = await tx
    .selectFrom('operations.backup')
    .selectAll()
    .where((eb) => eb.or([eb('state', 'in', ['waiting', 'running', 'good']), eb('asked_at', '>', new Date(nowMs - 35 * DAY_MS))]))
    .orderBy('id', 'desc')
    .limit(200)
    .execute();
  const drills = await tx.selectFrom('operations.restore_drill').selectAll().orderBy('id', 'desc').limit(36).execute();
  const archive = await sql<{
    last_at: Date | null;
    last_name: string | null;
    segments: number;
    bytes: number;
    behind: number;
    failed: number;
    failed_at: Date | null;
  }>`
    select max(archived_at) as last_at, max(name) filter (where archived_at = (select max(archived_at) from operations.wal_segment)) as last_name,
      count(*) as segments, coalesce(sum(stored_bytes), 0)::bigint as bytes, count(*) filter (where second_at is null) as behind,
      (select failed_count from pg_stat_archiver) as failed, (select last_failed_time from pg_stat_archiver) as failed_at
    from operations.wal_segment`.execute(tx);
  const facts = archive.rows[0]!;
  const proven = await tx
    .selectFrom('operations.restore_drill')
    .select(['id', 'ended_at', 'target'])
    .where('state', '=', 'proven')
    .orderBy('ended_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const { goodAt } = await agesOf(tx);
  return {
    source: source?.kind ?? null,
    sites: [
      { name: 'first', ...placeOf(config.first) },
      ...(config.second ? [{ name: 'second' as const, ...placeOf(config.second) }] : []),
    ],
    policy: { ...POLICY },
    archive: {
      lastAt: iso(facts.last_at),
      lastName: facts.last_name,
      segments: facts.segments,
      storedBytes: facts.bytes,
      notAtSecond: config.second ? facts.behind : 0,
      gaps: await gapsOf(tx),
      failedCount: facts.failed,
      lastFailedAt: iso(facts.failed_at),
    },
    lastGoodAt: iso(goodAt),
    lastProven: proven ? { drillId: proven.id, at: proven.ended_at!.toISOString(), target: proven.target.toISOString() } : null,
    backups: backups.map(backupView),
    drills: drills.map(drillView),
  };
}

function placeOf(place: Place): { place: string; bucket: boolean } {
  return 's3' in place ? { place: place.s3.endpoint, bucket: true } : { place: place.folder, bucket: false };
}

export function backupView(row: Selectable<DB['operations.backup']>): Backup {
  return {
    id: row.id,
    state: row.state as BackupState,
    askedBy: row.asked_by,
    askedAt: row.asked_at.toISOString(),
    startedAt: iso(row.started_at),
    endedAt: iso(row.ended_at),
    files: row.files,
    rawBytes: row.raw_bytes,
    storedBytes: row.stored_bytes,
    walFrom: row.wal_from,
    walTo: row.wal_to,
    manifestSm3: row.manifest_sm3,
    keepAs: row.keep_as as Backup['keepAs'],
    secondAt: iso(row.second_at),
    secondFault: row.second_fault,
    verifiedAt: iso(row.verified_at),
    faults: row.faults as unknown as BackupFault[],
    provenAt: iso(row.proven_at),
    failure: row.failure as BackupFailure | null,
    detail: row.detail,
  };
}

/** A drill by its id; undefined where there is none. */
export async function drillOf(tx: Tx, id: string): Promise<Drill | undefined> {
  const row = await tx.selectFrom('operations.restore_drill').selectAll().where('id', '=', id).executeTakeFirst();
  return row && drillView(row);
}

export function drillView(row: Selectable<DB['operations.restore_drill']>): Drill {
  return {
    id: row.id,
    state: row.state as Drill['state'],
    askedBy: row.asked_by,
    askedAt: row.asked_at.toISOString(),
    target: row.target.toISOString(),
    backupId: row.backup_id,
    startedAt: iso(row.started_at),
    endedAt: iso(row.ended_at),
    rtoSeconds: row.rto_seconds,
    rpoSeconds: row.rpo_seconds,
    lastCommitAt: iso(row.last_commit_at),
    steps: row.steps as unknown as DrillStep[],
    failure: row.failure as BackupFailure | null,
    detail: row.detail,
  };
}
