import type { RawBuilder } from 'kysely';
import type { Words } from '#contracts/base/text.ts';
import type { CheckRow, Since } from '../inspections.rules.ts';

/** What a check must know of the database to ask it. */
export interface DatabaseFacts {
  /** As `server_version_num` tells it: 150000 is PostgreSQL 15. */
  readonly version: number;
  /** The schema of pg_stat_statements; null where it does not count. */
  readonly statements: string | null;
  readonly now: Date;
  readonly bounds: Readonly<Record<string, number>>;
}

/** How one line of the database inspection is read. Its name, thresholds and advice are data. */
export interface DatabaseCheck {
  /** The role without which PostgreSQL hides what this reads instead of refusing it. */
  readonly needs?: string;
  /** What to do where reading is refused. */
  readonly remedy?: Words;
  /** Rows of `what`, `measure` and figures, worst first. */
  readonly sql: (facts: DatabaseFacts) => RawBuilder<unknown>;
  readonly notes?: (facts: DatabaseFacts, rows: readonly CheckRow[]) => readonly Words[];
  /** Judges what changed since an earlier reading; `bounds.hours` is the length of time its thresholds speak of. */
  readonly since?: (rows: readonly CheckRow[], since: Since, facts: DatabaseFacts) => readonly CheckRow[];
}

/** Rows with the rise of one counter as their measure. */
export const risen =
  (rise: (row: CheckRow, since: Since) => number | null) =>
  (rows: readonly CheckRow[], since: Since): CheckRow[] =>
    rows.map((row) => ({ ...row, measure: rise(row, since) }));
