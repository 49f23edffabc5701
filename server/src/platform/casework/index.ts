/** The one loop of every case: judge by the lifecycle table, run clocks on the working calendar, take their steps. */
export * from './judge.ts';
export * from './kind.ts';
export { createEngine } from './engine.ts';
export * from './clocks.ts';
export * from './turning.ts';
export { takeClockStep, tell } from './telling.ts';
export * from './clock.store.ts';
export { recomputeProvisional } from './recompute.ts';
export * from './approval.store.ts';
export { createAuditor, type Auditor } from './auditor.ts';
export { brokenPromises } from './promises.ts';
export { promisesRoutes } from './promises.routes.ts';
export { isAuditorSilent } from './promises.views.ts';
