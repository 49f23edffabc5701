import {
  AlignmentType,
  BorderStyle,
  convertMillimetersToTwip as mm,
  Document,
  Footer,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import { inspectionNames, valueText } from '#contracts/operations/inspections.text.ts';
import type { InspectionItem, InspectionReport } from '#contracts/operations/inspections.api.ts';
import { beijingMinute } from '#server/kernel/calendar.ts';

const font = (eastAsia: string) => ({ ascii: 'Times New Roman', hAnsi: 'Times New Roman', cs: 'Times New Roman', eastAsia });
const [SONG, HEI, FANG] = [font('方正小标宋简体'), font('黑体'), font('仿宋')];
/** A4 across, 297 mm less 20 on each side: a line of a report has six columns. */
const WIDTH = mm(257);

const minute = (iso: string | null) => (iso ? beijingMinute(Date.parse(iso)) : '');
const border = { style: BorderStyle.SINGLE, size: 4, color: '000000' };
const borders = { top: border, bottom: border, left: border, right: border };

function cell(text: string, width: number, isLabel = false): TableCell {
  return new TableCell({
    borders,
    width: { size: width, type: WidthType.DXA },
    margins: { top: 40, bottom: 40, left: 80, right: 80 },
    children: text
      .split('\n')
      .map((line) => new Paragraph({ children: [new TextRun({ text: line, font: isLabel ? HEI : FANG, size: 20 })] })),
  });
}

function tableOf(widths: readonly number[], head: readonly string[], rows: readonly (readonly string[])[]): Table {
  const row = (texts: readonly string[], isHead: boolean) =>
    new TableRow({ tableHeader: isHead, cantSplit: true, children: texts.map((text, place) => cell(text, mm(widths[place]!), isHead)) });
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: WIDTH, type: WidthType.DXA },
    columnWidths: widths.map((width) => mm(width)),
    rows: [row(head, true), ...rows.map((texts) => row(texts, false))],
  });
}

const heading = (text: string) =>
  new Paragraph({ spacing: { before: 240, after: 80 }, children: [new TextRun({ text, font: HEI, size: 26 })] });
const line = (text: string) => new Paragraph({ spacing: { after: 40 }, children: [new TextRun({ text, font: FANG, size: 22 })] });

function evidenceText({ evidence, said, note }: Pick<InspectionItem, 'evidence' | 'said' | 'note'>): string {
  const rows = evidence.rows
    .slice(0, 5)
    .map((row) => `${row.what}${row.measure === null ? '' : ` ${Math.round(row.measure * 100) / 100}`}`);
  return [said ?? '', note ?? '', ...rows, ...evidence.notes.map(({ zh }) => zh)].filter(Boolean).join('\n');
}

/** The report of an inspection as a Word document: its head, each item with its threshold and evidence, what is abnormal, the signature. */
export async function documentOf({ line: head, items, findings, signNote }: InspectionReport, takenBy: string, at: Date): Promise<Buffer> {
  const threshold = ({ yellow, red, below, unit }: InspectionItem) =>
    [yellow, red]
      .map((bound) => (bound === null ? '' : `${below ? '<' : '≥'}${valueText(bound, unit, 'zh')}`))
      .filter(Boolean)
      .join(' / ');
  const document = new Document({
    creator: '12345',
    title: `巡检报告 ${head.number}`,
    styles: { default: { document: { run: { font: FANG, size: 22 } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: mm(210), height: mm(297), orientation: PageOrientation.LANDSCAPE },
            margin: { top: mm(20), bottom: mm(20), left: mm(20), right: mm(20) },
          },
        },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                alignment: AlignmentType.CENTER,
                children: [
                  new TextRun({
                    children: [`${head.number} · ${takenBy} ${minute(at.toISOString())} 导出 · `, PageNumber.CURRENT],
                    size: 18,
                    font: font('宋体'),
                  }),
                ],
              }),
            ],
          }),
        },
        children: [
          new Paragraph({
            alignment: AlignmentType.CENTER,
            spacing: { after: 160 },
            children: [new TextRun({ text: `${head.name.zh}报告`, font: SONG, size: 40 })],
          }),
          line(
            `编号：${head.number}　　应检：${minute(head.dueAt)}　　开始：${minute(head.startedAt)}　　完成：${minute(head.endedAt) || '未完成'}`,
          ),
          line(
            `得分：${head.score ?? '未评'}　　检查 ${head.items} 项　　异常：红 ${head.red}、黄 ${head.yellow}　　读不到 ${head.unreadable}　　待检 ${head.open}`,
          ),
          heading('一、检查结果'),
          tableOf(
            [22, 52, 30, 38, 20, 95],
            ['对象', '项目', '结果值', '阈值（黄/红）', '结论', '证据'],
            items.map((item) => [
              inspectionNames.objects[item.object].zh,
              item.name.zh,
              item.value === null ? (item.said ?? '') : valueText(item.value, item.unit, 'zh'),
              threshold(item),
              inspectionNames.outcomes[item.outcome].zh,
              evidenceText(item),
            ]),
          ),
          heading('二、异常与处置'),
          ...(findings.length === 0
            ? [line('没有异常。')]
            : [
                tableOf(
                  [34, 50, 16, 28, 34, 40, 55],
                  ['故障编号', '项目', '级别', '责任人', '修复期限', '状态', '建议'],
                  findings.map((finding) => [
                    finding.record.number,
                    finding.name.zh,
                    inspectionNames.outcomes[finding.level].zh,
                    finding.owner ?? '待响应',
                    minute(finding.dueAt),
                    finding.closedAt ? `已关闭 ${minute(finding.closedAt)}` : '未关闭',
                    finding.advice.zh,
                  ]),
                ),
              ]),
          heading('三、签认'),
          line(head.signedBy ? `签认人：${head.signedBy}　　${minute(head.endedAt)}` : head.signBy ? '尚未签认' : '自动巡检，不需签认'),
          ...(signNote ? [line(`意见：${signNote}`)] : []),
        ],
      },
    ],
  });
  return Packer.toBuffer(document);
}
