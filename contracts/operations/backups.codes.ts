import type { CodeFacts } from '../base/base.codes.ts';

export const backupsCodes = {
  'operations.no-backup-source': {
    kind: 'conflict',
    text: {
      zh: '本平台的数据库未配置备份，请按《备份与恢复》设置 MINSHENG_BACKUP_URL',
      en: 'Nothing is backed up here: set MINSHENG_BACKUP_URL as the page on backups says',
    },
  },
  'operations.backup-at-work': {
    kind: 'conflict',
    text: { zh: '已有备份正在进行，请等它结束', en: 'A backup is at work already; please wait for its end' },
  },
  'operations.drill-at-work': {
    kind: 'conflict',
    text: { zh: '已有恢复演练正在进行，请等它结束', en: 'A drill is at work already; please wait for its end' },
  },
  'operations.target-ahead': {
    kind: 'invalid',
    text: { zh: '目标时刻尚未到来', en: 'lies in the future' },
  },
  'operations.target-too-early': {
    kind: 'invalid',
    text: {
      zh: '没有早于该时刻完成的备份，最早可恢复到 {from}',
      en: 'is earlier than any backup ended; the first instant that can be reached is {from}',
    },
  },
  'operations.drill-not-ended': {
    kind: 'conflict',
    text: { zh: '演练尚未结束，结束后可下载报告', en: 'The drill has not ended; its report comes at its end' },
  },
} as const satisfies Record<string, CodeFacts>;
