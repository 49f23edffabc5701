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
  'reference.norm-in-past': {
    kind: 'invalid',
    text: {
      zh: '生效时间须晚于现在，已开始的时钟不改写',
      en: 'must lie in the future; running clocks are never rewritten',
    },
  },
  'reference.norm-before-another': {
    kind: 'invalid',
    text: { zh: '须晚于第 {version} 版的生效时间', en: 'must be later than the instant version {version} takes effect at' },
  },
  'reference.norm-over': {
    kind: 'conflict',
    text: { zh: '已经生效，不能撤回；请起草新的一版', en: 'It is in force and cannot be withdrawn; draft another version' },
  },
  'reference.norm-region': {
    kind: 'invalid',
    text: { zh: '不在您管理的区域，或不是设区市', en: 'is not a region you are responsible for, or is not a city' },
  },
  'reference.norm-loosens': {
    kind: 'invalid',
    text: {
      zh: '放宽了省规范：本条“{line}”为 {value}，省规范为 {province}；设区市补充规定只能收紧',
      en: 'loosens the norm of the province: "{line}" says {value}, the province {province}; a supplement may only tighten',
    },
  },
  'reference.norm-gap': {
    kind: 'invalid',
    text: { zh: '省规范缺少时限：{line}', en: 'the norm of the province lacks a limit: {line}' },
  },
  'reference.norm-twice': { kind: 'invalid', text: { zh: '与前面的一条重复', en: 'says again what an earlier line says' } },
  'reference.whole-workdays': { kind: 'invalid', text: { zh: '工作日须为整数', en: 'must be a whole number of working days' } },
  'reference.norm-empty': {
    kind: 'invalid',
    text: { zh: '补充规定没有任何一条规则', en: 'the supplement holds no rule at all' },
  },
  'reference.own-norm': {
    kind: 'forbidden',
    text: { zh: '起草人不能批准或退回自己的规范', en: 'Nobody approves or sends back a norm that he drafted' },
  },
  'reference.field-by-norm': {
    kind: 'invalid',
    text: { zh: '按规范必填（依据：{source}）', en: 'is required by the norm ({source})' },
  },
  'reference.reply-short': {
    kind: 'invalid',
    text: {
      zh: '按规范至少 {limit} 个字（依据：{source}）',
      en: 'has fewer than the {limit} characters that the norm asks for ({source})',
    },
  },
  'reference.reply-phrase': {
    kind: 'invalid',
    text: {
      zh: '含有规范禁止的空话“{phrase}”，请写明办理结果',
      en: 'holds the empty words "{phrase}" that the norm forbids; say what was done',
    },
  },
  'reference.answer-reviewed': {
    kind: 'conflict',
    text: {
      zh: '该分类按规范须经复核，不能直接答复，请派单办理（依据：{source}）',
      en: 'By the norm this category is reviewed and not answered on the spot; dispatch it ({source})',
    },
  },
  'reference.category-out-of-use': {
    kind: 'invalid',
    text: { zh: '规范已停用该分类，请另选', en: 'is out of use by the norm; please choose another' },
  },
  'reference.entry-owner': {
    kind: 'invalid',
    text: { zh: '请指定一个单位，或单位类型加层级，二者选一', en: 'Name a unit, or a kind of unit with its level; one of the two' },
  },
  'reference.entry-waits': {
    kind: 'conflict',
    text: { zh: '该条目已有一版待批准', en: 'A version of this entry waits for approval already' },
  },
  'reference.own-entry': {
    kind: 'forbidden',
    text: { zh: '提出人不能批准自己的目录条目', en: 'Nobody approves a catalogue entry that he proposed' },
  },
} as const satisfies Record<string, CodeFacts>;
