import type { CodeFacts } from '../base/base.codes.ts';

export const referenceCodes = {
  'reference.unknown-region': { kind: 'invalid', text: { zh: '区划代码不存在', en: 'There is no such region' } },
  'reference.region-outside': {
    kind: 'invalid',
    text: { zh: '不在江苏省范围内，请联系事发地 12345', en: 'is outside Jiangsu; please turn to the 12345 of that place' },
  },
  'reference.unknown-unit': {
    kind: 'invalid',
    text: { zh: '承办单位不存在或已停用', en: 'There is no such unit, or it is no longer in use' },
  },
  'reference.unknown-category': { kind: 'invalid', text: { zh: '分类代码不存在', en: 'There is no such category' } },
  'reference.no-limit': {
    kind: 'conflict',
    text: { zh: '该类诉求没有适用的时限规则', en: 'No limit is in force for this kind of appeal' },
  },
  'reference.bad-calendar': {
    kind: 'invalid',
    text: {
      zh: '日历第 {line} 行有误：应为 日期,名称,off|work，且同属一年',
      en: 'Line {line} of the calendar is wrong: date,name,off|work of one year is expected',
    },
  },
  'reference.calendar-known': {
    kind: 'conflict',
    text: { zh: '{year} 年日历已发布，不能覆盖', en: 'The calendar of {year} is already published' },
  },
  'reference.limit-in-past': {
    kind: 'invalid',
    text: {
      zh: '新的时限只能从今后生效，不能改写已开始的时钟',
      en: 'A new limit may only take effect in the future; running clocks are never rewritten',
    },
  },
} as const satisfies Record<string, CodeFacts>;
