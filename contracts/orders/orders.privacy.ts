import { Type } from 'typebox';
import type { ActionFacts } from '../base/lifecycle.ts';
import { PlainText } from '../base/text.ts';
import type { OrderState } from './orders.states.ts';

const input = Type.Object({ reason: PlainText({ min: 4, max: 200 }) }, { additionalProperties: false });

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
} as const satisfies Record<string, ActionFacts<OrderState>>;

/** How long what was approved stays open, for whoever asked and for nobody else. */
export const REVEALED_FOR_MINUTES = 30;
