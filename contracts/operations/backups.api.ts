import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { Bytes, IdText, Instant, OneOf, OrNull, PageOf, PageQuery } from '../base/text.ts';

const tag = 'operations';
const Count = Type.Integer({ minimum: 0 });

export const BACKUP_STATES = ['waiting', 'running', 'good', 'failed', 'removed'] as const;
export type BackupState = (typeof BACKUP_STATES)[number];

/** Why a backup or a drill did not come to its end. */
export const BACKUP_FAILURES = ['interrupted', 'no-archive', 'archive-late', 'no-backup', 'damaged', 'not-proven', 'broken'] as const;
export type BackupFailure = (typeof BACKUP_FAILURES)[number];

export const SITES = ['first', 'second'] as const;
export type SiteName = (typeof SITES)[number];

/** What verification can find wrong. */
export const BACKUP_FAULTS = [
  'manifest-missing',
  'manifest-unreadable',
  'foreign',
  'label-missing',
  'pack-missing',
  'pack-size',
  'pack-changed',
  'pack-unreadable',
  'file-changed',
  'segment-missing',
  'segment-unreadable',
  'segment-foreign',
] as const;

export const BackupFault = Type.Object({ site: OneOf(SITES), kind: OneOf(BACKUP_FAULTS), object: Type.String() });
export type BackupFault = Static<typeof BackupFault>;

export const Backup = Type.Object({
  id: IdText,
  state: OneOf(BACKUP_STATES),
  askedBy: Type.String(),
  askedAt: Instant,
  startedAt: OrNull(Instant),
  endedAt: OrNull(Instant),
  files: Count,
  rawBytes: Count,
  storedBytes: Count,
  walFrom: OrNull(Type.String()),
  walTo: OrNull(Type.String()),
  manifestSm3: OrNull(Type.String()),
  keepAs: OrNull(OneOf(['daily', 'monthly', 'yearly'])),
  secondAt: OrNull(Instant),
  secondFault: OrNull(Type.String()),
  verifiedAt: OrNull(Instant),
  faults: Type.Array(BackupFault),
  provenAt: OrNull(Instant),
  failure: OrNull(OneOf(BACKUP_FAILURES)),
  detail: OrNull(Type.String()),
});
export type Backup = Static<typeof Backup>;

/** The steps of a drill in their order; those from `migrations` on ask the restored database. */
export const DRILL_STEPS = [
  'choose',
  'archive',
  'verify',
  'fetch',
  'recover',
  'migrations',
  'counts',
  'digests',
  'chain',
  'order',
  'structure',
  'remove',
] as const;
export type DrillStepName = (typeof DRILL_STEPS)[number];
export type ProofStep = Extract<DrillStepName, 'migrations' | 'counts' | 'digests' | 'chain' | 'order' | 'structure'>;

/** Figures of a step by their names. */
export const DrillFigures = Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]));
export type DrillFigures = Static<typeof DrillFigures>;

export const DrillStep = Type.Object({
  name: OneOf(DRILL_STEPS),
  startedAt: Instant,
  endedAt: OrNull(Instant),
  figures: DrillFigures,
  faults: Type.Array(Type.String()),
});
export type DrillStep = Static<typeof DrillStep>;

export const DRILL_STATES = ['waiting', 'running', 'proven', 'failed'] as const;

export const Drill = Type.Object({
  id: IdText,
  state: OneOf(DRILL_STATES),
  askedBy: Type.String(),
  askedAt: Instant,
  target: Instant,
  backupId: OrNull(IdText),
  startedAt: OrNull(Instant),
  endedAt: OrNull(Instant),
  rtoSeconds: OrNull(Type.Number()),
  rpoSeconds: OrNull(Type.Number()),
  lastCommitAt: OrNull(Instant),
  steps: Type.Array(DrillStep),
  failure: OrNull(OneOf(BACKUP_FAILURES)),
  detail: OrNull(Type.String()),
});
export type Drill = Static<typeof Drill>;

export const Gap = Type.Object({ after: Type.String(), before: Type.String(), missing: Count });
export type Gap = Static<typeof Gap>;

export const BackupsBoard = Type.Object({
  /** Null where nothing is backed up: a database of one's own without `MINSHENG_BACKUP_URL`. */
  source: OrNull(OneOf(['embedded', 'outside'])),
  sites: Type.Array(Type.Object({ name: OneOf(SITES), place: Type.String(), bucket: Type.Boolean() })),
  policy: Type.Object({
    daily: Count,
    monthly: Count,
    yearly: Count,
    backupHours: Count,
    archiveMinutes: Count,
    provenDays: Count,
    rpoMinutes: Count,
    rtoMinutes: Count,
  }),
  archive: Type.Object({
    lastAt: OrNull(Instant),
    lastName: OrNull(Type.String()),
    segments: Count,
    storedBytes: Count,
    notAtSecond: Count,
    gaps: Type.Array(Gap),
    failedCount: Count,
    lastFailedAt: OrNull(Instant),
  }),
  lastGoodAt: OrNull(Instant),
  lastProven: OrNull(Type.Object({ drillId: IdText, at: Instant, target: Instant })),
  backups: Type.Array(Backup, { description: 'Those that are there, and what failed or was removed within 35 days; the newest first' }),
  drills: Type.Array(Drill, { description: 'The last 36, the newest first' }),
});
export type BackupsBoard = Static<typeof BackupsBoard>;

const span = { from: Type.Optional(Instant), to: Type.Optional(Instant) };
/** Of what was asked for in a span. A backup that was removed since had been good. */
export const BackupFilter = Type.Object({ ...span, result: Type.Optional(OneOf(['good', 'failed', 'unfinished'])), ...PageQuery });
export type BackupFilter = Static<typeof BackupFilter>;
export const DrillFilter = Type.Object({ ...span, state: Type.Optional(OneOf(DRILL_STATES)), ...PageQuery });
export type DrillFilter = Static<typeof DrillFilter>;

export const backupsApi = {
  board: route({
    method: 'GET',
    path: '/api/operations/backups',
    tag,
    access: 'operations.see',
    summary: { zh: '备份与恢复演练', en: 'Backups, their archive, and restore drills' },
    reply: BackupsBoard,
  }),
  past: route({
    method: 'GET',
    path: '/api/operations/past-backups',
    tag,
    access: 'operations.see',
    summary: { zh: '历次备份', en: 'Past backups, removed ones too' },
    query: BackupFilter,
    reply: PageOf(Backup),
  }),
  drills: route({
    method: 'GET',
    path: '/api/operations/restore-drills',
    tag,
    access: 'operations.see',
    summary: { zh: '历次恢复演练', en: 'Past restore drills' },
    query: DrillFilter,
    reply: PageOf(Drill),
  }),
  backUp: route({
    method: 'POST',
    path: '/api/operations/backups',
    tag,
    access: 'operations.handle',
    summary: { zh: '立即备份', en: 'Back up now' },
    status: 202,
    reply: Type.Object({ id: IdText }),
    errors: ['operations.no-backup-source', 'operations.backup-at-work'],
  }),
  verify: route({
    method: 'POST',
    path: '/api/operations/backups/:id/verify',
    tag,
    access: 'operations.handle',
    summary: { zh: '校验备份', en: 'Read a backup again at every site' },
    params: Type.Object({ id: IdText }),
    status: 202,
    reply: Type.Object({ id: IdText }),
    errors: ['operations.no-backup-source', 'base.not-found'],
  }),
  drill: route({
    method: 'POST',
    path: '/api/operations/restore-drills',
    tag,
    access: 'operations.handle',
    summary: { zh: '发起恢复演练', en: 'Drill a restore to an instant' },
    body: Type.Object({ target: Instant }, { additionalProperties: false }),
    status: 202,
    reply: Type.Object({ id: IdText }),
    errors: ['operations.no-backup-source', 'operations.drill-at-work', 'operations.target-ahead', 'operations.target-too-early'],
  }),
  drillOf: route({
    method: 'GET',
    path: '/api/operations/restore-drills/:id',
    tag,
    access: 'operations.see',
    summary: { zh: '恢复演练', en: 'A restore drill with its steps' },
    params: Type.Object({ id: IdText }),
    reply: Drill,
    errors: ['base.not-found'],
  }),
  report: route({
    method: 'GET',
    path: '/api/operations/restore-drills/:id/report',
    tag,
    access: 'operations.see',
    summary: { zh: '恢复演练报告', en: 'The report of a drill as a Word document' },
    params: Type.Object({ id: IdText }),
    reply: Bytes,
    errors: ['base.not-found', 'operations.drill-not-ended'],
  }),
};
