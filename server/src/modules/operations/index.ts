/**
 * The operations centre: what the platform measures of itself. Tables of the schema `operations`; its people work in the scope of
 * that name.
 *
 * Backups are taken, archived, verified and drilled ({@link createBackups}, {@link createDrills}).
 *
 * Series are sampled by every node and packed by one ({@link createSampler}, {@link createPacker}); rules judge them. Lines of the
 * log come from every node by its outlet, from the database's own log and from other programs.
 * What a fault comes from is looked for in `diagnosis/`: statements, locks, profiles of nodes, messages sent outside.
 * Inspections look at all of it by a schedule, also at the database (`inspections/`).
 */
export { createOutlet, type LogOutlet } from './logs/shipper.ts';
export { seedInspections } from './inspections/inspections.seed.ts';
export { recordClockTables } from './records/records.rules.ts';
export type { Records } from './records/records.service.ts';
export type { NewRecord } from './records/records.store.ts';
export { seedOperations } from './operations.seed.ts';
export { restoreCommand, RESTORE_USAGE } from './backups/restore.command.ts';
export { ARCHIVE_SECONDS } from './backups/policy.ts';
export { lastBackupYear } from './backups/retention.rules.ts';
export { embeddedSource, outsideSource, type Source } from './backups/source.ts';
export { createOperations, OPERATIONS_QUEUES, type Operations } from './operations.ts';
