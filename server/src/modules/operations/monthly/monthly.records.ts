// The parts on what people handled: faults, problems, vulnerabilities, changes, and what is left of them.
import { CHANGE_CLASSES, type ChangeClass } from '#contracts/operations/records/change.lifecycle.ts';
import { RECORD_SOURCES, type RecordSource } from '#contracts/operations/records/records.values.ts';
import type { MonthlyPart } from '#contracts/operations/monthly.api.ts';
import { startOfDay } from '#server/kernel/calendar.ts';
import { DAY_MS } from '../series/series.rules.ts';
import type { Figures } from './monthly.figures.ts';
import { dayBefore } from './monthly.rules.ts';
import { counts, ENDED, LEFT, levelsOf, OPENED, part, rowsOf, SHARE, table, w, type Span } from './monthly.tables.ts';

export async function incidentsOf(figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
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

export async function problemsOf(figures: Figures, { month, from, to }: Span): Promise<MonthlyPart> {
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

export async function securityOf(figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
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

export async function changesOf(figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
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

export async function risksOf(figures: Figures, { month, to }: Span): Promise<MonthlyPart> {
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
