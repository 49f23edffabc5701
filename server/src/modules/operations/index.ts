/**
 * The operations centre: what the platform measures of itself. Tables of the schema `operations`; its people work in the scope of
 * that name.
 *
 * Series are sampled by every node and packed by one ({@link createSampler}, {@link createPacker}); rules judge them.
 * Inspections look at all of it by a schedule, also at the database (`inspections/`).
 */
export { seedInspections } from './inspections/inspections.seed.ts';
export { createOperations, type Operations } from './operations.ts';
export { recordClockTables } from './records/records.rules.ts';
export type { Records } from './records/records.service.ts';
export type { NewRecord } from './records/records.store.ts';
export { seedOperations } from './operations.seed.ts';
