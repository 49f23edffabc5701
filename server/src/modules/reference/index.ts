/**
 * Reference data: regions, handling units, categories, code lists, the working calendar; the unified norms (limits, required
 * fields, classification, reply rules) and the dispatch catalogue (which unit owns which matter).
 *
 * Shipped as files in `server/db/reference` and loaded at the start; calendar years, norms and catalogue entries are added in the
 * console as versions with effective instants. Owns the schema `reference`. Uses nobody; everybody uses it.
 */
export { createReferenceService, type Reference } from './reference.service.ts';
export { referenceRoutes } from './reference.routes.ts';
export { seedReference } from './reference.seed.ts';
export { createNorms, type Norms, type Samples } from './norms/norms.service.ts';
export { normsRoutes } from './norms/norms.routes.ts';
export { normLoops } from './norms/norms.jobs.ts';
export { inForce, knowsCategory, limitIn, PROVINCE, type Norm } from './norms/norms.rules.ts';
export type { NormSample } from './norms/trial.rules.ts';
export { createCatalogue, type Catalogue } from './catalogue/catalogue.service.ts';
export { catalogueRoutes } from './catalogue/catalogue.routes.ts';
