export const sloText = {
  title: { zh: '服务目标', en: 'Service objectives' },
  note: {
    zh: '按北京时间自然月计；误差预算是允许出错的份额，消耗速率 1 表示恰好按月用完',
    en: 'By the calendar month; the error budget is what may go wrong, and at a burn rate of 1 it lasts exactly the month',
  },
  month: { zh: '月份', en: 'Month' },
  objective: { zh: '目标', en: 'Objective' },
  target: { zh: '要求', en: 'Target' },
  value: { zh: '实际', en: 'Actual' },
  events: { zh: '不合格 / 全部', en: 'Bad / all' },
  left: { zh: '预算剩余', en: 'Budget left' },
  curve: { zh: '本月预算', en: 'Budget over the month' },
  burn: { zh: '消耗速率 1h / 6h / 3d', en: 'Burn rate 1h / 6h / 3d' },
  none: { zh: '—', en: '—' },
  curveOf: { zh: '{name}：剩余 {left}', en: '{name}: {left} left' },
  empty: { zh: '没有服务目标', en: 'There are no objectives' },
  rules: {
    zh: '消耗速率同时在长短两个窗口超过 14.4、6、1 时告警；长窗口内不足 100 次时不判定。',
    en: 'Alerts open where the rate is above 14.4, 6 or 1 in both of its windows; fewer than 100 events in the long one tell nothing.',
  },
} as const;
