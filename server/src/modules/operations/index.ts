/**
 * The operations centre: what the platform measures of itself. Tables of the schema `operations`; its people work in the scope of
 * that name.
 *
 * Series are sampled by every node and packed by one ({@link createSampler}, {@link createPacker}); rules judge them.
 */
export { readDatabase } from './series/database.ts';
export { readRegistry } from './series/registry.ts';
export { seriesRoutes } from './series/series.routes.ts';
export { createPacker, createSampler } from './series/series.service.ts';
