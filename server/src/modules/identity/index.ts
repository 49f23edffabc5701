/**
 * Identity: accounts, log-in, sessions and API keys, and the reading of the audit log.
 *
 * Owns the schema `identity`, which no scope of a request can read; only the gate can. Uses nobody.
 */
export { createIdentityService, type Identity } from './identity.service.ts';
export { createAuthenticate, identityRoutes, sessionOf } from './identity.routes.ts';
export { peopleHolding, personName } from './identity.views.ts';
