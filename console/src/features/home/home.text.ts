export const homeText = {
  title: { zh: '{name}，您好', en: 'Hello, {name}' },
  today: { zh: '今日登记 {filed} 件，办结 {closed} 件', en: 'Today: {filed} filed, {closed} closed' },
  queues: { zh: '我的待办', en: 'What waits for me' },
  red: { zh: '超期 {count}', en: '{count} overdue' },
  yellow: { zh: '将到期 {count}', en: '{count} nearly due' },
  calm: { zh: '无超期', en: 'None overdue' },
  soonest: { zh: '最先到期', en: 'Soonest due' },
  newest: { zh: '最近登记', en: 'Newest' },
  nothingDue: { zh: '没有待办工单', en: 'Nothing waits' },
  notices: { zh: '提醒', en: 'Notices' },
  noNotices: { zh: '没有新的提醒', en: 'No notices' },
} as const;
