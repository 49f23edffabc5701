import {
  PROFILES_KEPT,
  type ProfileKind,
  type ProfileLine,
  type ProfileSummary,
  type ProfileView,
} from '#contracts/operations/diagnosis.api.ts';
import type { Tx } from '#server/platform/db/db.ts';

/** A node tells of itself every ten seconds; one that missed two of these is not asked. */
const SILENT_MS = 25_000;

/** The nodes that are there, by their names. */
export async function nodesHeard(tx: Tx, at: Date): Promise<string[]> {
  const rows = await tx
    .selectFrom('platform.node_load')
    .select('node')
    .where('at', '>', new Date(at.getTime() - SILENT_MS))
    .orderBy('node')
    .execute();
  return rows.map(({ node }) => node);
}

const LINE = ['id', 'node', 'kind', 'seconds', 'state', 'asked_name', 'asked_at', 'ended_at', 'failure', 'file_bytes'] as const;
interface LineRow {
  readonly id: string;
  readonly node: string;
  readonly kind: string;
  readonly seconds: number;
  readonly state: string;
  readonly asked_name: string;
  readonly asked_at: Date;
  readonly ended_at: Date | null;
  readonly failure: string | null;
  readonly file_bytes: number | null;
}

const lineOf = (row: LineRow): ProfileLine => ({
  id: row.id,
  node: row.node,
  kind: row.kind as ProfileKind,
  seconds: row.seconds,
  state: row.state as ProfileLine['state'],
  askedBy: row.asked_name,
  askedAt: row.asked_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
  failure: row.failure,
  bytes: row.file_bytes,
});

/** The profiles that are kept, the newest first. */
export async function profileLines(tx: Tx): Promise<ProfileLine[]> {
  const rows = await tx.selectFrom('operations.profile').select(LINE).orderBy('asked_at', 'desc').limit(PROFILES_KEPT.count).execute();
  return rows.map(lineOf);
}

/** A profile with what it shows, once it is done; null where there is none. */
export async function profileById(tx: Tx, id: string): Promise<ProfileView | null> {
  const row = await tx
    .selectFrom('operations.profile')
    .select([...LINE, 'summary'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? { line: lineOf(row), summary: row.summary as ProfileSummary | null } : null;
}

/** The file of a profile, gzipped; null where there is none. */
export async function profileFile(tx: Tx, id: string): Promise<{ kind: ProfileKind; askedAt: Date; file: Buffer } | null> {
  const row = await tx.selectFrom('operations.profile').select(['kind', 'asked_at', 'file']).where('id', '=', id).executeTakeFirst();
  return row?.file ? { kind: row.kind as ProfileKind, askedAt: row.asked_at, file: row.file } : null;
}
