import type { Unit } from '#contracts/reference/reference.api.ts';
import { accept, refuse, type Decision } from '#server/kernel/decision.ts';

/** A version of an entry that was approved. */
export interface CatalogueEntry {
  readonly id: string;
  readonly version: number;
  readonly region: string;
  readonly category: string;
  readonly unitCode: string | null;
  readonly kind: string | null;
  readonly level: string | null;
  readonly role: 'main' | 'assist';
  readonly legalSource: string;
  readonly ended: boolean;
  readonly effectiveMs: number;
}

export interface Owner {
  readonly unit: Unit;
  readonly role: 'main' | 'assist';
  readonly entry: CatalogueEntry;
}

/** The version of each entry that is in force at an instant; entries that ended are left out. `versions` in their order. */
export function entriesInForce(versions: readonly CatalogueEntry[], atMs: number): CatalogueEntry[] {
  const latest = new Map<string, CatalogueEntry>();
  for (const entry of versions) if (entry.effectiveMs <= atMs) latest.set(entry.id, entry);
  return [...latest.values()].filter((entry) => !entry.ended);
}

/**
 * The units that own a matter in a region: the main one first. For each role the most specific entries stand alone: a
 * county's before the city's before the province's, then a narrower category before a wider one.
 */
export function ownersOf(
  entries: readonly CatalogueEntry[],
  category: string,
  region: string,
  unitFor: (entry: CatalogueEntry, region: string) => Unit | undefined,
): Owner[] {
  const fitting = entries
    .filter((entry) => category.startsWith(entry.category) && region.startsWith(entry.region))
    .flatMap((entry): Owner[] => {
      const unit = unitFor(entry, region);
      return unit ? [{ unit, role: entry.role, entry }] : [];
    })
    .toSorted((a, b) => specificity(b.entry) - specificity(a.entry));
  const ofRole = (role: Owner['role']) => {
    const all = fitting.filter((owner) => owner.role === role);
    return all.filter((owner) => specificity(owner.entry) === specificity(all[0]!.entry));
  };
  const main = ofRole('main').slice(0, 1);
  const assists = ofRole('assist').filter((owner) => owner.unit.code !== main[0]?.unit.code);
  return [...main, ...assists];
}

function specificity(entry: CatalogueEntry): number {
  return entry.region.length * 10 + entry.category.length;
}

/** The unit an entry means in a region: the one it names, or the one of its kind at its level there. */
export function unitOf(
  entry: CatalogueEntry,
  region: string,
  units: { byCode(code: string): Unit | undefined; byKind(kind: string, level: string, region: string): Unit | undefined },
): Unit | undefined {
  if (entry.unitCode !== null) return units.byCode(entry.unitCode);
  const place = { province: '320000', city: `${region.slice(0, 4)}00`, county: region.slice(0, 6), street: region }[entry.level ?? ''];
  return place === undefined ? undefined : units.byKind(entry.kind!, entry.level!, place);
}

/** An entry names one unit, or a kind of unit with its level. */
export function judgeOwner(owner: { unit?: string; kind?: string; level?: string }): Decision<true> {
  const named = owner.unit !== undefined;
  const described = owner.kind !== undefined && owner.level !== undefined;
  const half = owner.kind !== undefined || owner.level !== undefined;
  if (named === described || (named && half))
    return refuse('base.invalid-input', { fields: [{ path: 'unit', code: 'reference.entry-owner' }] });
  return accept(true);
}
