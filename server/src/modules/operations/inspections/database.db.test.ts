import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defects, huntAll, openServers } from './defects.testing.ts';
import type { Scratch } from './scratch.testing.ts';

let plain: Scratch;
let defective: Scratch;
let told: Awaited<ReturnType<typeof huntAll>>;
beforeAll(async () => {
  [plain, defective] = await openServers();
  told = await huntAll(plain, defective);
}, 240_000);
afterAll(async () => {
  await plain?.close();
  await defective?.close();
});

test('a database that was just made has nothing wrong, and every line of its inspection can be read', () => {
  expect(told.clean).toEqual([]);
});

describe('the inspection finds, and its evidence names', () => {
  test.for(defects.map((defect) => defect.name))('%s', (name) => {
    const { before, found, isFound, namesCulprit, others } = told.hunts.get(name)!;
    expect(before).toEqual([]);
    expect(isFound, JSON.stringify(found)).toBe(true);
    expect(namesCulprit, JSON.stringify(found.evidence)).toBe(true);
    expect(others).toEqual([]);
  });
});

test('what the role may not read is told as unreadable, with the grant that is missing', async () => {
  const at = await plain.fresh();
  await at.owner('revoke pg_monitor from minsheng_system');
  await at.owner('revoke execute on function operations.password_kinds from minsheng_system');
  try {
    const judged = await at.inspect();
    expect(judged.get('db-lock-wait')).toMatchObject({ outcome: 'unreadable', value: null });
    expect(judged.get('db-lock-wait')!.evidence.notes[0]!.en).toContain('grant pg_monitor to minsheng_system');
    expect(judged.get('db-weak-passwords')!.evidence.notes[0]!.en).toContain('operations.password_kinds');
    // The others go on.
    expect(judged.get('db-partitions')!.outcome).toBe('ok');
  } finally {
    await at.owner('grant pg_monitor to minsheng_system');
    await at.close();
  }
});
