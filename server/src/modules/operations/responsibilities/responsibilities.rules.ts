import type { Party, Responsibility } from '#contracts/operations/responsibilities.api.ts';

type Parts = Pick<Responsibility, 'responsible' | 'accountable' | 'consulted' | 'informed'>;

/** The parties of each part, as the audit log keeps them. */
export function personsOf({ responsible, accountable, consulted, informed }: Parts): Record<keyof Parts, string[]> {
  const codes = (parties: readonly Party[]) => parties.map(({ party }) => party);
  return { responsible: codes(responsible), accountable: codes([accountable]), consulted: codes(consulted), informed: codes(informed) };
}

/**
 * Who is proposed as the owner of a matter of a component: the first responsible person who may own one, else the accountable one.
 * Null where the matrix names roles alone: a role owns nothing.
 */
export function proposedOf(
  parts: Parts,
  owners: readonly { readonly id: string; readonly name: string }[],
): { id: string; name: string; part: 'responsible' | 'accountable' } | null {
  const named = [
    ...parts.responsible.map(({ party }) => ({ party, part: 'responsible' as const })),
    { party: parts.accountable.party, part: 'accountable' as const },
  ];
  for (const { party, part } of named) {
    const owner = owners.find(({ id }) => party === `person:${id}`);
    if (owner) return { id: owner.id, name: owner.name, part };
  }
  return null;
}
