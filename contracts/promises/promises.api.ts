import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { Instant, OneOf, OrNull } from '../base/text.ts';

const tag = 'promises';
const Count = Type.Integer({ minimum: 0 });

/**
 * How a promise of a clock can be broken: its instant passed and nobody took it; it was passed over; no next one is kept
 * though one is to come; the instant that is kept is not the table's.
 */
export const FAULT_KINDS = ['overdue', 'untaken', 'lost', 'misplaced'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const Step = {
  caseKind: Type.String(),
  caseId: Type.String({ format: 'uuid' }),
  region: Type.String(),
  clock: Type.String(),
  step: Type.String(),
  promisedAt: Instant,
};
export const PromiseFault = Type.Object({ ...Step, kind: OneOf(FAULT_KINDS), foundAt: Instant, endedAt: OrNull(Instant) });
export type PromiseFault = Static<typeof PromiseFault>;
export const LateStep = Type.Object({ ...Step, takenAt: Instant });
export type LateStep = Static<typeof LateStep>;

export const PromiseAudit = Type.Object({
  at: Instant,
  compared: Count,
  roundEnded: Type.Boolean({ description: 'Whether every open clock was compared with this one' }),
  late: Count,
  overdue: Count,
  faults: Count,
});
export type PromiseAudit = Static<typeof PromiseAudit>;

/** Longer without a comparison, and the auditor counts as silent. */
export const SILENT_AFTER_MS = 180_000;

export const promisesApi = {
  board: route({
    method: 'GET',
    path: '/api/promises',
    tag,
    access: 'operations.see',
    summary: { zh: '时限承诺核对', en: 'Promised steps of clocks against those taken' },
    reply: Type.Object({
      silent: Type.Boolean(),
      openClocks: Count,
      lastRound: OrNull(Instant),
      audits: Type.Array(PromiseAudit, { description: 'Of the last hour, the newest first' }),
      faults: Type.Array(PromiseFault, { description: 'Open ones first, then those of the last seven days; 200 at most' }),
      late: Type.Array(LateStep, { description: 'Of the last seven days, the newest first; 200 at most' }),
    }),
  }),
};
