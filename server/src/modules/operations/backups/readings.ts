import type { Tx } from '#server/platform/db/db.ts';
import type { Reading } from '../series/series.service.ts';
import { agesOf, type Ages } from './backups.views.ts';
import { POLICY } from './policy.ts';

const HOUR_MS = 3_600_000;

/** How old what is promised is, for rules to judge; what never was is not told. */
export async function backupReadings(tx: Tx, now: Date): Promise<Reading[]> {
  const ages = await agesOf(tx);
  const gauge = (name: string, value: number): Reading => ({ name, labels: {}, kind: 'gauge', value });
  const age = (name: string, at: Date | null) => (at ? [gauge(name, Math.max(0, (now.getTime() - at.getTime()) / 1000))] : []);
  return [
    ...age('minsheng_backup_age_seconds', ages.goodAt),
    ...age('minsheng_archived_segment_age_seconds', ages.archivedAt),
    ...age('minsheng_proven_restore_age_seconds', ages.provenAt),
    gauge('minsheng_backups_damaged', ages.damaged),
    gauge('minsheng_log_gaps', ages.gaps),
  ];
}

/** Which promises of backups are not kept, in words for those who look after the platform. */
export function overdue(ages: Ages, nowMs: number): { what: string; zh: string; en: string }[] {
  // Before the first backup nothing is late: the first is asked for by itself soon after the start.
  if (!ages.firstAskedAt) return [];
  const since = (at: Date | null) => nowMs - (at ?? ages.firstAskedAt!).getTime();
  const late: { what: string; zh: string; en: string }[] = [];
  if (since(ages.goodAt) > POLICY.backupHours * HOUR_MS)
    late.push({
      what: 'backup-late',
      zh: `超过 ${POLICY.backupHours} 小时没有成功的备份，请查看备份页面`,
      en: `No backup succeeded for more than ${POLICY.backupHours} hours; please look at the page on backups`,
    });
  if (since(ages.provenAt) > POLICY.provenDays * 24 * HOUR_MS)
    late.push({
      what: 'drill-late',
      zh: `超过 ${POLICY.provenDays} 天没有通过的恢复演练，备份是否可用未经证实`,
      en: `No restore was proven for more than ${POLICY.provenDays} days: nobody knows whether the backups can be used`,
    });
  if (ages.archivedAt && since(ages.archivedAt) > POLICY.archiveMinutes * 60_000)
    late.push({
      what: 'archive-late',
      zh: `日志归档已停止超过 ${POLICY.archiveMinutes} 分钟，此后的数据只有数据库自身一份`,
      en: `The log has not been archived for more than ${POLICY.archiveMinutes} minutes: what came since exists in the database alone`,
    });
  if (ages.damaged > 0 || ages.gaps > 0)
    late.push({
      what: 'backup-damaged',
      zh: `备份校验发现 ${ages.damaged} 份备份受损、日志有 ${ages.gaps} 处断档`,
      en: `${ages.damaged} backups are damaged, and the log has ${ages.gaps} gaps`,
    });
  return late;
}
