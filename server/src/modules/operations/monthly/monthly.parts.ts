import type { Words } from '#contracts/base/text.ts';
import { loadNames } from '#contracts/base/load.ts';
import type { MonthlyFigure, MonthlyPart, MonthlyPartName, MonthlyTable } from '#contracts/operations/monthly.api.ts';
import { CHANGE_CLASSES, type ChangeClass } from '#contracts/operations/records/change.lifecycle.ts';
import { kindFacts, type RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import { RECORD_LEVELS, RECORD_SOURCES, type RecordSource } from '#contracts/operations/records/records.values.ts';
import { startOfDay } from '#server/kernel/calendar.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { loadTemplates } from '../inspections/inspections.store.ts';
import { labelsOf, DAY_MS } from '../series/series.rules.ts';
import { listSeries } from '../series/series.views.ts';
import { createFigures, type Figures } from './monthly.figures.ts';
import { dayBefore, daysUntil, isMet, scoreOf, type Month, type Objective } from './monthly.rules.ts';

export const w = (zh: string, en: string): Words => ({ zh, en });
const COUNT = w('数量', 'Number');
const OPENED = w('登记', 'Opened');
const ENDED = w('结束', 'Ended');
const LEFT = w('月末未结', 'Open at the end');
const SHARE = w('按时率', 'In time');

/** A month as lists are narrowed to it. */
interface Span {
  readonly month: Month;
  readonly from: string;
  readonly to: string;
}

export const table = (name: Words, columns: readonly Words[], rows: MonthlyTable['rows']): MonthlyTable => ({
  name,
  columns: [...columns],
  rows,
});
const counts = (name: Words, rows: readonly (readonly [Words, MonthlyFigure])[]) =>
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
const levelsOf = (kind: RecordKind) => RECORD_LEVELS.map((level) => [level, kindFacts(kind).levels[level]!] as const);
async function rowsOf<T>(items: readonly T[], row: (item: T) => Promise<MonthlyTable['rows'][number]>) {
  const rows = [];
  // One after another: a transaction has one connection.
  for (const item of items) rows.push(await row(item));
  return rows;
}

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

async function availabilityOf(tx: Tx, figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
  const probes = await listSeries(tx, { name: 'probe_success' });
  const due = (level: number, clock: string) => ({ kind: 'fault', level, clock, clockFrom: from, clockTo: to }) as const;
  return part('availability', {
    tables: [
      table(
        w('业务可用性', 'Answers that did not fail'),
        [w('可用性', 'Available')],
        await rowsOf(['submit', 'handling', 'query', 'heavy'] as const, async (kind) => ({
          name: loadNames[kind],
          cells: [(await figures.answers(kind)).good],
        })),
      ),
      table(
        w('拨测可用性', 'Probes'),
        [w('可用性', 'Available')],
        await rowsOf(
          probes.filter(({ name }) => name === 'probe_success'),
          async ({ id, labels }) => {
            const told = await figures.series(id);
            const probe = labelsOf(labels)['probe'] ?? labels;
            return { name: w(probe, probe), cells: [told.figure(told.mean === null ? null : rounded(told.mean * 100), 'percent')] };
          },
        ),
      ),
      table(
        w('故障分级时限', 'Faults by level'),
        [w('应响应', 'To acknowledge'), SHARE, w('应修复', 'To fix'), SHARE],
        await rowsOf(levelsOf('fault'), async ([level, name]) => ({
          name,
          cells: [
            await figures.records(due(level, 'respond')),
            await figures.shareOfRecords(due(level, 'respond'), { clockResult: 'in-time' }),
            await figures.records(due(level, 'fix')),
            await figures.shareOfRecords(due(level, 'fix'), { clockResult: 'in-time' }),
          ],
        })),
      ),
    ],
    notes: [
      w(
        '可用性按未返回 5xx 的应答占全部应答计；时限按本月到期的时钟计，逾期未处理的计为超时。',
        'Available are answers below 500 among all. Limits count clocks due within the month; one that runs on past its end is late.',
      ),
    ],
  });
}

async function incidentsOf(figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
  return part('incidents', {
    tables: [
      table(
        w('故障', 'Faults'),
        [OPENED, ENDED, LEFT, w('已复盘', 'With a post-mortem')],
        await rowsOf(levelsOf('fault'), async ([level, name]) => ({
          name,
          cells: [
            await figures.records({ kind: 'fault', level, from, to }),
            await figures.records({ kind: 'fault', level, endedFrom: from, endedTo: to }),
            await figures.records({ kind: 'fault', level, openAt: to }),
            await figures.records({ kind: 'fault', level, from, to, reviewed: 'true' }),
          ],
        })),
      ),
      counts(w('重复与来源', 'Repetition and source'), [
        [w('三十日内重复', 'Repeated within 30 days'), await figures.records({ kind: 'fault', from, to, again: 'true' })],
        [w('由告警发现', 'Found by an alert'), await figures.records({ kind: 'fault', from, to, source: 'alert' })],
        [w('由巡检发现', 'Found by an inspection'), await figures.records({ kind: 'fault', from, to, source: 'inspection' })],
      ]),
    ],
  });
}

async function problemsOf(figures: Figures, { month, from, to }: Span): Promise<MonthlyPart> {
  const three = async (more: { source: RecordSource } | { level: number }) => [
    await figures.records({ kind: 'problem', from, to, ...more }),
    await figures.records({ kind: 'problem', endedFrom: from, endedTo: to, ...more }),
    await figures.records({ kind: 'problem', openAt: to, ...more }),
  ];
  const before = (days: number) => new Date(startOfDay(month.toDay) - days * DAY_MS).toISOString();
  const aged = (more: { from?: string; to?: string }) => figures.records({ kind: 'problem', openAt: to, ...more });
  const columns = [OPENED, ENDED, LEFT];
  return part('problems', {
    tables: [
      table(
        w('按级别', 'By level'),
        columns,
        await rowsOf(levelsOf('problem'), async ([level, name]) => ({ name, cells: await three({ level }) })),
      ),
      table(
        w('按来源', 'By source'),
        columns,
        await rowsOf(Object.keys(RECORD_SOURCES) as RecordSource[], async (source) => ({
          name: RECORD_SOURCES[source],
          cells: await three({ source }),
        })),
      ),
      counts(w('月末未结的账龄', 'How old what is left is'), [
        [w('三日以内', 'Up to three days'), await aged({ from: before(3) })],
        [w('三至十日', 'Three to ten'), await aged({ from: before(10), to: before(3) })],
        [w('十至三十日', 'Ten to thirty'), await aged({ from: before(30), to: before(10) })],
        [w('三十日以上', 'More than thirty'), await aged({ to: before(30) })],
      ]),
    ],
  });
}

async function inspectionsOf(tx: Tx, figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
  const templates = (await loadTemplates(tx)).filter(({ code }) => code !== 'auto');
  const found = { kind: 'fault', source: 'inspection' } as const;
  return part('inspections', {
    tables: [
      table(
        w('巡检', 'Inspections'),
        [w('开展', 'Begun'), w('完成', 'Done'), w('未签认', 'Not signed')],
        await rowsOf(templates, async ({ code: template, name }) => ({
          name,
          cells: [
            await figures.inspections({ template, from, to }),
            await figures.inspections({ template, from, to, state: 'done' }),
            await figures.inspections({ template, from, to, state: 'waiting' }),
          ],
        })),
      ),
      counts(w('异常闭环', 'What they found'), [
        [w('本月发现', 'Found'), await figures.records({ ...found, from, to })],
        [w('本月闭环', 'Closed'), await figures.records({ ...found, endedFrom: from, endedTo: to })],
        [w('月末未闭环', 'Left'), await figures.records({ ...found, openAt: to })],
      ]),
    ],
    notes: [w('五分钟一次的自动巡检保留一周，不计次数。', 'Those of every five minutes are kept a week and are not counted.')],
  });
}

/** Where a disk or memory is full: the yellow bounds of DOMAIN §5.3. */
const FULL = { minsheng_disk_used_ratio: 0.8, minsheng_memory_used_ratio: 0.85 } as const;

async function capacityOf(tx: Tx, figures: Figures): Promise<MonthlyPart> {
  const NAMES = {
    minsheng_disk_used_ratio: w('磁盘占用', 'Disk in use'),
    minsheng_memory_used_ratio: w('内存占用', 'Memory in use'),
  } as const;
  const used = [];
  for (const metric of Object.keys(FULL) as (keyof typeof FULL)[])
    for (const { id, name, labels } of await listSeries(tx, { name: metric })) {
      if (name !== metric) continue;
      const told = await figures.series(id);
      const part100 = (value: number | null) => told.figure(value === null ? null : rounded(value * 100), 'percent');
      const where = labelsOf(labels)['instance'] ?? '';
      used.push({
        name: w(`${NAMES[metric].zh} ${where}`.trim(), `${NAMES[metric].en} ${where}`.trim()),
        cells: [part100(told.mean), part100(told.greatest), told.figure(daysUntil(FULL[metric], told.points), 'days')],
      });
    }
  const sizes = [];
  for (const { id, name } of await listSeries(tx, { name: 'pg_database_size_bytes' })) {
    const told = await figures.series(id);
    if (name === 'pg_database_size_bytes')
      sizes.push({
        name: w('数据库大小', 'Size of the database'),
        cells: [told.figure(told.points[0]?.value ?? null, 'bytes'), told.figure(told.points.at(-1)?.value ?? null, 'bytes')],
      });
  }
  return part('capacity', {
    tables: [
      table(w('占用', 'In use'), [w('平均', 'Mean'), w('最高', 'Greatest'), w('预计达到黄线', 'Days to the yellow bound')], used),
      table(w('数据库', 'Database'), [w('月初', 'At the beginning'), w('月末', 'At the end')], sizes),
      table(
        w('响应', 'Answers'),
        [w('最慢一小时的 P95', 'P95 of the slowest hour')],
        await rowsOf(['submit', 'handling', 'query', 'heavy'] as const, async (kind) => ({
          name: loadNames[kind],
          cells: [(await figures.answers(kind)).slowest],
        })),
      ),
    ],
    notes: [
      w(
        '预计按本月各小时均值的直线趋势推算；不上升或不足一日的不推算。',
        'Days are told along the straight line through the hours of the month; not where it does not rise, or less than a day is known.',
      ),
    ],
  });
}

async function interfacesOf(figures: Figures): Promise<MonthlyPart> {
  const machine = { role: 'machine' } as const;
  return part('interfaces', {
    tables: [
      counts(w('接口密钥的操作', 'Acts of API keys'), [
        [w('全部操作', 'All acts'), await figures.audit(machine)],
        [w('被拒绝', 'Refused'), await figures.audit({ ...machine, kind: 'refused' })],
        [w('登记诉求', 'Appeals filed'), await figures.audit({ ...machine, action: 'appeals.file' })],
      ]),
    ],
    notes: [
      w(
        '本平台尚无与各对端的双向接口，逐对端的成功率、耗时与对账未计量。',
        'There are no interfaces with peers of both ways yet: success, time and reconciliation of each peer are not measured.',
      ),
    ],
  });
}

async function returnsOf(figures: Figures): Promise<MonthlyPart> {
  return part('returns', {
    tables: [counts(w('批量导入', 'Imports'), [[w('导入批次', 'Batches imported'), await figures.audit({ action: 'appeals.import' })]])],
    notes: [
      w(
        '数据回流交换尚未建设，批次及时性与各市数据质量分未计量；此处只统计批量导入。',
        'There is no exchange for data return yet: timeliness and quality by city are not measured. What is counted here are imports.',
      ),
    ],
  });
}

async function securityOf(figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
  const patch = (level: number) => ({ kind: 'vulnerability', level, clock: 'patch', clockFrom: from, clockTo: to }) as const;
  return part('security', {
    tables: [
      table(
        w('漏洞与补丁', 'Vulnerabilities and patches'),
        [w('发现', 'Found'), w('处理完', 'Dealt with'), LEFT, SHARE],
        await rowsOf(levelsOf('vulnerability'), async ([level, name]) => ({
          name,
          cells: [
            await figures.records({ kind: 'vulnerability', level, from, to }),
            await figures.records({ kind: 'vulnerability', level, endedFrom: from, endedTo: to }),
            await figures.records({ kind: 'vulnerability', level, openAt: to }),
            await figures.shareOfRecords(patch(level), { clockResult: 'in-time' }),
          ],
        })),
      ),
      counts(w('审计', 'Audit'), [
        [w('全部操作', 'All acts'), await figures.audit({})],
        [w('被拒绝的操作', 'Refused'), await figures.audit({ kind: 'refused' })],
        [w('查看完整联系方式', 'Contacts revealed'), await figures.audit({ kind: 'reveals' })],
        [w('导出数据', 'Exports'), await figures.audit({ kind: 'exports' })],
        [w('新开管理类账号', 'New administrators'), await figures.audit({ kind: 'new-administrators' })],
        [w('夜间操作', 'At night'), await figures.audit({ kind: 'at-night' })],
      ]),
    ],
  });
}

async function backupsOf(figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
  return part('backups', {
    tables: [
      counts(w('备份', 'Backups'), [
        [w('成功', 'Good'), await figures.backups({ from, to, result: 'good' })],
        [w('失败', 'Failed'), await figures.backups({ from, to, result: 'failed' })],
      ]),
      counts(w('恢复演练', 'Restore drills'), [
        [w('通过', 'Proven'), await figures.drills({ from, to, state: 'proven' })],
        [w('未通过', 'Failed'), await figures.drills({ from, to, state: 'failed' })],
        [w('最长恢复用时', 'Longest restore'), await figures.worstOfDrills('rto', { from, to, state: 'proven' })],
        [w('最长数据损失', 'Longest loss'), await figures.worstOfDrills('rpo', { from, to, state: 'proven' })],
      ]),
    ],
  });
}

async function changesOf(figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
  const ended = { kind: 'change', endedFrom: from, endedTo: to } as const;
  return part('changes', {
    tables: [
      table(
        w('变更', 'Changes'),
        [OPENED, w('成功', 'Succeeded'), w('回退', 'Rolled back'), w('取消', 'Cancelled')],
        await rowsOf(Object.keys(CHANGE_CLASSES) as ChangeClass[], async (of) => ({
          name: CHANGE_CLASSES[of],
          cells: [
            await figures.records({ kind: 'change', class: of, from, to }),
            await figures.records({ ...ended, class: of, state: 'closed' }),
            await figures.records({ ...ended, class: of, state: 'rolled-back' }),
            await figures.records({ ...ended, class: of, state: 'cancelled' }),
          ],
        })),
      ),
    ],
  });
}

async function drillsOf(figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
  return part('drills', {
    tables: [counts(w('演练', 'Drills'), [[w('恢复演练', 'Restore drills'), await figures.drills({ from, to })]])],
    notes: [
      w('培训与桌面演练尚未在平台登记，未计量。', 'Training and desktop drills are not kept on the platform yet and are not counted.'),
    ],
  });
}

async function risksOf(figures: Figures, { month, to }: Span): Promise<MonthlyPart> {
  const next = new Date(startOfDay(month.nextToDay)).toISOString();
  return part('risks', {
    tables: [
      counts(w('风险', 'Risks'), [
        [w('未结的一级故障', 'Open faults of level 1'), await figures.records({ kind: 'fault', level: 1, openAt: to })],
        [w('未结的二级故障', 'Open faults of level 2'), await figures.records({ kind: 'fault', level: 2, openAt: to })],
        [w('未处理的严重漏洞', 'Open critical vulnerabilities'), await figures.records({ kind: 'vulnerability', level: 1, openAt: to })],
        [w('未处理的高危漏洞', 'Open high vulnerabilities'), await figures.records({ kind: 'vulnerability', level: 2, openAt: to })],
      ]),
      counts(w('下月计划', 'Planned for the next month'), [
        [w('计划实施的变更', 'Changes'), await figures.records({ kind: 'change', openAt: to, startsFrom: to, startsTo: next })],
        [
          w('计划完成的问题', 'Problems'),
          await figures.records({ kind: 'problem', openAt: to, plannedFrom: month.toDay, plannedTo: dayBefore(month.nextToDay) }),
        ],
      ]),
    ],
  });
}

async function attachmentsOf(figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
  return part('attachments', {
    tables: [
      counts(w('报告', 'Reports'), [
        [w('巡检报告', 'Of inspections'), await figures.inspections({ from, to, state: 'done' })],
        [w('恢复演练报告', 'Of restore drills'), await figures.drills({ from, to, state: 'proven' })],
      ]),
    ],
    links: [{ name: w('审计报告', 'Audit reports'), path: '/audit-reports' }],
  });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
