import type { CodeFacts } from '../base/base.codes.ts';

export const operationsCodes = {
  'operations.own-work': {
    kind: 'forbidden',
    text: { zh: '不能由本人验证或批准自己的工作', en: 'Nobody verifies or approves his own work' },
  },
  'operations.paused': { kind: 'conflict', text: { zh: '计时已暂停，请先恢复', en: 'The clocks stand; resume them first' } },
  'operations.not-paused': { kind: 'conflict', text: { zh: '计时没有暂停', en: 'The clocks do not stand' } },
  'operations.reporter-only': {
    kind: 'forbidden',
    text: { zh: '只有提出人可以确认或补充', en: 'Only its reporter confirms or supplements it' },
  },
  'operations.no-such-record': {
    kind: 'invalid',
    text: { zh: '没有编号为 {number} 的记录，或类型不符', en: 'There is no such record as {number}, or it is of another kind' },
  },
  'operations.no-such-person': { kind: 'invalid', text: { zh: '没有这个账号', en: 'There is no such account' } },
  'operations.no-plan': { kind: 'conflict', text: { zh: '请先填写变更方案', en: 'Write the plan of the change first' } },
  'operations.change-span': {
    kind: 'conflict',
    text: { zh: '变更时段无效：须先开始后结束，最长 {hours} 小时', en: 'It must end after it starts, within {hours} hours' },
  },
  'operations.outside-window': {
    kind: 'conflict',
    text: {
      zh: '不在变更窗口内：应用为周二、周四 22:00–次日 02:00，数据库与基础设施为周六 00:00–06:00',
      en: 'Outside the windows: applications Tue and Thu 22:00-02:00, databases and infrastructure Sat 00:00-06:00',
    },
  },
  'operations.frozen': { kind: 'conflict', text: { zh: '处于封网期：{name}', en: 'Within a freeze: {name}' } },
  'operations.notice-too-short': { kind: 'conflict', text: { zh: '须提前 {notice} 通知', en: 'It must be announced {notice} ahead' } },
  'operations.approved-already': {
    kind: 'conflict',
    text: { zh: '您已批准，还需另一人批准', en: 'You approved it already; another person must, too' },
  },
  'operations.outside-planned-time': { kind: 'conflict', text: { zh: '不在批准的实施时段内', en: 'Outside the approved time' } },
  'operations.change-not-begun': { kind: 'conflict', text: { zh: '变更 {number} 尚未实施', en: 'The change {number} has not begun' } },
  'operations.alert-over': { kind: 'conflict', text: { zh: '告警已结束', en: 'The alert is over' } },
  'operations.alert-open': { kind: 'conflict', text: { zh: '告警结束后才能评定', en: 'An alert is judged when it is over' } },
  'operations.bad-pattern': {
    kind: 'invalid',
    text: { zh: '正则表达式无法识别，或过于复杂', en: 'This is no regular expression, or too intricate a one' },
  },
  'operations.bad-span': { kind: 'invalid', text: { zh: '结束须晚于开始，最长 30 天', en: 'It must end after it begins, within 30 days' } },
  'operations.analysis-span': {
    kind: 'invalid',
    text: { zh: '截止日不能早于起始日，最长 {days} 天', en: 'The last day must not be before the first, within {days} days' },
  },
  'operations.bad-target': { kind: 'invalid', text: { zh: '通知对象与通道不符', en: 'This target does not fit the channel' } },
  'operations.prometheus-silent': {
    kind: 'unavailable',
    text: { zh: 'Prometheus 没有应答', en: 'The Prometheus does not answer' },
  },
  'operations.shift-span': {
    kind: 'invalid',
    text: {
      zh: '结束须晚于开始，一班最长 7 天；连续排班时一班最长 24 小时',
      en: 'It must end after it begins, within a week; within a day if repeated',
    },
  },
  'operations.shift-overlap': {
    kind: 'conflict',
    text: { zh: '此人在这条线上已有重叠的班次', en: 'He stands on this line at that time already' },
  },
  'operations.shift-begun': { kind: 'conflict', text: { zh: '班次已开始，不能再改', en: 'The shift has begun and stays' } },
  'operations.shift-not-begun': { kind: 'conflict', text: { zh: '班次尚未开始', en: 'The shift has not begun' } },
  'operations.shift-taken': { kind: 'conflict', text: { zh: '已有人接班', en: 'Somebody took it over already' } },
  'operations.not-your-shift': { kind: 'forbidden', text: { zh: '只有当班人本人可以交班', en: 'Only who has the shift hands it over' } },
  'operations.not-handed-over': { kind: 'conflict', text: { zh: '尚未交班', en: 'It was not handed over yet' } },
  'operations.not-next-shift': {
    kind: 'forbidden',
    text: { zh: '只有同一条线的下一班可以接班', en: 'Only the next shift of the line takes it over' },
  },
  'operations.probe-target': { kind: 'invalid', text: { zh: '拨测目标与类型不符', en: 'This target does not fit the kind of probe' } },
  'operations.probe-too-often': {
    kind: 'invalid',
    text: { zh: '浏览器走查至少间隔 {seconds} 秒', en: 'A browser walks at most every {seconds} s' },
  },
  'operations.probe-key-taken': { kind: 'conflict', text: { zh: '已有同名拨测', en: 'There is a probe of this key already' } },
} as const satisfies Record<string, CodeFacts>;
