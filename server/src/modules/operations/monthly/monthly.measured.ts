// The parts on what was measured: availability, capacity, interfaces, returns.
import { loadNames } from '#contracts/base/load.ts';
import type { MonthlyPart } from '#contracts/operations/monthly.api.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { labelsOf } from '../series/series.rules.ts';
import { listSeries } from '../series/series.views.ts';
import type { Figures } from './monthly.figures.ts';
import { daysUntil } from './monthly.rules.ts';
import { counts, levelsOf, part, rowsOf, SHARE, table, w, type Span } from './monthly.tables.ts';

export async function availabilityOf(tx: Tx, figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
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

/** Where a disk or memory is full: the yellow bounds of DOMAIN §5.3. */
const FULL = { minsheng_disk_used_ratio: 0.8, minsheng_memory_used_ratio: 0.85 } as const;

export async function capacityOf(tx: Tx, figures: Figures): Promise<MonthlyPart> {
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

export async function interfacesOf(figures: Figures): Promise<MonthlyPart> {
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

export async function returnsOf(figures: Figures): Promise<MonthlyPart> {
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

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
