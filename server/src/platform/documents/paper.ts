import {
  AlignmentType,
  BorderStyle,
  convertMillimetersToTwip as mm,
  Document,
  Footer,
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

/** What Word calls its documents. */
export const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** Sizes in half points, by the names that GB/T 9704 gives them. */
export const SIZE = { title: 44, text: 24, small: 21, foot: 18 } as const;
/** Where the fonts of official papers are absent, Word takes what stands in for them. */
const font = (eastAsia: string) => ({ ascii: 'Times New Roman', hAnsi: 'Times New Roman', cs: 'Times New Roman', eastAsia });
const SONG = font('方正小标宋简体');
const HEI = font('黑体');
export const FANG = font('仿宋');

/** 210 mm less 28 left and 26 right, as GB/T 9704 sets the page. */
export const WIDTH = mm(156);
const line = { line: 360, lineRule: LineRuleType.AUTO };

/** A Word document (docx): A4, as official papers are set, with a heading, a line under it at the right, and a mark at the foot. */
export async function paper(given: {
  readonly heading: string;
  readonly title: string;
  readonly under: string;
  readonly mark: string;
  readonly children: readonly (Paragraph | Table)[];
}): Promise<Buffer> {
  const document = new Document({
    creator: '12345',
    title: given.title,
    styles: { default: { document: { run: { font: FANG, size: SIZE.text } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: mm(210), height: mm(297) },
            margin: { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26), footer: mm(20) },
          },
        },
        footers: { default: footerOf(given.mark) },
        children: [
          new Paragraph({
            alignment: AlignmentType.CENTER,
            spacing: { after: 240 },
            children: [new TextRun({ text: given.heading, font: SONG, size: SIZE.title })],
          }),
          new Paragraph({
            alignment: AlignmentType.RIGHT,
            spacing: { after: 80 },
            children: [new TextRun({ text: given.under, size: SIZE.text })],
          }),
          ...given.children,
          // A document cannot end with a table.
          new Paragraph({ spacing: { line: 20, lineRule: LineRuleType.EXACT }, children: [] }),
        ],
      },
    ],
  });
  return Packer.toBuffer(document);
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
/** The lines around a cell. */
export const borders = { top: border, bottom: border, left: border, right: border };

/** A table as wide as its columns are together. */
export function tableOf(widths: readonly number[], rows: TableRow[]): Table {
  return new Table({ layout: TableLayoutType.FIXED, width: { size: WIDTH, type: WidthType.DXA }, columnWidths: [...widths], rows });
}

export interface CellOptions {
  readonly width: number;
  readonly label?: true;
  readonly span?: number;
}

/** A cell of paragraphs; a label stands in the middle, in another hand. */
export function cell(paragraphs: readonly string[], { width, label, span }: CellOptions): TableCell {
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

/** A table under one row of headings, which every page repeats. */
export function listOf(widths: readonly number[], headings: readonly string[], rows: readonly (readonly string[])[]): Table {
  return tableOf(widths, [
    new TableRow({ tableHeader: true, children: headings.map((text, i) => cell([text], { width: widths[i]!, label: true })) }),
    ...rows.map((row) => new TableRow({ cantSplit: true, children: row.map((text, i) => cell(text.split('\n'), { width: widths[i]! })) })),
  ]);
}
