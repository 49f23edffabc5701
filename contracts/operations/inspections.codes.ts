import type { CodeFacts } from '../base/base.codes.ts';

export const inspectionsCodes = {
  'inspections.no-such-template': { kind: 'invalid', text: { zh: '没有这个巡检模板', en: 'There is no such template of inspections' } },
  'inspections.asked-just-now': {
    kind: 'limited',
    text: { zh: '一分钟内刚巡检过，请稍候', en: 'This was inspected within the last minute; please wait' },
  },
  'inspections.done': {
    kind: 'conflict',
    text: { zh: '这次巡检已签认，不能再改', en: 'This inspection was signed and cannot be changed' },
  },
  'inspections.not-manual': {
    kind: 'invalid',
    text: { zh: '这一项由系统自动检查，不能手工填写', en: 'This item is checked by the platform, not by hand' },
  },
  'inspections.overtaken': {
    kind: 'conflict',
    text: { zh: '{name} 刚刚填写了这一项，请核对后再改', en: '{name} has just answered this item; look at that answer first' },
  },
  'inspections.say-what': {
    kind: 'invalid',
    text: { zh: '判为异常时请写明情况', en: 'Say what is wrong where an item is not as it should be' },
  },
  'inspections.items-open': {
    kind: 'conflict',
    text: { zh: '还有 {count} 项没有检查，不能签认', en: '{count} items are not answered yet, so it cannot be signed' },
  },
  'inspections.finding-closed': { kind: 'conflict', text: { zh: '这个异常已关闭', en: 'This finding is closed' } },
  'inspections.verdict-needed': {
    kind: 'invalid',
    text: { zh: '这一项须由人复查，请给出结论', en: 'This item is checked by a person: please give the verdict' },
  },
} as const satisfies Record<string, CodeFacts>;
