/**
 * The operations centre: what the platform measures of itself. Tables of the schema `operations`; its people work in the scope of
 * that name.
 *
 * Series are sampled by every node and packed by one ({@link createSampler}, {@link createPacker}); rules judge them. Lines of the
 * log come from every node by its outlet, from the database's own log and from other programs.
 */
export { createOutlet, type LogOutlet } from './logs/shipper.ts';
export { createOperations, OPERATIONS_QUEUES } from './operations.ts';
