import type { ClockStep } from '#contracts/base/lifecycle.ts';
import { kindFacts } from '#contracts/operations/records/records.lifecycles.ts';
import type { StoredClock } from '#server/platform/casework/index.ts';
import type { Notice } from '#server/platform/notices/notices.ts';
import type { RecordRow } from './records.kind.ts';

/** What waits for those who decide; everything else waits for those who handle. */
const DECIDERS: Readonly<Record<string, readonly string[]>> = {
  fault: ['manager', 'owner'],
  problem: ['review'],
  change: ['decide'],
  vulnerability: [],
};

/** The notice of a clock's step, told once. */
export function noticeOfRecordStep(row: RecordRow, stored: StoredClock, step: ClockStep, nowMs: number): Notice {
  const permission = DECIDERS[row.kind]?.includes(stored.name) ? 'operations.decide' : 'operations.handle';
  const { name } = kindFacts(row.kind).lifecycle;
  return {
    at: new Date(nowMs),
    level: step.name === 'overdue' ? 'urgent' : 'warning',
    zh: `${name.zh} ${row.number} ${row.title}：${step.told.zh}`,
    en: `${name.en} ${row.number} ${row.title}: ${step.told.en}`,
    permission,
    path: `/records/${row.id}`,
    onceKey: `clock/${row.id}/${stored.name}/${stored.no}/${step.name}/${stored.dueMs}`,
  };
}
