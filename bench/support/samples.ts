import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PortalAppealInput } from '#contracts/appeals/appeals.api.ts';
import { ROOT } from '#server/platform/maintenance.ts';

interface Written {
  region: string;
  street: string | null;
  address: string;
  type: PortalAppealInput['type'];
  category: string;
  title: string;
  content: string;
  expectation: string;
  caller: { name: string; phone: string } | null;
}

/** Appeals of our own writing as the portal sends them, as many as are asked for, no two with the same telephone. */
export function portalAppeals(count: number): PortalAppealInput[] {
  const written = readFileSync(join(ROOT, 'server/db/demo/appeals.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Written);
  return Array.from({ length: count }, (_, index) => {
    const appeal = written[index % written.length]!;
    return {
      type: appeal.type,
      region: appeal.street ?? appeal.region,
      address: appeal.address,
      title: appeal.title,
      content: appeal.content,
      category: appeal.category,
      ...(appeal.expectation ? { expectation: appeal.expectation } : {}),
      contact: { name: appeal.caller?.name ?? '市民', phone: `139${String(10_000_000 + index).slice(-8)}` },
    };
  });
}
