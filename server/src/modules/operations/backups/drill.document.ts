import {
  AlignmentType,
  convertMillimetersToTwip as mm,
  Document,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import type { Drill, DrillStep } from '#contracts/operations/backups.api.ts';
import { drillStateNames, failureNames, figureNames, stepNames } from '#contracts/operations/backups.words.ts';
import { POLICY } from './policy.ts';

const font = (eastAsia: string) => ({ ascii: 'Times New Roman', hAnsi: 'Times New Roman', cs: 'Times New Roman', eastAsia });
/** 210 mm less 28 left and 26 right, as GB/T 9704 sets the page. */
const WIDTH = mm(156);

/** The report of a drill as a Word document (docx): what was asked, what was measured, what each step found. */
export async function drillReport(drill: Drill): Promise<Buffer> {
  const document = new Document({
    creator: '12345',
    title: `数据恢复演练报告 ${drill.id}`,
    styles: { default: { document: { run: { font: font('仿宋'), size: 24 } } } },
    sections: [
      {
        properties: {
          page: { size: { width: mm(210), height: mm(297) }, margin: { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26) } },
        },
        children: [
          new Paragraph({
            alignment: AlignmentType.CENTER,
            spacing: { after: 240 },
            children: [new TextRun({ text: '数据恢复演练报告', font: font('方正小标宋简体'), size: 44 })],
          }),
          tableOf([mm(40), WIDTH - mm(40)], factsOf(drill)),
          new Paragraph({
            spacing: { before: 240, after: 120 },
            children: [new TextRun({ text: '演练步骤', font: font('黑体'), size: 28 })],
          }),
          tableOf([mm(36), mm(20), WIDTH - mm(56)], [['步骤', '用时（秒）', '内容与结果'], ...drill.steps.map(stepRow)], true),
          new Paragraph({
            spacing: { before: 480 },
            children: [new TextRun('演练人：　　　　　　　　复核人：　　　　　　　　　　年　　月　　日')],
          }),
        ],
      },
    ],
  });
  return Packer.toBuffer(document);
}

function factsOf(drill: Drill): string[][] {
  const passed = (value: number | null, limit: number) => (value === null ? '' : value <= limit ? '，达标' : '，未达标');
  return [
    ['演练编号', drill.id],
    ['结论', drillStateNames[drill.state].zh + (drill.failure ? `：${failureNames[drill.failure].zh}` : '')],
    ['发起', `${drill.askedBy}，${beijing(drill.askedAt)}`],
    ['目标时刻', beijing(drill.target)],
    ['所用备份', drill.backupId ?? '无'],
    ['起止', `${drill.startedAt ? beijing(drill.startedAt) : '—'} 至 ${drill.endedAt ? beijing(drill.endedAt) : '—'}`],
    [
      '恢复时间（RTO）',
      drill.rtoSeconds === null
        ? '未测得'
        : `${drill.rtoSeconds} 秒（目标 ${POLICY.rtoMinutes} 分钟${passed(drill.rtoSeconds, POLICY.rtoMinutes * 60)}）`,
    ],
    [
      '数据丢失（RPO）',
      drill.rpoSeconds === null
        ? '未测得'
        : `${drill.rpoSeconds} 秒（目标 ${POLICY.rpoMinutes} 分钟${passed(drill.rpoSeconds, POLICY.rpoMinutes * 60)}）`,
    ],
    ['恢复到的最后提交', drill.lastCommitAt ? beijing(drill.lastCommitAt) : '—'],
    ...(drill.detail ? [['说明', drill.detail]] : []),
  ];
}

function stepRow(step: DrillStep): string[] {
  const { zh, means } = stepNames[step.name];
  const figures = Object.entries(step.figures).map(([name, value]) => `${figureNames[name]?.zh ?? name} ${value}`);
  const seconds = step.endedAt ? ((Date.parse(step.endedAt) - Date.parse(step.startedAt)) / 1000).toFixed(1) : '—';
  const verdict = !step.endedAt ? ['未完成'] : step.faults.length > 0 ? ['不符：', ...step.faults] : ['通过'];
  return [zh, seconds, [means.zh, ...(figures.length > 0 ? [figures.join('；')] : []), ...verdict].join('\n')];
}

function tableOf(widths: readonly number[], rows: readonly (readonly string[])[], headed = false): Table {
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: WIDTH, type: WidthType.DXA },
    columnWidths: [...widths],
    rows: rows.map(
      (cells, row) =>
        new TableRow({
          cantSplit: true,
          tableHeader: headed && row === 0,
          children: cells.map(
            (text, column) =>
              new TableCell({
                width: { size: widths[column]!, type: WidthType.DXA },
                margins: { top: 60, bottom: 60, left: 100, right: 100 },
                children: text.split('\n').map(
                  (line) =>
                    new Paragraph({
                      children: [
                        new TextRun({ text: line, size: 21, ...(column === 0 || (headed && row === 0) ? { font: font('黑体') } : {}) }),
                      ],
                    }),
                ),
              }),
          ),
        }),
    ),
  });
}

const beijing = (iso: string) => new Date(iso).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' });
