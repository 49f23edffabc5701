// The parts on what is done by a schedule: inspections, backups, drills, and their reports.
import type { MonthlyPart } from '#contracts/operations/monthly.api.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { loadTemplates } from '../inspections/inspections.store.ts';
import type { Figures } from './monthly.figures.ts';
import { counts, part, rowsOf, table, w, type Span } from './monthly.tables.ts';

export async function inspectionsOf(tx: Tx, figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
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

export async function backupsOf(figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
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

export async function drillsOf(figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
  return part('drills', {
    tables: [counts(w('演练', 'Drills'), [[w('恢复演练', 'Restore drills'), await figures.drills({ from, to })]])],
    notes: [
      w('培训与桌面演练尚未在平台登记，未计量。', 'Training and desktop drills are not kept on the platform yet and are not counted.'),
    ],
  });
}

export async function attachmentsOf(figures: Figures, { from, to }: Span): Promise<MonthlyPart> {
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
