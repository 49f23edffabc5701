import type { CodeFacts } from '../base/base.codes.ts';

export const ordersCodes = {
  'orders.not-allowed-now': {
    kind: 'conflict',
    text: { zh: '当前状态“{state}”不能执行“{action}”', en: 'In the state "{state}" one cannot "{action}"' },
  },
  'orders.answer-needs-consultation': {
    kind: 'conflict',
    text: { zh: '只有咨询、感谢类诉求可以直接答复办结', en: 'Only consultations and thanks can be answered on the spot' },
  },
  'orders.contact-first': {
    kind: 'conflict',
    text: { zh: '请先联系诉求人并记录，再提交答复', en: 'Contact the citizen first and record it, then reply' },
  },
  'orders.attempts-left': {
    kind: 'conflict',
    text: {
      zh: '回访满 3 次未接通方可按未评价办结，目前 {attempts} 次',
      en: 'It may be closed unrated after three attempts; there were {attempts}',
    },
  },
  'orders.unit-not-in-scope': {
    kind: 'invalid',
    text: { zh: '该单位不在您的派单范围内', en: 'This unit is outside what you may dispatch to' },
  },
  'orders.archive-too-early': {
    kind: 'conflict',
    text: { zh: '办结满 7 天后方可归档', en: 'It may be archived seven days after closing' },
  },
  'orders.checker-is-replier': { kind: 'forbidden', text: { zh: '答复人不能审核自己的答复', en: 'Nobody checks his own reply' } },
} as const satisfies Record<string, CodeFacts>;
