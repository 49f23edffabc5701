import { Type } from 'typebox';
import type { ActionFacts } from '../base/lifecycle.ts';
import { OneOf, PlainText } from '../base/text.ts';
import type { OrderState } from './orders.states.ts';
import { PURGE_GROUNDS } from './orders.values.ts';

const input = Type.Object({ reason: PlainText({ min: 4, max: 200 }) }, { additionalProperties: false });

/** An order that nobody handles any more: what is done here moves nothing. */
const ended = { closed: 'closed', answered: 'answered', archived: 'archived', refused: 'refused', cancelled: 'cancelled' } as const;

/** What is done with the citizen's own data beside the way of the order: by two people, and on record. */
export const privacyActions = {
  'reveal-contact': {
    name: { zh: '查看保密诉求人', en: 'Reveal a confidential citizen' },
    // Not where an order has ended without an answer: nobody has a reason to call any more.
    moves: {
      filed: 'filed',
      merged: 'merged',
      'pending-dispatch': 'pending-dispatch',
      reviewing: 'reviewing',
      dispatched: 'dispatched',
      'return-pending': 'return-pending',
      coordinating: 'coordinating',
      handling: 'handling',
      replied: 'replied',
      'pending-follow-up': 'pending-follow-up',
      'following-up': 'following-up',
      redo: 'redo',
      closed: 'closed',
      answered: 'answered',
      archived: 'archived',
    },
    permission: 'appeals.reveal-contact',
    input,
    told: { zh: '获准查看保密诉求人', en: 'Revealing the confidential citizen was approved' },
    second: {
      permission: 'appeals.approve-reveal',
      lapsesAfterHours: 8,
      asked: { zh: '申请查看保密诉求人', en: 'Revealing the confidential citizen was asked for' },
      declined: { zh: '查看保密诉求人未获批准', en: 'Revealing the confidential citizen was declined' },
    },
  },
  purge: {
    name: { zh: '清除个人信息', en: 'Purge personal data' },
    moves: { archived: 'archived', refused: 'refused', cancelled: 'cancelled' },
    permission: 'orders.purge',
    input: Type.Object(
      {
        ground: OneOf(PURGE_GROUNDS, 'The retention is over, or the citizen asks for it (PIPL article 47)'),
        request: Type.Optional(PlainText({ min: 4, max: 100, description: "The citizen's request: its number, or its date and way" })),
        basis: PlainText({ min: 4, max: 200, description: 'Legal basis' }),
        reason: PlainText({ min: 4, max: 200, description: 'Stays readable on the receipt; must not name the citizen' }),
      },
      { additionalProperties: false },
    ),
    told: { zh: '个人信息已清除', en: 'Personal data were purged' },
    danger: true,
    second: {
      permission: 'orders.approve-purge',
      lapsesAfterHours: 72,
      asked: { zh: '申请清除个人信息', en: 'Purging personal data was asked for' },
      declined: { zh: '清除个人信息申请未通过', en: 'Purging personal data was declined' },
    },
  },
  preserve: {
    name: { zh: '证据保全', en: 'Preserve as evidence' },
    moves: ended,
    permission: 'orders.purge',
    input: Type.Object(
      { basis: PlainText({ min: 4, max: 200 }), reason: PlainText({ min: 4, max: 200 }) },
      { additionalProperties: false },
    ),
    told: { zh: '列入证据保全，不得清除', en: 'It is preserved as evidence and must not be purged' },
  },
  'end-preservation': {
    name: { zh: '解除保全', en: 'End the preservation' },
    moves: ended,
    permission: 'orders.purge',
    input: Type.Object({ reason: PlainText({ min: 4, max: 200 }) }, { additionalProperties: false }),
    told: { zh: '证据保全已解除', en: 'The preservation ended' },
  },
} as const satisfies Record<string, ActionFacts<OrderState>>;

/** How long what was approved stays open, for whoever asked and for nobody else. */
export const REVEALED_FOR_MINUTES = 30;
