import type { Words } from '#contracts/base/text.ts';

export const actionText = {
  panel: { zh: '办理', en: 'Actions' },
  none: { zh: '当前没有您可以办理的操作', en: 'There is nothing for you to do here now' },
  optional: { zh: '可不填', en: 'optional' },
  submit: { zh: '提交：{name}', en: 'Send: {name}' },
  close: { zh: '收起', en: 'Close' },
  required: { zh: '必填', en: 'is required' },
  short: { zh: '至少 {min} 个字', en: 'at least {min} characters' },
  done: { zh: '{name}：已完成，当前状态“{state}”', en: '{name}: done; the state is now "{state}"' },
  confirm: { zh: '确定{name}？', en: '{name}?' },
  confirmNote: { zh: '此操作不能撤回。', en: 'This cannot be taken back.' },
  confirmYes: { zh: '确定', en: 'Yes' },
  confirmNo: { zh: '再想想', en: 'Not yet' },
  changed: { zh: '工单刚被他人更新', en: 'Somebody changed this order meanwhile' },
  changedState: { zh: '状态由“{before}”变为“{after}”。', en: 'The state went from "{before}" to "{after}".' },
  changedSame: { zh: '状态仍是“{after}”，内容有更新。', en: 'The state is still "{after}"; other things changed.' },
  lastLine: { zh: '最近：{line}（{actor}）', en: 'Last: {line} ({actor})' },
  keptOpen: { zh: '您填写的内容还在，核对后可以再次提交。', en: 'What you typed is still here; check it and send again.' },
  keptShut: {
    zh: '当前状态不能再“{name}”。您填写的内容还在，可复制后收起。',
    en: '"{name}" is no longer possible. What you typed is still here to copy.',
  },
  now: { zh: '不填即为现在', en: 'Empty means now' },
} as const;

/** The names of fields, for all actions or for one. */
const fieldNames: Readonly<Record<string, Words>> = {
  opinion: { zh: '意见', en: 'Opinion' },
  attachments: { zh: '附件', en: 'Files' },
  type: { zh: '诉求类型', en: 'Type' },
  category: { zh: '诉求分类', en: 'Category' },
  urgency: { zh: '紧急程度', en: 'Urgency' },
  unit: { zh: '承办单位', en: 'Unit' },
  text: { zh: '答复内容', en: 'Answer' },
  basis: { zh: '办理依据', en: 'Basis' },
  reason: { zh: '事由', en: 'Reason' },
  'refuse.reason': { zh: '不予受理原因', en: 'Reason' },
  explanation: { zh: '告知诉求人的说明与途径', en: 'Explanation and legal route' },
  mode: { zh: '方式', en: 'How' },
  'contact.mode': { zh: '联系方式', en: 'How' },
  'contact.note': { zh: '联系情况', en: 'What was said' },
  'contact.at': { zh: '联系时间', en: 'When' },
  note: { zh: '备注', en: 'Note' },
  at: { zh: '时间', en: 'When' },
  resultType: { zh: '办理结果', en: 'Result' },
  'reply.text': { zh: '答复内容', en: 'Reply' },
  fault: { zh: '退回原因', en: 'Fault' },
  'fail.opinion': { zh: '退回意见', en: 'Opinion' },
  result: { zh: '未接通原因', en: 'Why it failed' },
  satisfaction: { zh: '满意程度', en: 'Satisfaction' },
  solved: { zh: '是否解决', en: 'Solved' },
  reasons: { zh: '不满意原因', en: 'What was wrong' },
  comment: { zh: '诉求人意见', en: "The citizen's words" },
  days: { zh: '工作日数', en: 'Working days' },
  amount: { zh: '数量', en: 'Amount' },
};

export function fieldName(action: string, field: string): Words {
  return fieldNames[`${action}.${field}`] ?? fieldNames[field] ?? { zh: field, en: field };
}
