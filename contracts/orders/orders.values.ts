import { Type } from 'typebox';
import { CategoryCode, OneOf, PlainText } from '../base/text.ts';
import { APPEAL_TYPES } from '../reference/reference.values.ts';

export const REFUSAL_REASONS = ['N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7', 'N8', 'N9'] as const;
export const RESULT_TYPES = ['01', '02', '03', '04', '05', '06', '07', '99'] as const;
export const VISIT_MODES = ['01', '02', '03', '04'] as const;
export const VISIT_MISSES = ['01', '02', '03', '04', '05', '06', '07', '08'] as const;
export const CHECK_FAULTS = ['off-topic', 'not-contacted', 'no-evidence', 'unclear'] as const;
/** Why a unit gives an order back (退回原因). */
export const RETURN_REASONS = ['R1', 'R2', 'R3', 'R4', 'R5', 'R9'] as const;
/** What a suspension may wait for (挂起原因, DOMAIN §1.3). */
export const SUSPENSION_CAUSES = ['caller', 'force-majeure', 'legal'] as const;
/** What brings an order under oversight (督办来源). */
export const OVERSIGHT_CAUSES = ['overdue', 'redo', 'repeated', 'leader', 'media', 'other'] as const;
/** Why a closed order does not count in the rates (剔除原因). */
export const EXCLUSION_CAUSES = ['reasonable', 'no-object', 'malicious', 'policy'] as const;
/** Why what tells of the citizen is purged (清除依据). */
export const PURGE_GROUNDS = ['retention', 'citizen-request'] as const;
/** Where a caller is handed over to at once (一键转接). */
export const HAND_OVERS = ['110', '119', '120', '122'] as const;
/** How a call is passed on to another seat (转接方式). */
export const CALL_MODES = ['warm', 'cold', 'three-party'] as const;

export const Urgency = Type.Integer({ minimum: 1, maximum: 4, description: '1 特急 2 紧急 3 普通 4 疑难' });
export const Opinion = Type.Optional(PlainText({ max: 500 }));
export const Classification = {
  type: Type.Optional(OneOf(APPEAL_TYPES)),
  category: Type.Optional(CategoryCode),
  urgency: Type.Optional(Urgency),
};
