import { Type } from 'typebox';
import { OneOf, PlainText } from '../base/text.ts';

/** What a follow-up call or the citizen's own rating says. */
export const Verdict = {
  satisfaction: Type.Integer({ minimum: 1, maximum: 5, description: '5 非常满意 … 1 非常不满意' }),
  solved: OneOf(['1', '2', '3'] as const, '1 已解决 2 部分解决 3 未解决'),
  reasons: Type.Optional(Type.Array(OneOf(['01', '02', '03', '04', '05'] as const), { maxItems: 5 })),
  comment: Type.Optional(PlainText({ max: 500 })),
};
