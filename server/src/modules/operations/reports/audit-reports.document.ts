import { AlignmentType, convertMillimetersToTwip as mm, Paragraph, TextRun } from 'docx';
import type { AuditReport } from '#contracts/operations/audit-reports.api.ts';
import { roles, type Role } from '#contracts/permissions.ts';
import { beijingMinute, startOfDay, beijingDate } from '#server/kernel/calendar.ts';
import { FANG, listOf, paper, SIZE } from '#server/platform/documents/paper.ts';

const DAY_MS = 86_400_000;

/** What a report is called: 审计周报 or 审计月报, with its days. */
export function reportTitle({ period, fromDay, toDay }: Pick<AuditReport, 'period' | 'fromDay' | 'toDay'>): string {
  return `审计${period === 'week' ? '周' : '月'}报（${fromDay} 至 ${beijingDate(startOfDay(toDay) - DAY_MS)}）`;
}

/** An audit report as a Word document. */
export function documentOfReport(report: AuditReport): Promise<Buffer> {
  const { facts } = report;
  const heading = (text: string) =>
    new Paragraph({
      alignment: AlignmentType.LEFT,
      spacing: { before: 240, after: 120 },
      children: [new TextRun({ text, font: FANG, size: SIZE.text, bold: true })],
    });
  const change = facts.totalBefore === 0 ? '上期无记录' : `上期 ${facts.totalBefore} 条`;
  const { chain } = facts;
  return paper({
    heading: `审计${report.period === 'week' ? '周' : '月'}报`,
    title: reportTitle(report),
    under: `${report.fromDay} 至 ${beijingDate(startOfDay(report.toDay) - DAY_MS)}`,
    mark: `生成于 ${beijingMinute(Date.parse(report.madeAt))}（北京时间）`,
    children: [
      heading('一、总体情况'),
      listOf(
        [mm(78), mm(78)],
        ['指标', '数值'],
        [
          ['操作记录', `${facts.total} 条（${change}）`],
          ['被拒绝的操作', `${facts.refused} 条`],
          ['查看完整联系方式', `${facts.reveals} 次`],
          ['导出数据', `${facts.exports} 次`],
          ['新开管理类账号', `${facts.newAdministrators} 个`],
          ['夜间操作（22 时至次日 6 时）', `${facts.atNight} 条`],
          [
            '审计链校验',
            chain.ok
              ? `完整，已校验 ${chain.checked} 条，待入链 ${chain.unsealed} 条`
              : `异常，序号 ${chain.faultSeq ?? chain.checked + 1} 处不符`,
          ],
        ],
      ),
      heading('二、按动作'),
      listOf(
        [mm(76), mm(40), mm(40)],
        ['动作', '已执行', '被拒绝'],
        facts.byAction.map((row) => [row.key, String(row.done), String(row.refused)]),
      ),
      heading('三、按岗位'),
      listOf(
        [mm(76), mm(40), mm(40)],
        ['岗位', '已执行', '被拒绝'],
        facts.byRole.map((row) => [row.key in roles ? roles[row.key as Role].name.zh : row.key, String(row.done), String(row.refused)]),
      ),
      heading('四、操作最多的人员'),
      listOf(
        [mm(61), mm(32), mm(32), mm(31)],
        ['人员', '操作', '其中夜间', '被拒绝'],
        facts.byPerson.map((row) => [row.name, String(row.acts), String(row.atNight), String(row.refused)]),
      ),
    ],
  });
}
