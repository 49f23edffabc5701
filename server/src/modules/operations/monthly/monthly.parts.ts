import type { Words } from '#contracts/base/text.ts';
import type { MonthlyFigure, MonthlyPart } from '#contracts/operations/monthly.api.ts';
import { startOfDay } from '#server/kernel/calendar.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { createFigures, type Figures } from './monthly.figures.ts';
import { attachmentsOf, backupsOf, drillsOf, inspectionsOf } from './monthly.kept.ts';
import { availabilityOf, capacityOf, interfacesOf, returnsOf } from './monthly.measured.ts';
import { changesOf, incidentsOf, problemsOf, risksOf, securityOf } from './monthly.records.ts';
import { isMet, scoreOf, type Month, type Objective } from './monthly.rules.ts';
import { counts, part, table, w, type Span } from './monthly.tables.ts';

/** Every part but the one on business, and the score, as the tables tell at this instant (DOMAIN §5.9). */
export async function partsOf(tx: Tx, month: Month, nowMs: number): Promise<{ parts: MonthlyPart[]; score: number | null }> {
  const [from, to] = [month.fromDay, month.toDay].map((day) => new Date(startOfDay(day)).toISOString()) as [string, string];
  const span = { month, from, to };
  const figures = createFigures(tx, { from, to, nowMs });
  const summary = await summaryOf(figures, span);
  const capacity = await capacityOf(tx, figures);
  return {
    score: summary.score,
    parts: [
      summary.part,
      await availabilityOf(tx, figures, span),
      await incidentsOf(figures, span),
      await problemsOf(figures, span),
      await inspectionsOf(tx, figures, span),
      capacity,
      await interfacesOf(figures),
      await returnsOf(figures),
      await securityOf(figures, span),
      await backupsOf(figures, span),
      await changesOf(figures, span),
      await drillsOf(figures, span),
      await risksOf(figures, span),
      await attachmentsOf(figures, span),
    ],
  };
}

/** The objectives of DOMAIN §5.1, §5.7 and §5.8 that can be told from what is kept. */
async function summaryOf(figures: Figures, { from, to }: Span): Promise<{ part: MonthlyPart; score: number | null }> {
  const due = (clock: string) => ({ kind: 'fault', clock, clockFrom: from, clockTo: to }) as const;
  const share = figures.shareOfRecords;
  const rows: [Words, MonthlyFigure, number, true?][] = [
    [w('提交可用性不低于 99.9%', 'Filing available, at least 99.9%'), (await figures.answers('submit')).good, 99.9],
    [w('办理可用性不低于 99.9%', 'Handling available, at least 99.9%'), (await figures.answers('handling')).good, 99.9],
    [w('查询可用性不低于 99.5%', 'Queries available, at least 99.5%'), (await figures.answers('query')).good, 99.5],
    [
      w('故障按时响应率不低于 98%', 'Faults acknowledged in time, at least 98%'),
      await share(due('respond'), { clockResult: 'in-time' }),
      98,
    ],
    [w('故障按时修复率不低于 95%', 'Faults fixed in time, at least 95%'), await share(due('fix'), { clockResult: 'in-time' }), 95],
    [w('重复故障率不超过 3%', 'Repeated faults, at most 3%'), await share({ kind: 'fault', from, to }, { again: 'true' }), 3, true],
    [
      w('变更成功率不低于 98%', 'Changes that succeed, at least 98%'),
      await share({ kind: 'change', state: 'closed,rolled-back', endedFrom: from, endedTo: to }, { state: 'closed' }),
      98,
    ],
  ];
  const objectives = rows.map(([, { value }, bound, atMost]): Objective => ({ value, bound, ...(atMost ? { atMost } : {}) }));
  return {
    score: scoreOf(objectives),
    part: part('summary', {
      tables: [
        table(
          w('服务目标', 'Objectives'),
          [w('实际', 'Actual')],
          rows.map(([name, cell], at) => {
            const met = isMet(objectives[at]!);
            return { name, cells: [cell], ...(met === undefined ? {} : { met }) };
          }),
        ),
        counts(w('本月概况', 'The month'), [
          [w('新发故障', 'Faults opened'), await figures.records({ kind: 'fault', from, to })],
          [w('登记的问题与需求', 'Problems opened'), await figures.records({ kind: 'problem', from, to })],
          [w('完成的变更', 'Changes ended'), await figures.records({ kind: 'change', endedFrom: from, endedTo: to })],
          [w('巡检次数', 'Inspections'), await figures.inspections({ from, to })],
        ]),
      ],
      notes: [
        w(
          '评分为达标目标数占已计量目标数的百分比。回访满意率按问题逐条记录，未计入评分。',
          'The score is the share of objectives met among those measured. Satisfaction is kept with each problem and does not count.',
        ),
      ],
    }),
  };
}
