import { Refusal } from './decision.ts';

const ID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/**
 * The id a list goes on after; null for its first page.
 *
 * @throws Refusal `base.bad-cursor`
 */
export function idCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (!ID.test(cursor)) throw new Refusal({ code: 'base.bad-cursor' });
  return cursor;
}

/** A page of what was found by asking for one more than its limit; the cursor of the next is its last id. */
export function paged<T extends { readonly id: string }>(found: readonly T[], limit: number): { items: T[]; nextCursor?: string } {
  const items = found.slice(0, limit);
  return { items, ...(found.length > limit ? { nextCursor: items.at(-1)!.id } : {}) };
}
