import { AlignmentType, convertMillimetersToTwip as mm, Paragraph, TextRun } from 'docx';
import { figureText } from '#contracts/operations/monthly.text.ts';
import { MONTHLY_PARTS, type MonthlyPartName, type MonthlyReport, type MonthlyTable } from '#contracts/operations/monthly.api.ts';
import { beijingMinute } from '#server/kernel/calendar.ts';
import { FANG, listOf, paper, SIZE } from '#server/platform/documents/paper.ts';

const NUMERALS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二', '十三', '十四', '十五'];
const ORDER = Object.keys(MONTHLY_PARTS) as MonthlyPartName[];
/** Of the 156 mm of a line. */
const NAME_MM = 56;
const REST_MM = 100;

/** A monthly report as a Word document, as official papers are set. Parts its reader has no right to keep their number and say so. */
export function documentOfMonth(report: MonthlyReport): Promise<Buffer> {
  const line = (text: string, bold = false) =>
    new Paragraph({
      alignment: AlignmentType.LEFT,
      spacing: { before: bold ? 240 : 80, after: bold ? 120 : 80 },
      children: [new TextRun({ text, font: FANG, size: SIZE.text, bold })],
    });
  return paper({
    heading: '运维月报',
    title: `运维月报（${report.month}）`,
    under: report.month,
    mark: `生成于 ${beijingMinute(Date.parse(report.madeAt))}（北京时间）`,
    children: [
      line(`综合评分：${report.score ?? '未计量'}`),
      ...ORDER.flatMap((name, at) => {
        const found = report.parts.find(({ part }) => part === name);
        return [
          line(`${NUMERALS[at]}、${MONTHLY_PARTS[name].zh}`, true),
          ...(found ? [] : [line('本部分不在阅读人的权限内。')]),
          ...(found?.tables ?? []).flatMap((table) => [line(table.name.zh), tableOf(table)]),
          ...(found?.notes ?? []).map((note) => line(note.zh)),
          ...(found?.links ?? []).map((link) => line(`另见：${link.name.zh}`)),
          ...(name === 'risks'
            ? report.remarks.map((remark) => line(`${remark.text}（${remark.by}，${beijingMinute(Date.parse(remark.at))}）`))
            : []),
        ];
      }),
    ],
  });
}

function tableOf({ columns, rows }: MonthlyTable) {
  if (rows.length === 0) return new Paragraph({ children: [new TextRun({ text: '本月没有读数', font: FANG, size: SIZE.text })] });
  return listOf(
    [mm(NAME_MM), ...columns.map(() => Math.floor(mm(REST_MM) / columns.length))],
    ['', ...columns.map(({ zh }) => zh)],
    rows.map(({ name, cells, met }) => [
      name.zh + (met === undefined ? '' : met ? '（达标）' : '（未达标）'),
      ...cells.map((cell) => figureText(cell)),
    ]),
  );
}
