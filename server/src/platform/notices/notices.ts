import type { Permission } from '#contracts/permissions.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Tx } from '../db/db.ts';

/** What a person should know without having asked. */
export interface Notice {
  readonly at: Date;
  readonly level: 'info' | 'warning' | 'urgent';
  readonly zh: string;
  readonly en: string;
  /** Shown to whoever holds it ... */
  readonly permission: Permission;
  /** ... in this region (absent: everywhere) and, when given, in this unit. */
  readonly region?: string;
  readonly unitCode?: string | null;
  readonly orderId?: string;
  /** Of something else than an order: its page in the console. */
  readonly path?: string;
  /** The same matter is told once. */
  readonly onceKey: string;
}

/** Tells each of these once: what was told under its key already is passed over. */
export async function tellOnce(tx: Tx, ...notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  await tx
    .insertInto('platform.notice')
    .values(
      notices.map((notice) => ({
        id: newId(notice.at.getTime()),
        at: notice.at,
        level: notice.level,
        zh: notice.zh,
        en: notice.en,
        order_id: notice.orderId ?? null,
        permission: notice.permission,
        region: notice.region ?? '',
        unit_code: notice.unitCode ?? null,
        path: notice.path ?? null,
        once_key: notice.onceKey,
      })),
    )
    .onConflict((oc) => oc.column('once_key').doNothing())
    .execute();
}
