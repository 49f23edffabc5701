import type { CodeFacts } from '../base/base.codes.ts';

export const softwareCodes = {
  'operations.advisory-file': {
    kind: 'invalid',
    text: { zh: '漏洞文件无法导入：{reason}', en: 'This file of advisories cannot be imported: {reason}' },
  },
  'operations.sbom-file': {
    kind: 'invalid',
    text: { zh: '软件清单无法导入：{reason}', en: 'This inventory cannot be imported: {reason}' },
  },
  'operations.still-vulnerable': {
    kind: 'conflict',
    text: {
      zh: '最近一次软件清单中仍有受影响版本（{places}），更新清单后再验证',
      en: 'The last inventory still shows an affected version ({places}); take a new one first',
    },
  },
  'operations.canary-first': {
    kind: 'conflict',
    text: { zh: '涉及 {count} 处，须先在一处灰度修补', en: 'It stands in {count} places: patch one of them first' },
  },
  'operations.canary-too-short': {
    kind: 'conflict',
    text: { zh: '灰度须满 24 小时，{until} 后可全面修补', en: 'The canary stands for 24 hours; patch the rest after {until}' },
  },
} as const satisfies Record<string, CodeFacts>;
