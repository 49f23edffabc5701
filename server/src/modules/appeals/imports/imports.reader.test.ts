import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyText } from '#server/kernel/text.testing.ts';
import { detectEncoding, readRows, UnreadableFile, type SourceRow } from './imports.reader.ts';
import { readTime } from './imports.rules.ts';
import { anXlsx, gb18030, storedZip } from './imports.testing.ts';

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'minsheng-imports-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const COLUMNS = ['来源单号', '受理时间', '诉求内容'];
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

async function read(name: string, content: string | Uint8Array, columns: readonly string[] = COLUMNS): Promise<SourceRow[]> {
  const path = join(folder, `${files++}-${name}`);
  writeFileSync(path, content);
  const rows: SourceRow[] = [];
  for await (const row of readRows(path, columns)) rows.push(row);
  return rows;
}

/** The rows that are not blank, as plain objects under their row numbers. */
const told = (rows: readonly SourceRow[]) =>
  rows.filter((row) => !row.blank).map((row) => [row.rowNo, Object.fromEntries(row.cells)] as const);
const fails = async (name: string, content: string | Uint8Array, columns?: readonly string[]) => {
  const error = await read(name, content, columns).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UnreadableFile);
  return (error as UnreadableFile).message;
};

const TABLE = '来源单号,受理时间,诉求内容\nA-1,2026-02-13,路灯坏了\nA-2,2026-02-14,𠮷祥路积水\n';
const AS_TOLD = [
  [2, { 来源单号: 'A-1', 受理时间: '2026-02-13', 诉求内容: '路灯坏了' }],
  [3, { 来源单号: 'A-2', 受理时间: '2026-02-14', 诉求内容: '𠮷祥路积水' }],
];

describe('a csv file', () => {
  it.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(TABLE)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TABLE}`)],
    ['GB18030, with a character of four bytes', gb18030(TABLE)],
    ['UTF-16 of little end', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(TABLE)])],
    ['UTF-16 of big end', Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(TABLE).swap16()])],
    ['UTF-8 with line ends of Windows', Buffer.from(TABLE.replaceAll('\n', '\r\n'))],
    ['UTF-8 without a last line end', Buffer.from(TABLE.trimEnd())],
  ])('is read in %s', async (_, bytes) => {
    expect(told(await read('a.csv', bytes))).toEqual(AS_TOLD);
  });

  it.each([
    ['semicolons', ';', 'a.csv'],
    ['tabs', '\t', 'a.csv'],
    ['tabs, by its name', '\t', 'a.tsv'],
    ['tabs, as spreadsheets name it', '\t', 'a.txt'],
  ])('is read with %s between its cells', async (_, delimiter, name) => {
    expect(told(await read(name, TABLE.replaceAll(',', delimiter)))).toEqual(AS_TOLD);
  });

  it('with commas between its cells may have semicolons and tabs inside of them', async () => {
    const rows = await read('a.csv', '来源单号,受理时间,诉求内容\nA-1,2026-02-13,路灯坏了;请修\t谢谢\n');
    expect(told(rows)).toEqual([[2, { 来源单号: 'A-1', 受理时间: '2026-02-13', 诉求内容: '路灯坏了;请修\t谢谢' }]]);
  });

  it('with semicolons between its cells may have commas inside of them', async () => {
    const rows = await read('a.csv', '"来源单号";"受理时间";"诉求内容"\nA-1;2026-02-13;路灯坏了,请修\n');
    expect(told(rows)).toEqual([[2, { 来源单号: 'A-1', 受理时间: '2026-02-13', 诉求内容: '路灯坏了,请修' }]]);
  });

  it('may have line breaks, quotes and delimiters in quoted cells, and counts rows as a spreadsheet does', async () => {
    const rows = await read('a.csv', '来源单号,受理时间,诉求内容\r\nA-1,2026-02-13,"第一行\r\n第二行, ""引""\n"\r\nA-2,2026-02-14,"x"\r\n');
    expect(told(rows)).toEqual([
      [2, { 来源单号: 'A-1', 受理时间: '2026-02-13', 诉求内容: '第一行\r\n第二行, "引"\n' }],
      [3, { 来源单号: 'A-2', 受理时间: '2026-02-14', 诉求内容: 'x' }],
    ]);
  });

  it('may have stray quotes in cells that are not quoted', async () => {
    const rows = await read('a.csv', '来源单号,受理时间,诉求内容\nA-1,2026-02-13,他说"马上"来修\nA-2,2026-02-14,5"管道\n');
    expect(told(rows).map(([, cells]) => cells['诉求内容'])).toEqual(['他说"马上"来修', '5"管道']);
  });

  it('is read whole across the borders of what is read at once', async () => {
    // Three bytes a character in UTF-8, two and four in GB18030: some border falls inside a character.
    const long = Array.from({ length: 3000 }, (_, no) => `A-${no},2026-02-13,${'路灯𠮷'.repeat(20)}${no}`).join('\n');
    for (const bytes of [Buffer.from(`来源单号,受理时间,诉求内容\n${long}\n`), gb18030(`来源单号,受理时间,诉求内容\n${long}\n`)]) {
      const rows = await read('a.csv', bytes);
      expect(rows).toHaveLength(3000);
      for (const [no, row] of rows.entries()) expect(row.cells.get('诉求内容')).toBe(`${'路灯𠮷'.repeat(20)}${no}`);
    }
  });

  it('may have ten thousand blank rows, which are told as blank under their own numbers', async () => {
    const rows = await read(
      'a.csv',
      `来源单号,受理时间,诉求内容\nA-1,2026-02-13,x\n${',,\n'.repeat(5000)}${'\n'.repeat(4999)} , \t,　\nA-2,2026-02-14,y\n`,
    );
    expect(rows).toHaveLength(10_002);
    expect(rows.filter((row) => row.blank)).toHaveLength(10_000);
    expect(told(rows).map(([no]) => no)).toEqual([2, 10_003]);
  });

  it('may be too short or too long in some rows', async () => {
    const rows = await read('a.csv', '来源单号,受理时间,诉求内容\nA-1\nA-2,2026-02-14,y,more,than,that\n');
    expect(told(rows)).toEqual([
      [2, { 来源单号: 'A-1', 受理时间: null, 诉求内容: null }],
      [3, { 来源单号: 'A-2', 受理时间: '2026-02-14', 诉求内容: 'y' }],
    ]);
  });

  it('may have two hundred columns', async () => {
    const names = Array.from({ length: 200 }, (_, no) => `列${no}`);
    const rows = await read('a.csv', `${names.join(',')}\n${names.map((_, no) => no).join(',')}\n`, ['列199', '列0', '列100']);
    expect([...rows[0]!.cells].length).toBe(200);
    expect(['列0', '列100', '列199'].map((name) => rows[0]!.cells.get(name))).toEqual(['0', '100', '199']);
  });

  it('that has a name twice is read from the first column of that name', async () => {
    const rows = await read('a.csv', '来源单号,受理时间,诉求内容,诉求内容\nA-1,2026-02-13,前,后\n');
    expect(told(rows)).toEqual([[2, { 来源单号: 'A-1', 受理时间: '2026-02-13', 诉求内容: '前' }]]);
  });

  it('that is empty, or has a header alone, has no rows', async () => {
    expect(await read('a.csv', '')).toEqual([]);
    expect(await read('a.csv', '来源单号,受理时间,诉求内容\n')).toEqual([]);
  });

  it('without any of the columns is refused, and the columns are named', async () => {
    expect(await fails('a.csv', 'a,b,c\n1,2,3\n')).toContain('来源单号、受理时间、诉求内容');
    expect(await fails('a.csv', `a,b,c\n${'1,2,3\n'.repeat(30)}`)).toContain('no header row was found');
  });

  it('whose quotes never close is refused instead of swallowed', async () => {
    expect(await fails('a.csv', `来源单号,受理时间,诉求内容\nA-1,2026-02-13,"路灯\n${'A,B,C\n'.repeat(1000)}`)).toContain(
      'Quote Not Closed',
    );
  });
});

describe('the header of a table', () => {
  const rest = 'A-1,2026-02-13,x\n';
  const asTold = (no: number) => [[no, { 来源单号: 'A-1', 受理时间: '2026-02-13', 诉求内容: 'x' }]];

  it('is found under rows of a title', async () => {
    expect(told(await read('a.csv', `2026年诉求登记表,,\n单位：12345,,制表：张三\n来源单号,受理时间,诉求内容\n${rest}`))).toEqual(
      asTold(4),
    );
  });

  it('is found as late as in the fifteenth row, and no later', async () => {
    expect(told(await read('a.csv', `${'说明,,\n'.repeat(14)}来源单号,受理时间,诉求内容\n${rest}`))).toEqual(asTold(16));
    expect(await fails('a.csv', `${'说明,,\n'.repeat(15)}来源单号,受理时间,诉求内容\n${rest}`)).toContain('15');
  });

  it('may lie over two rows of merged cells', async () => {
    const rows = await read('a.csv', '登记表,,,\n来源单号,受理时间,诉求人,\n,,姓名,电话\nA-1,2026-02-13,张三,138\n', [
      '来源单号',
      '受理时间',
      '姓名',
      '电话',
    ]);
    expect(told(rows)).toEqual([[4, { 来源单号: 'A-1', 受理时间: '2026-02-13', 姓名: '张三', 电话: '138' }]]);
  });

  it('is found though some columns are missing and the file is short', async () => {
    expect(told(await read('a.csv', '登记表,,\n来源单号,诉求内容,备注\nA-1,x,\n'))).toEqual([
      [3, { 来源单号: 'A-1', 诉求内容: 'x', 备注: '' }],
    ]);
  });

  it('may have blanks around its names and its columns in any order', async () => {
    expect(told(await read('a.csv', ' 诉求内容 ,来源单号, 受理时间\nx,A-1,2026-02-13\n'))).toEqual(asTold(2));
  });
});

describe('a file of JSON lines', () => {
  it('is read line by line, with and without a mark, with either line end and without the last', async () => {
    const lines = '{"id":"A-1","n":1,"ok":true,"none":null,"deep":{"a":[1]}}\n\n{"id":"A-2"}';
    for (const text of [lines, `\uFEFF${lines}\n`, lines.replaceAll('\n', '\r\n')]) {
      const rows = await read('a.jsonl', text);
      expect(told(rows)).toEqual([
        [1, { id: 'A-1', n: 1, ok: true, none: null, deep: '{"a":[1]}' }],
        [3, { id: 'A-2' }],
      ]);
      expect(rows.map((row) => row.blank)).toEqual([false, true, false]);
    }
  });

  it('keeps a broken line as a row without cells, so that it is accounted for', async () => {
    const rows = await read('a.ndjson', '{"id":"A-1"\nnot json\n[1,2]\n"text"\nnull\n42\n{"id":"A-2"}\n');
    expect(rows.map((row) => [row.rowNo, row.blank, row.cells.size])).toEqual([
      [1, false, 0],
      [2, false, 0],
      [3, false, 0],
      [4, false, 0],
      [5, false, 0],
      [6, false, 0],
      [7, false, 1],
    ]);
  });

  it('ends its lines with line feeds alone: other separators may stand inside of a text', async () => {
    const text = '一\u2028二\u2029三\u0085四';
    const rows = await read('a.jsonl', `${JSON.stringify({ id: 'A-1', text })}\n${JSON.stringify({ id: 'A-2' })}\n`);
    expect(told(rows)).toEqual([
      [1, { id: 'A-1', text }],
      [2, { id: 'A-2' }],
    ]);
  });

  it('gives back whatever texts were written into it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText(), { minLength: 1, maxLength: 20 }), async (texts) => {
        const rows = await read('a.jsonl', texts.map((text) => JSON.stringify({ text })).join('\n'));
        expect(rows.map((row) => row.cells.get('text'))).toEqual(texts);
      }),
      { numRuns: 20 },
    );
  });

  it('with a line of more than a megabyte is refused, as no appeal is that long', async () => {
    expect(await fails('a.jsonl', `{"id":"A-1"}\n{"text":"${'x'.repeat(2 ** 20)}"}\n`)).toContain('line 2');
  });

  it('may be in GB18030', async () => {
    expect(told(await read('a.jsonl', gb18030('{"诉求":"路灯𠮷"}\n')))).toEqual([[1, { 诉求: '路灯𠮷' }]]);
  });
});

describe('a workbook', () => {
  it('is read with shared and inline texts, numbers, switches and dates, under the numbers of its own rows', async () => {
    const rows = await read(
      'a.xlsx',
      anXlsx({
        rows: {
          1: COLUMNS,
          2: ['A-1', { date: 46_066.378_472_222_2 }, { inline: '路灯 <坏> 了 & 𠮷' }],
          3: ['A-2', 46_066.25, true],
          5: [12, null, 'x'],
        },
      }),
    );
    expect(told(rows).map(([no]) => no)).toEqual([2, 3, 5]);
    expect(rows[0]!.cells.get('诉求内容')).toBe('路灯 <坏> 了 & 𠮷');
    expect(readTime(rows[0]!.cells.get('受理时间')!)).toEqual(new Date('2026-02-13T09:05:00+08:00'));
    expect(readTime(rows[1]!.cells.get('受理时间')!)).toEqual(new Date('2026-02-13T06:00:00+08:00'));
    expect(rows[1]!.cells.get('诉求内容')).toBe(true);
    expect(rows[2]!.blank).toBe(true);
    expect(rows[3]!.cells.get('来源单号')).toBe(12);
  });

  it('may hold a number that no calendar reaches in a cell styled as a date', async () => {
    const rows = await read('a.xlsx', anXlsx({ rows: { 1: COLUMNS, 2: ['A-1', { date: 1e12 }, 'x'] } }));
    expect(readTime(rows[0]!.cells.get('受理时间')!)).toBeNull();
  });

  it('has its header found under merged title rows and over two merged rows', async () => {
    const rows = await read(
      'a.xlsx',
      anXlsx({
        rows: {
          1: ['2026年诉求登记表'],
          3: ['来源单号', '受理时间', '诉求人', null, '诉求内容'],
          4: [null, null, '姓名', '电话'],
          5: ['A-1', '2026-02-13', '张三', 13_812_345_678, 'x'],
        },
        merged: ['A1:E1', 'A3:A4', 'B3:B4', 'C3:D3', 'E3:E4'],
      }),
      ['来源单号', '受理时间', '姓名', '电话', '诉求内容'],
    );
    expect(told(rows)).toEqual([[5, { 来源单号: 'A-1', 受理时间: '2026-02-13', 姓名: '张三', 电话: 13_812_345_678, 诉求内容: 'x' }]]);
  });

  it('may have ten thousand empty rows before its last one, or after it', async () => {
    const between = await read(
      'a.xlsx',
      anXlsx({ rows: { 1: COLUMNS, 2: ['A-1', 46_066, 'x'], 10_003: ['A-2', 46_067, 'y'] }, emptyRows: { from: 3, to: 10_002 } }),
    );
    expect(between).toHaveLength(10_002);
    expect(told(between).map(([no]) => no)).toEqual([2, 10_003]);
    const after = await read('a.xlsx', anXlsx({ rows: { 1: COLUMNS, 2: ['A-1', 46_066, 'x'] }, emptyRows: { from: 3, to: 10_002 } }));
    expect(told(after).map(([no]) => no)).toEqual([2]);
  });

  it('may have two hundred columns', async () => {
    const names = Array.from({ length: 200 }, (_, no) => `列${no}`);
    const rows = await read('a.xlsx', anXlsx({ rows: { 1: names, 2: names.map((_, no) => no) } }), ['列0', '列25', '列26', '列199']);
    expect(['列0', '列25', '列26', '列199'].map((name) => rows[0]!.cells.get(name))).toEqual([0, 25, 26, 199]);
  });

  it.each<[string, () => Uint8Array]>([
    [
      'a picture by another name',
      () => Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
    ],
    ['a text by another name', () => Buffer.from(TABLE)],
    ['a workbook of the old kind', () => Buffer.from(`d0cf11e0a1b11ae1${'00'.repeat(1000)}`, 'hex')],
    ['an archive of something else', () => storedZip({ 'word/document.xml': '<document/>' })],
    ['cut off in the middle', () => anXlsx({ rows: { 1: COLUMNS } }).subarray(0, 1500)],
    ['empty', () => Buffer.alloc(0)],
  ])('that is %s is refused in words of both languages', async (_, bytes) => {
    const message = await fails('a.xlsx', bytes());
    expect(message).toMatch(/^不是有效的 xlsx 文件 \/ not a valid xlsx file: .+/);
  });
});

describe('a file of another kind', () => {
  it('is refused by its name', async () => {
    for (const name of ['a.xls', 'a.pdf', 'a']) expect(await fails(name, 'x')).toMatch(/csv、jsonl、xlsx/);
  });

  it('that is no text in any encoding is refused', async () => {
    expect(await fails('a.csv', Buffer.from([0x80, 0xff, 0xff, 0x80, 0x00, 0xff]))).toContain('neither UTF-8 nor GB18030');
  });
});

describe('the encoding', () => {
  it('is told though the first megabyte ends inside a character', async () => {
    for (const shift of [0, 1, 2, 3]) {
      const text = 'x'.repeat(shift) + '诉求'.repeat(300_000);
      const utf8 = join(folder, 'u.txt');
      const gb = join(folder, 'g.txt');
      writeFileSync(utf8, text);
      writeFileSync(gb, gb18030(text));
      expect([await detectEncoding(utf8), await detectEncoding(gb)]).toEqual(['utf-8', 'gb18030']);
    }
  });
});
