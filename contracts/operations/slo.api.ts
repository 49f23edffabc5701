import { Type, type Static } from 'typebox';
import { LOAD_CLASSES, loadNames, RESPONSE_TARGETS } from '../base/load.ts';
import { route, type LoadClass } from '../base/route.ts';
import { DayText, OrNull, type Words } from '../base/text.ts';

/** What an objective counts: answers that did not fail, answers in time, clocks of faults that were kept. */
export type Indicator =
  | { readonly of: 'available' | 'fast'; readonly kind: LoadClass }
  | { readonly of: 'clock'; readonly clock: 'respond' | 'fix' };

/** A service level objective: of all that counts, the part that is to be good in a month. */
export interface Slo {
  readonly key: string;
  readonly name: Words;
  readonly target: number;
  readonly indicator: Indicator;
}

/** DOMAIN §5.1: the core 99.9 % a month, the others 99.5 %. Filing and handling are the core. */
const AVAILABLE: Readonly<Record<LoadClass, number>> = { submit: 0.999, handling: 0.999, query: 0.995, heavy: 0.995 };
/** 95 of 100 answers stay within the target of their class. */
const FAST = 0.95;

/** The objectives of the platform; each is told for a month of Beijing. */
export const SLOS: readonly Slo[] = [
  ...LOAD_CLASSES.map((kind): Slo => ({
    key: `available-${kind}`,
    name: { zh: `${loadNames[kind].zh}可用`, en: `${loadNames[kind].en} available` },
    target: AVAILABLE[kind],
    indicator: { of: 'available', kind },
  })),
  // What is imported, exported and counted takes as long as there is of it.
  ...LOAD_CLASSES.filter((kind) => kind !== 'heavy').map((kind): Slo => ({
    key: `fast-${kind}`,
    name: {
      zh: `${loadNames[kind].zh}在 ${RESPONSE_TARGETS[kind]} 毫秒内`,
      en: `${loadNames[kind].en} within ${RESPONSE_TARGETS[kind]} ms`,
    },
    target: FAST,
    indicator: { of: 'fast', kind },
  })),
  {
    key: 'respond',
    name: { zh: '故障按时响应', en: 'Faults acknowledged in time' },
    target: 0.98,
    indicator: { of: 'clock', clock: 'respond' },
  },
  { key: 'fix', name: { zh: '故障按时修复', en: 'Faults fixed in time' }, target: 0.95, indicator: { of: 'clock', clock: 'fix' } },
];

/** The windows a burn rate is told over: a long one, and a short one that ends with it (Site Reliability Workbook, chapter 5). */
export const BURN_WINDOWS = ['1h', '6h', '3d'] as const;
export type BurnWindow = (typeof BURN_WINDOWS)[number];

const Burn = OrNull(Type.Number({ description: 'How many times faster than allowed the budget is spent' }));

export const SloState = Type.Object({
  key: Type.String(),
  name: Type.Object({ zh: Type.String(), en: Type.String() }),
  target: Type.Number({ description: 'A part of one' }),
  all: Type.Integer(),
  bad: Type.Integer(),
  value: OrNull(Type.Number({ description: 'The part that was good; null where nothing counted' })),
  left: OrNull(Type.Number({ description: 'The part of the error budget that is left; below nought where it is overspent' })),
  burn: Type.Object({ '1h': Burn, '6h': Burn, '3d': Burn }, { description: 'Now, whatever the month; null where too little happened' }),
  curve: Type.Array(Type.Object({ day: DayText, left: Type.Number() }), { description: 'What was left at the end of each day' }),
});
export type SloState = Static<typeof SloState>;

const Month = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' });

export const sloApi = {
  list: route({
    method: 'GET',
    path: '/api/operations/slos',
    tag: 'operations',
    access: 'operations.see',
    summary: { zh: '服务目标与误差预算', en: 'Service level objectives and their error budgets' },
    query: Type.Object({ month: Type.Optional(Month) }),
    reply: Type.Object({ month: Month, items: Type.Array(SloState) }),
  }),
};
