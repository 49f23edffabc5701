import {
  AlignmentType,
  BorderStyle,
  convertMillimetersToTwip as mm,
  Document,
  Footer,
  HeightRule,
  LineRuleType,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable as VerticalAlign,
  WidthType,
} from 'docx';
import type { OrderSheet } from '#contracts/orders/sheet.api.ts';

/** Sizes in half points, by the names that GB/T 9704 gives them. */
const SIZE = { title: 44, text: 24, small: 21, foot: 18 } as const;
/** Where the fonts of official papers are absent, Word takes what stands in for them. */
const font = (eastAsia: string) => ({ ascii: 'Times New Roman', hAnsi: 'Times New Roman', cs: 'Times New Roman', eastAsia });
const SONG = font('方正小标宋简体');
const HEI = font('黑体');
const FANG = font('仿宋');

/** 210 mm less 28 left and 26 right, as GB/T 9704 sets the page. */
const WIDTH = mm(156);
const LABEL = mm(26);
const line = { line: 360, lineRule: LineRuleType.AUTO };

/** The sheet of an order as a Word document (docx): A4, as official papers are set. */
export async function documentOf(sheet: OrderSheet): Promise<Buffer> {
  const document = new Document({
    creator: '12345',
    title: `${sheet.heading} ${sheet.number}`,
    styles: { default: { document: { run: { font: FANG, size: SIZE.text } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: mm(210), height: mm(297) },
            margin: { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26), footer: mm(20) },
          },
        },
        footers: { default: footerOf(sheet.mark) },
        children: [
          new Paragraph({
            alignment: AlignmentType.CENTER,
            spacing: { after: 240 },
            children: [new TextRun({ text: sheet.heading, font: SONG, size: SIZE.title })],
          }),
          new Paragraph({
            alignment: AlignmentType.RIGHT,
            spacing: { after: 80 },
            children: [new TextRun({ text: numberLine(sheet), size: SIZE.text })],
          }),
          factsOf(sheet),
          ...sheet.sections.map(sectionOf),
          recordOf(sheet),
          signaturesOf(sheet),
          // A document cannot end with a table.
          new Paragraph({ spacing: { line: 20, lineRule: LineRuleType.EXACT }, children: [] }),
        ],
      },
    ],
  });
  return Packer.toBuffer(document);
}

function numberLine({ number }: OrderSheet): string {
  return `编号：${number.replace(/^(\d{6})(\d{8})(\d{7})(\d)$/, '$1 $2 $3 $4')}`;
}

function footerOf(mark: string): Footer {
  const run = (children: string[], size: number) => new TextRun({ children, size, font: font('宋体') });
  return new Footer({
    children: [
      new Paragraph({ alignment: AlignmentType.CENTER, children: [run(['— ', PageNumber.CURRENT, ' —'], 28)] }),
      new Paragraph({ alignment: AlignmentType.CENTER, children: [run([mark], SIZE.foot)] }),
    ],
  });
}

const border = { style: BorderStyle.SINGLE, size: 6, color: '000000' };
const borders = { top: border, bottom: border, left: border, right: border };

function tableOf(widths: readonly number[], rows: TableRow[]): Table {
  return new Table({ layout: TableLayoutType.FIXED, width: { size: WIDTH, type: WidthType.DXA }, columnWidths: [...widths], rows });
}

interface CellOptions {
  readonly width: number;
  readonly label?: true;
  readonly span?: number;
}

function cell(paragraphs: readonly string[], { width, label, span }: CellOptions): TableCell {
  return new TableCell({
    borders,
    width: { size: width, type: WidthType.DXA },
    verticalAlign: label ? VerticalAlign.CENTER : VerticalAlign.TOP,
    margins: { top: 60, bottom: 60, left: 100, right: 100 },
    ...(span ? { columnSpan: span } : {}),
    children: (paragraphs.length > 0 ? paragraphs : ['']).flatMap((paragraph) =>
      paragraph.split('\n').map(
        (text) =>
          new Paragraph({
            spacing: label ? {} : line,
            ...(label ? { alignment: AlignmentType.CENTER } : {}),
            children: [new TextRun({ text, font: label ? HEI : FANG, size: label ? SIZE.small : SIZE.text })],
          }),
      ),
    ),
  });
}

function factsOf(sheet: OrderSheet): Table {
  const value = WIDTH / 2 - LABEL;
  const rows: TableRow[] = [];
  for (let i = 0; i < sheet.facts.length; i += 2) {
    const pair = sheet.facts.slice(i, i + 2);
    rows.push(
      new TableRow({
        cantSplit: true,
        children: pair.flatMap((fact) => [cell([fact.label], { width: LABEL, label: true }), cell([fact.value], { width: value })]),
      }),
    );
  }
  return tableOf([LABEL, value, LABEL, value], rows);
}

function sectionOf(section: OrderSheet['sections'][number]): Table {
  return tableOf(
    [LABEL, WIDTH - LABEL],
    [
      new TableRow({
        children: [cell([section.title], { width: LABEL, label: true }), cell(section.paragraphs, { width: WIDTH - LABEL })],
      }),
    ],
  );
}

function recordOf(sheet: OrderSheet): Table {
  const widths = [mm(40), mm(70), mm(46)];
  const head = ['时间', '办理经过', '经办'].map((text, i) => cell([text], { width: widths[i]!, label: true }));
  return tableOf(widths, [
    new TableRow({ tableHeader: true, children: head }),
    ...sheet.record.map(
      (entry) =>
        new TableRow({
          cantSplit: true,
          children: [
            cell([entry.at], { width: widths[0]! }),
            cell([entry.what, ...(entry.note ? [entry.note] : [])], { width: widths[1]! }),
            cell([entry.who], { width: widths[2]! }),
          ],
        }),
    ),
  ]);
}

function signaturesOf(sheet: OrderSheet): Table {
  return tableOf(
    [LABEL, WIDTH - LABEL],
    sheet.signatures.map(
      (title) =>
        new TableRow({
          cantSplit: true,
          height: { value: mm(22), rule: HeightRule.ATLEAST },
          children: [
            cell([title], { width: LABEL, label: true }),
            new TableCell({
              borders,
              width: { size: WIDTH - LABEL, type: WidthType.DXA },
              verticalAlign: VerticalAlign.BOTTOM,
              margins: { bottom: 60, right: 300 },
              children: [
                new Paragraph({ alignment: AlignmentType.RIGHT, children: [new TextRun({ text: '年　　月　　日', font: FANG })] }),
              ],
            }),
          ],
        }),
    ),
  );
}
