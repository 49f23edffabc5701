import { Type } from 'typebox';
import { Named, OneOf, PlainText, type Words } from '../../base/text.ts';

/** Where a record came from: the seven sources of chapter 3, and what the centre finds by itself (DOMAIN §5.2). */
export const RECORD_SOURCES = {
  phone: { zh: '电话', en: 'Telephone' },
  wechat: { zh: '微信', en: 'WeChat' },
  order: { zh: '工单', en: 'Order' },
  inspection: { zh: '巡检', en: 'Inspection' },
  alert: { zh: '告警', en: 'Alert' },
  meeting: { zh: '会议', en: 'Meeting' },
  superior: { zh: '上级', en: 'Superior' },
  'post-mortem': { zh: '复盘', en: 'Post-mortem' },
  import: { zh: '导入', en: 'Import' },
} as const satisfies Record<string, Words>;
export type RecordSource = keyof typeof RECORD_SOURCES;

/** 1 is the gravest, in every kind. */
export const RECORD_LEVELS = [1, 2, 3, 4] as const;

/** Why the clocks of a fault stand (DOMAIN §5.1). */
export const PAUSES = {
  user: { zh: '等待用户', en: 'Waiting for the user' },
  'third-party': { zh: '等待第三方', en: 'Waiting for a third party' },
  window: { zh: '等待变更窗口', en: 'Waiting for a change window' },
} as const satisfies Record<string, Words>;

export const note = (min: number, max = 2000) => PlainText({ min, max });
export const Note = Named({ zh: '说明', en: 'Note' }, note(4));
export const Reason = Named({ zh: '理由', en: 'Reason' }, note(4, 1000));
export const Level = (names: Readonly<Record<number, Words>>) =>
  Named({ zh: '级别', en: 'Level' }, Type.Unsafe<number>({ type: 'integer', enum: [...RECORD_LEVELS] }), names);
export const Component = PlainText({ min: 1, max: 120, description: 'What it is about, by its key in the register' });
export const Source = Named({ zh: '来源', en: 'Source' }, OneOf(Object.keys(RECORD_SOURCES) as RecordSource[]), RECORD_SOURCES);
export const Account = Type.String({ format: 'uuid', description: 'An account' });

export const closed = { additionalProperties: false } as const;
