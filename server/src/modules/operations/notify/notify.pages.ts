import type { Line } from '#contracts/operations/duty.values.ts';
import { kindFacts, type RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { StoredEvent, Subscriber } from '#server/platform/events/events.ts';
import { tellOnce } from '#server/platform/notices/notices.ts';
import { addForLine } from './notify.store.ts';

/** Slight faults wait for working hours; nobody is rung for them. */
export const PAGED_TO_LEVEL = 3;
/** Whom an escalation reaches. */
export const ESCALATED_LINES: Readonly<Record<string, Line>> = { specialist: 2, manager: 3, owner: 4 };

/** Pages who is on duty when a fault opens, and whom it is escalated to; by SMS and mail, and on the console in any case. */
export function createPager(origin: string): Subscriber {
  return {
    name: 'operations.pages',
    async handle(tx, events) {
      for (const event of events) {
        if (event.name === 'faults.open') await page(tx, event, 1);
        else if (event.name === 'faults.escalate' || event.name === 'problems.escalate') {
          const { to } = event.data as { to?: string };
          const line = ESCALATED_LINES[to ?? ''];
          if (line) await page(tx, event, line);
        }
      }
    },
  };

  async function page(tx: Tx, event: StoredEvent, line: Line): Promise<void> {
    const record = await tx
      .selectFrom('operations.record')
      .select(['kind', 'number', 'title', 'level', 'ended_at'])
      .where('id', '=', event.caseId)
      .executeTakeFirst();
    if (!record || record.ended_at) return;
    const level = kindFacts(record.kind as RecordKind).levels[record.level]?.zh ?? '';
    const what = line === 1 ? '请立即响应' : '已升级，请督促处置';
    const subject = `【民声运行中心】${level} ${record.number} ${record.title}`;
    const path = `/records/${event.caseId}`;
    await tellOnce(tx, {
      at: event.at,
      level: record.level <= 2 || line > 1 ? 'urgent' : 'warning',
      zh: `${record.number} ${record.title}：${what}`,
      en: `${record.number} ${record.title}: ${line === 1 ? 'acknowledge it now' : 'escalated to you'}`,
      permission: line >= 3 ? 'operations.decide' : 'operations.handle',
      path,
      onceKey: `page/${event.id}`,
    });
    if (record.level > PAGED_TO_LEVEL) return;
    const body = `${subject}，${what}。${origin}/console${path}`;
    await addForLine(tx, line, ['sms', 'mail'], { subject, body, recordId: event.caseId }, event.at);
  }
}
