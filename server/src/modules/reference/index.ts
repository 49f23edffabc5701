/**
 * Reference data: regions, handling units, categories, code lists, the working calendar and the limits matrix.
 *
 * Shipped as files in `server/db/reference` and loaded at the start; calendar years and limits are added in the console
 * as versions with effective instants. Owns the schema `reference`. Uses nobody; everybody uses it.
 */
export { createReferenceService, type Reference } from './reference.service.ts';
export { referenceRoutes } from './reference.routes.ts';
export { seedReference } from './reference.seed.ts';
