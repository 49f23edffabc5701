import { Type } from 'typebox';
import type { Lifecycle } from '../base/lifecycle.ts';
import { Instant, PlainText } from '../base/text.ts';
import { NormContent } from './norm.content.ts';

const Opinion = PlainText({ min: 4, max: 500 });

/** What is written down of a norm before anybody judges it. */
export const NormDraft = {
  title: PlainText({ min: 2, max: 100 }),
  source: PlainText({ min: 2, max: 200, description: 'The document the change rests on (依据)' }),
  content: NormContent,
};

/** A version of a norm (统一业务规范): drafted, tried on last month's orders, approved by somebody else, in force from its instant on. */
export const normLifecycle = {
  kind: 'norm',
  name: { zh: '业务规范', en: 'Norm' },
  initial: 'draft',
  states: {
    draft: { code: 'N10', name: { zh: '草案', en: 'Draft' }, tone: 'waiting' },
    trying: { code: 'N20', name: { zh: '试算中', en: 'Being tried' }, tone: 'working' },
    tried: { code: 'N30', name: { zh: '待批准', en: 'Waiting for approval' }, tone: 'waiting' },
    approved: { code: 'N40', name: { zh: '已批准', en: 'Approved' }, tone: 'done' },
    withdrawn: { code: 'N90', name: { zh: '已撤回', en: 'Withdrawn' }, tone: 'stopped', final: true },
  },
  actions: {
    revise: {
      name: { zh: '修改草案', en: 'Revise' },
      moves: { draft: 'draft', tried: 'draft' },
      permission: 'reference.draft-norms',
      input: Type.Object(NormDraft, { additionalProperties: false }),
      told: { zh: '草案已修改，须重新试算', en: 'The draft was revised and must be tried again' },
    },
    try: {
      name: { zh: '试算', en: 'Try on last month' },
      moves: { draft: 'trying', tried: 'trying' },
      permission: 'reference.draft-norms',
      input: Type.Object({}, { additionalProperties: false }),
      told: { zh: '按上月工单试算', en: "Tried on last month's orders" },
    },
    'end-trial': {
      name: { zh: '试算完成', en: 'End the trial' },
      moves: { trying: 'tried' },
      permission: 'reference.draft-norms',
      input: Type.Object({}),
      told: { zh: '试算完成，待批准', en: 'The trial ended; the draft waits for approval' },
      system: true,
    },
    approve: {
      name: { zh: '批准', en: 'Approve' },
      moves: { tried: 'approved' },
      permission: 'reference.approve-norms',
      input: Type.Object({ effectiveFrom: Instant, opinion: Opinion }, { additionalProperties: false }),
      told: { zh: '已批准，到期生效', en: 'Approved; in force from its instant on' },
    },
    'send-back': {
      name: { zh: '退回修改', en: 'Send back' },
      moves: { tried: 'draft' },
      permission: 'reference.approve-norms',
      input: Type.Object({ opinion: Opinion }, { additionalProperties: false }),
      told: { zh: '未批准，退回修改', en: 'Not approved; sent back' },
    },
    withdraw: {
      name: { zh: '撤回', en: 'Withdraw' },
      moves: { draft: 'withdrawn', trying: 'withdrawn', tried: 'withdrawn', approved: 'withdrawn' },
      permission: 'reference.draft-norms',
      input: Type.Object({ opinion: Opinion }, { additionalProperties: false }),
      told: { zh: '已撤回，不会生效', en: 'Withdrawn; it never takes effect' },
      danger: true,
    },
  },
  clocks: {},
} as const satisfies Lifecycle;

export type NormState = keyof typeof normLifecycle.states;
export type NormAction = keyof typeof normLifecycle.actions;

/** A version of an entry of the dispatch catalogue (派单目录). */
export const entryLifecycle = {
  kind: 'catalogue-entry',
  name: { zh: '派单目录条目', en: 'Catalogue entry' },
  initial: 'proposed',
  states: {
    proposed: { code: 'C10', name: { zh: '待批准', en: 'Waiting for approval' }, tone: 'waiting' },
    approved: { code: 'C20', name: { zh: '已批准', en: 'Approved' }, tone: 'done' },
    withdrawn: { code: 'C90', name: { zh: '已撤回', en: 'Withdrawn' }, tone: 'stopped', final: true },
  },
  actions: {
    approve: {
      name: { zh: '批准', en: 'Approve' },
      moves: { proposed: 'approved' },
      permission: 'reference.approve-catalogue',
      input: Type.Object({ effectiveFrom: Instant, opinion: Opinion }, { additionalProperties: false }),
      told: { zh: '已批准，到期生效', en: 'Approved; in force from its instant on' },
    },
    withdraw: {
      name: { zh: '撤回', en: 'Withdraw' },
      moves: { proposed: 'withdrawn', approved: 'withdrawn' },
      permission: 'reference.draft-catalogue',
      input: Type.Object({ opinion: Opinion }, { additionalProperties: false }),
      told: { zh: '已撤回，不会生效', en: 'Withdrawn; it never takes effect' },
      danger: true,
    },
  },
  clocks: {},
} as const satisfies Lifecycle;

export type EntryState = keyof typeof entryLifecycle.states;
export type EntryAction = keyof typeof entryLifecycle.actions;
