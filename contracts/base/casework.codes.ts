import type { CodeFacts } from './base.codes.ts';

/** What the engine of cases refuses, whatever the kind of case. */
export const caseworkCodes = {
  'casework.not-allowed-now': {
    kind: 'conflict',
    text: { zh: '当前状态“{state}”不能执行“{action}”', en: 'In the state "{state}" one cannot "{action}"' },
  },
  'casework.asker-decides': { kind: 'forbidden', text: { zh: '申请人不能审批自己的申请', en: 'Nobody decides what he asked for himself' } },
  'casework.already-decided': {
    kind: 'conflict',
    text: { zh: '该申请已有结果，不能再次审批', en: 'This request has been decided already' },
  },
} as const satisfies Record<string, CodeFacts>;
