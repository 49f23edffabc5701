import type { CodeFacts } from '../base/base.codes.ts';

export const assetsCodes = {
  'operations.no-such-asset': { kind: 'invalid', text: { zh: '登记册中没有 {key}', en: 'There is no {key} in the register' } },
  'operations.asset-circle': {
    kind: 'conflict',
    text: { zh: '{key} 已依赖本资产，不能互相依赖', en: '{key} stands on this one already; they cannot stand on each other' },
  },
} as const satisfies Record<string, CodeFacts>;
