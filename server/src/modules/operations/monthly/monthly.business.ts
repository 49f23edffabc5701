import type { Words } from '#contracts/base/text.ts';
import type { MonthlyFigure, MonthlyPart, MonthlyTable } from '#contracts/operations/monthly.api.ts';
import { startOfDay } from '#server/kernel/calendar.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { countsOfMonth, DONE_STATES, type MonthCount } from '../../orders/index.ts';
import type { Reference } from '../../reference/index.ts';
import { figure } from './monthly.figures.ts';
import { part, table, w } from './monthly.tables.ts';
import { percent, type Month } from './monthly.rules.ts';

type Query = Readonly<Partial<Record<'region' | 'state' | 'mark', string>>>;
export type Naming = Pick<Reference, 'regionName' | 'code'>;

/** What was filed in a month, by city, channel and type. It is kept apart: people of the operations centre see no orders. */
export async function businessOf(tx: Tx, month: Month, reference: Naming): Promise<MonthlyPart> {
  const [fromMs, toMs] = [startOfDay(month.fromDay), startOfDay(month.toDay)];
  const found = await countsOfMonth(tx, fromMs, toMs);
  const within = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  const sum = (rows: readonly MonthCount[], of: (row: MonthCount) => number) => rows.reduce((all, row) => all + of(row), 0);
  const filed = (rows: readonly MonthCount[], query: object) =>
    figure(
      'orders',
      { ...query, ...within },
      sum(rows, (row) => row.filed),
    );
  const grouped = (key: 'channel' | 'type', name: Words, list: string): MonthlyTable =>
    table(
      name,
      [w('受理', 'Filed')],
      [...Map.groupBy(found, (row) => row[key])]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([code, rows]) => ({ name: wordsOf(reference, list, code), cells: [filed(rows, { [key]: code })] })),
    );
  const share = (rows: readonly MonthCount[], of: (row: MonthCount) => number, query: Query): MonthlyFigure[] => {
    const hits = sum(rows, of);
    const all = sum(rows, (row) => row.filed);
    const { mark: _mark, state: _state, ...where } = query;
    return [figure('orders', { ...query, ...within }, hits), figure('orders', { ...where, ...within }, all, percent(hits, all), 'percent')];
  };
  const cells = (rows: readonly MonthCount[], where: Query) => [
    filed(rows, where),
    ...share(rows, (row) => row.done, { ...where, state: DONE_STATES.join(',') }),
    ...share(rows, (row) => row.redone, { ...where, mark: 'redo' }),
    ...share(rows, (row) => row.urged, { ...where, mark: 'urged' }),
  ];
  return part('business', {
    tables: [
      table(
        w('各市', 'By city'),
        [
          w('受理', 'Filed'),
          w('办结', 'Closed'),
          w('办结率', 'Rate'),
          w('重办', 'Redone'),
          w('重办率', 'Rate'),
          w('催办', 'Urged'),
          w('催办率', 'Rate'),
        ],
        [
          { name: w('全省', 'Province'), cells: cells(found, {}) },
          ...[...Map.groupBy(found, (row) => row.city)].map(([city, rows]) => {
            const name = reference.regionName(`${city}00`) ?? city;
            return { name: w(name, name), cells: cells(rows, { region: city }) };
          }),
        ],
      ),
      grouped('channel', w('按渠道', 'By channel'), 'channel'),
      grouped('type', w('按诉求类型', 'By type'), 'appeal_type'),
    ],
    notes: [
      w(
        '按本月登记的诉求统计，办结、重办与催办截至出具时；此后办理的，清单会多于报告。',
        'Of what was filed in the month, as it stood when the report was made: what is handled later adds to the lists.',
      ),
    ],
  });
}

function wordsOf(reference: Naming, list: string, code: string): Words {
  const item = reference.code(list, code);
  return w(item?.zh ?? code, item?.en ?? code);
}
