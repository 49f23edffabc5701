import type { FaultKind } from '#contracts/promises/promises.api.ts';

export const promisesText = {
  title: { zh: '时限承诺核对', en: 'Promises of clocks' },
  note: {
    zh: '每个未结束的时限都记着下一步（提醒、超期、督办）及其时刻；核对按规则重新计算，与实际执行逐条比较。每 30 秒一次。',
    en: 'Every clock that runs keeps its next step (reminder, overdue, oversight) and its instant; they are computed anew and compared with what was done, every 30 seconds.',
  },
  silent: {
    zh: '核对已停止超过三分钟，请检查后台任务进程。',
    en: 'Nothing was compared for more than three minutes: please look at the background work.',
  },
  never: { zh: '尚未核对过', en: 'Never yet' },
  audited: { zh: '最近核对', en: 'Last compared' },
  lastRound: { zh: '最近一轮完成', en: 'Last whole round' },
  openClocks: { zh: '该轮核对时限', en: 'Clocks in that round' },
  overdue: { zh: '到点未执行', en: 'Past and not taken' },
  faults: { zh: '未消除的差异', en: 'Open differences' },
  lateHour: { zh: '近一小时迟办', en: 'Late within the hour' },
  faultTable: { zh: '与承诺不符', en: 'Broken promises' },
  lateTable: { zh: '近七天迟于承诺执行的步骤', en: 'Steps taken late within seven days' },
  noFaults: { zh: '没有与承诺不符的时限', en: 'No promise is broken' },
  noLate: { zh: '近七天没有迟办的步骤', en: 'No step was late within seven days' },
  clock: { zh: '时限与步骤', en: 'Clock and step' },
  region: { zh: '地区', en: 'Region' },
  caseId: { zh: '事项标识', en: 'Case' },
  kind: { zh: '差异', en: 'Difference' },
  promisedAt: { zh: '承诺时刻', en: 'Promised for' },
  takenAt: { zh: '执行时刻', en: 'Taken at' },
  late: { zh: '迟了', en: 'Late by' },
  foundAt: { zh: '发现', en: 'Found' },
  endedAt: { zh: '消除', en: 'Gone' },
  open: { zh: '未消除', en: 'Open' },
} as const;

export const faultNames: Readonly<Record<FaultKind, { zh: string; en: string }>> = {
  overdue: { zh: '到点未执行', en: 'Past and not taken' },
  untaken: { zh: '被跳过', en: 'Passed over' },
  lost: { zh: '没有下一步', en: 'No next step kept' },
  misplaced: { zh: '时刻与规则不符', en: 'Instant differs from the rule' },
};
