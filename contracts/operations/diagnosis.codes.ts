import type { CodeFacts } from '../base/base.codes.ts';

export const diagnosisCodes = {
  'diagnosis.no-statistics': {
    kind: 'conflict',
    text: { zh: '数据库没有语句统计：{why}', en: 'The database keeps no statistics of statements: {why}' },
  },
  'diagnosis.no-such-statement': {
    kind: 'missing',
    text: { zh: '统计里没有这条语句，可能已被清零或挤出', en: 'There is no such statement in the statistics; it was reset or pushed out' },
  },
  'diagnosis.server-too-old': {
    kind: 'conflict',
    text: { zh: '执行计划需要 PostgreSQL 16 及以上，现为 {version}', en: 'A plan needs PostgreSQL 16 or newer; this is {version}' },
  },
  'diagnosis.no-plan': {
    kind: 'conflict',
    text: { zh: '这条语句没有执行计划：{why}', en: 'This statement has no plan: {why}' },
  },
  'diagnosis.no-right': {
    kind: 'conflict',
    text: { zh: '权限不足。由数据库管理员执行：{remedy}', en: 'Not allowed. Let an administrator of the database run: {remedy}' },
  },
  'diagnosis.session-gone': {
    kind: 'conflict',
    text: { zh: '会话 {pid} 已不在，或进程号已属于另一会话', en: 'The session {pid} is gone, or its number belongs to another by now' },
  },
  'diagnosis.session-kept': {
    kind: 'forbidden',
    text: {
      zh: '不能结束会话 {pid}：{why}',
      en: 'The session {pid} is not ended: {why}',
    },
  },
  'diagnosis.no-such-node': {
    kind: 'invalid',
    text: { zh: '节点 {node} 没有报到', en: 'The node {node} is not heard of' },
  },
  'diagnosis.profile-at-work': {
    kind: 'conflict',
    text: { zh: '节点 {node} 正在采样，请等它结束', en: 'A profile of the node {node} is being taken; please wait for its end' },
  },
  'diagnosis.profile-not-done': {
    kind: 'conflict',
    text: { zh: '采样没有结果可供下载', en: 'This profile has no result to download' },
  },
  'diagnosis.message-waits': {
    kind: 'conflict',
    text: { zh: '消息还在等待发送，不必重发', en: 'The message still waits to be sent; there is nothing to repeat' },
  },
  'diagnosis.repeated-already': {
    kind: 'conflict',
    text: { zh: '这条消息的重发还在途中', en: 'A repeat of this message is on its way already' },
  },
  'diagnosis.no-address': {
    kind: 'conflict',
    text: {
      zh: '{name} 没有登记电话或邮箱，无处可发',
      en: '{name} has left neither number nor address to send it to',
    },
  },
} as const satisfies Record<string, CodeFacts>;
