import { PLATFORM, type Actor } from '#server/platform/actor.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { Records } from '../records/records.service.ts';
import { lockRecord } from '../records/records.store.ts';
import type { Check } from './inspections.rules.ts';

/** Whose fault a finding becomes: faults of the level that people meet next are level 3, warnings level 4 (DOMAIN §5.1). */
const LEVEL = { red: 3, yellow: 4 } as const;

export interface FindingFault {
  readonly check: Check;
  readonly level: 'yellow' | 'red';
  /** The number of the inspection that found it. */
  readonly inspection: string;
  /** What the evidence says first. */
  readonly told: string;
}

/** The open fault of a check, opened where there is none. */
export async function openFault(
  records: Records,
  tx: Tx,
  { check, level, inspection, told }: FindingFault,
): Promise<{ id: string; number: string }> {
  const { id, number } = await records.open(tx, PLATFORM, {
    kind: 'fault',
    level: LEVEL[level],
    title: `巡检异常：${check.name.zh}`,
    body: `巡检 ${inspection} 发现：${told}\n处理建议：${check.advice.zh}`.slice(0, 2000),
    component: null,
    source: 'inspection',
    onceKey: `inspection/${check.code}`,
    facts: { check: check.code, inspection },
  });
  return { id, number };
}

/**
 * Brings a fault to its end when a check found the matter good again: acknowledged and fixed in the name of who had it checked
 * again, verified by the platform's own check. Where a person judged it, another person verifies, as with every fault.
 */
export async function closeFault(records: Records, tx: Tx, id: string, actor: Actor, evidence: string, byPlatform: boolean): Promise<void> {
  // The platform writes it on his word, so that steps of clocks that are due do not stand in between.
  const onHisWord: Actor = { ...PLATFORM, accountId: actor.accountId, name: actor.name, ip: actor.ip };
  const before = await lockRecord(tx, 'fault', id);
  if (!before || ['verified', 'closed', 'dismissed'].includes(before.state)) return;
  if (before.state === 'reported') await records.actIn(tx, onHisWord, 'fault', id, 'respond', {});
  if (before.paused) await records.actIn(tx, onHisWord, 'fault', id, 'resume', {});
  if (before.state !== 'fixed') await records.actIn(tx, onHisWord, 'fault', id, 'fix', { cause: before.title, remedy: evidence });
  const fixedByAnother = before.state === 'fixed' && before.facts['fixedBy'] !== actor.accountId;
  if (byPlatform || fixedByAnother) await records.actIn(tx, byPlatform ? PLATFORM : onHisWord, 'fault', id, 'verify', { evidence });
}
