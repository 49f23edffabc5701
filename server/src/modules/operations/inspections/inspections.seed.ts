import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import { readSetting, writeSetting } from '#server/platform/db/settings.ts';
import type { Check } from './inspections.rules.ts';
import { putStandard, type Template } from './inspections.store.ts';

const FILE = join(import.meta.dirname, '../../../../db/reference/inspections.json');

/** What is inspected and when, as it is shipped. */
interface Standard {
  readonly version: number;
  readonly templates: readonly Template[];
  readonly checks: readonly Check[];
}

export function shippedStandard(): Standard {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Standard;
}

/** Loads the shipped checks, thresholds and templates where they are new or have changed since the last start. */
export async function seedInspections(db: Db): Promise<boolean> {
  const digest = createHash('sha256').update(readFileSync(FILE)).digest('hex');
  return db.transact(SYSTEM, async (tx) => {
    if ((await readSetting(tx, 'operations.inspections-file')) === digest) return false;
    await putStandard(tx, shippedStandard());
    await writeSetting(tx, 'operations.inspections-file', digest);
    return true;
  });
}
