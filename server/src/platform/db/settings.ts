import { sql } from 'kysely';
import type { Tx } from './db.ts';

/** What the platform remembers about itself from start to start. */
export async function readSetting(tx: Tx, key: string): Promise<string | null> {
  const row = await tx.selectFrom('platform.setting').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value ?? null;
}

export async function writeSetting(tx: Tx, key: string, value: string): Promise<void> {
  await tx
    .insertInto('platform.setting')
    .values({ key, value })
    .onConflict((oc) => oc.column('key').doUpdateSet({ value, changed_at: sql`now()` }))
    .execute();
}
