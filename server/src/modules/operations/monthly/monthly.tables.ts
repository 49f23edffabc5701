import type { Words } from '#contracts/base/text.ts';
import type { MonthlyFigure, MonthlyPart, MonthlyPartName, MonthlyTable } from '#contracts/operations/monthly.api.ts';
import { kindFacts, type RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import { RECORD_LEVELS } from '#contracts/operations/records/records.values.ts';
import type { Month } from './monthly.rules.ts';

export const w = (zh: string, en: string): Words => ({ zh, en });
const COUNT = w('数量', 'Number');
export const OPENED = w('登记', 'Opened');
export const ENDED = w('结束', 'Ended');
export const LEFT = w('月末未结', 'Open at the end');
export const SHARE = w('按时率', 'In time');

/** A month as lists are narrowed to it. */
export interface Span {
  readonly month: Month;
  readonly from: string;
  readonly to: string;
}

export const table = (name: Words, columns: readonly Words[], rows: MonthlyTable['rows']): MonthlyTable => ({
  name,
  columns: [...columns],
  rows,
});
export const counts = (name: Words, rows: readonly (readonly [Words, MonthlyFigure])[]) =>
  table(
    name,
    [COUNT],
    rows.map(([row, cell]) => ({ name: row, cells: [cell] })),
  );
export const part = (name: MonthlyPartName, given: Partial<Omit<MonthlyPart, 'part'>>): MonthlyPart => ({
  part: name,
  tables: [],
  notes: [],
  links: [],
  ...given,
});
export const levelsOf = (kind: RecordKind) => RECORD_LEVELS.map((level) => [level, kindFacts(kind).levels[level]!] as const);
export async function rowsOf<T>(items: readonly T[], row: (item: T) => Promise<MonthlyTable['rows'][number]>) {
  const rows = [];
  // One after another: a transaction has one connection.
  for (const item of items) rows.push(await row(item));
  return rows;
}
