/** Tables whose rows are never changed nor deleted: what a backup held is held by everything restored from it, and by the platform since. */
export const GROWING = ['platform.event', 'platform.audit_entry', 'platform.audit_seal', 'appeals.appeal', 'appeals.supplement'] as const;

export type Counts = Readonly<Record<string, number>>;

/**
 * Whether counts of rows may be those of a restored database: no table is gone or new, and what only grows lies between what the
 * backup held and what the platform holds now. Gives what is wrong, by table.
 */
export function countFaults(held: Counts, restored: Counts, now: Counts): string[] {
  const faults: string[] = [];
  for (const table of Object.keys(held)) if (!(table in restored)) faults.push(`${table}: gone`);
  for (const table of GROWING) {
    const [before, then, since] = [held[table] ?? 0, restored[table] ?? 0, now[table] ?? 0];
    if (then < before || then > since) faults.push(`${table}: ${before} ≤ ${then} ≤ ${since}`);
  }
  return faults;
}

/** What of a table was compared: how many rows, and a sum over the digests of all of them. */
export interface TableDigest {
  readonly table: string;
  readonly rows: number;
  readonly sum: string;
}

export function digestFaults(restored: readonly TableDigest[], origin: readonly TableDigest[]): string[] {
  return restored.flatMap((one, place) => {
    const other = origin[place];
    return other && other.table === one.table && other.rows === one.rows && other.sum === one.sum
      ? []
      : [`${one.table}: ${one.rows} / ${other?.rows ?? 0}`];
  });
}
