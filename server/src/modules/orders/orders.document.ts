import {
  AlignmentType,
  convertMillimetersToTwip as mm,
  HeightRule,
  Paragraph,
  TableCell,
  TableRow,
  TextRun,
  VerticalAlignTable as VerticalAlign,
  WidthType,
  type Table,
} from 'docx';
import type { OrderSheet } from '#contracts/orders/sheet.api.ts';
import { borders, cell, FANG, listOf, paper, tableOf, WIDTH } from '#server/platform/documents/paper.ts';

const LABEL = mm(26);

/** The sheet of an order as a Word document. */
export function documentOf(sheet: OrderSheet): Promise<Buffer> {
  return paper({
    heading: sheet.heading,
    title: `${sheet.heading} ${sheet.number}`,
    under: numberLine(sheet),
    mark: sheet.mark,
    children: [factsOf(sheet), ...sheet.sections.map(sectionOf), recordOf(sheet), signaturesOf(sheet)],
  });
}

function numberLine({ number }: OrderSheet): string {
  return `编号：${number.replace(/^(\d{6})(\d{8})(\d{7})(\d)$/, '$1 $2 $3 $4')}`;
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
  return listOf(
    [mm(40), mm(70), mm(46)],
    ['时间', '办理经过', '经办'],
    sheet.record.map((entry) => [entry.at, [entry.what, ...(entry.note ? [entry.note] : [])].join('\n'), entry.who]),
  );
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
