import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '#server/kernel/text.testing.ts';
import { AppealInput } from '#contracts/appeals/appeals.api.ts';
import { compileValidator } from '#server/platform/http/validation.ts';
import type { Cell, SourceRow } from './imports.reader.ts';
import { columnsOf, mappingFaults, mapRow, readTime, type Mapping } from './imports.rules.ts';

const FOLDER = join(import.meta.dirname, '../../../../db/mappings');
const shipped = readdirSync(FOLDER).map((name) => [name, JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Mapping] as const);
const judgeForm = compileValidator({ schema: AppealInput, httpPart: 'body' });

const beijing = (text: string) => new Date(`${text}+08:00`);
const serialOf = (instant: Date) => (instant.getTime() + 8 * 3_600_000 - Date.UTC(1899, 11, 30)) / 86_400_000;

describe('a time in a file', () => {
  it.each([
    ['2026-02-13 09:05:07', '2026-02-13T09:05:07'],
    ['2026-02-13 09:05', '2026-02-13T09:05:00'],
    ['2026-02-13', '2026-02-13T00:00:00'],
    ['2026-02-13T09:05:07', '2026-02-13T09:05:07'],
    ['2026-02-13 09:05:07.123', '2026-02-13T09:05:07'],
    ['2026/2/13 9:05:07', '2026-02-13T09:05:07'],
    ['2026/2/13', '2026-02-13T00:00:00'],
    ['2026.2.13', '2026-02-13T00:00:00'],
    ['2026.02.13 9:05', '2026-02-13T09:05:00'],
    ['2026年2月13日', '2026-02-13T00:00:00'],
    ['2026年2月13日 9时5分', '2026-02-13T09:05:00'],
    ['2026年02月13日9时5分7秒', '2026-02-13T09:05:07'],
    ['2026年2月13日9点', '2026-02-13T09:00:00'],
    ['2026年2月13日 09:05:07', '2026-02-13T09:05:07'],
    ['  2026-02-13 09:05  ', '2026-02-13T09:05:00'],
    ['2026-02-13  09:05', '2026-02-13T09:05:00'],
    ['2024-02-29 23:59:59', '2024-02-29T23:59:59'],
  ])('written %s is meant in Beijing', (text, expected) => {
    expect(readTime(text)).toEqual(beijing(expected));
  });

  it.each([
    ['2026-02-13T01:05:07Z', '2026-02-13T09:05:07'],
    ['2026-02-13T09:05:07+08:00', '2026-02-13T09:05:07'],
    ['2026-02-13T09:05:07+0800', '2026-02-13T09:05:07'],
    ['2026-02-13T09:05+08:00', '2026-02-13T09:05:00'],
    ['2026-02-12T20:05:07-05:00', '2026-02-13T09:05:07'],
  ])('written %s says its zone itself', (text, expected) => {
    expect(readTime(text)).toEqual(beijing(expected));
  });

  it.each<[string, Cell, string]>([
    ['a serial day', 46_066, '2026-02-13T00:00:00'],
    ['a serial day with its time', 46_066.378_553_240_74, '2026-02-13T09:05:07'],
    ['a serial day as text', '46066.5', '2026-02-13T12:00:00'],
    ['a whole serial day as text', ' 46066 ', '2026-02-13T00:00:00'],
    ['a date of the reader, given as if in UTC', new Date('2026-02-13T09:05:07Z'), '2026-02-13T09:05:07'],
    ['a date of the reader that is a millisecond short', new Date('2026-02-13T09:05:06.999Z'), '2026-02-13T09:05:07'],
    // 1900 is a leap year to spreadsheets only, long before anything that is read here.
    ['the day after a leap day', 45_352, '2024-03-01T00:00:00'],
  ])('given as %s is the second that the spreadsheet shows', (_, cell, expected) => {
    expect(readTime(cell)).toEqual(beijing(expected));
  });

  it.each<[Cell]>([
    ['2026-02-30'],
    ['2026-02-29'],
    ['2026-04-31 10:00'],
    ['2026-13-01'],
    ['2026-00-10'],
    ['2026-01-00'],
    ['2026-02-13 24:00'],
    ['2026-02-13 23:60'],
    ['2026-02-13 23:59:60'],
    ['2026-02-30T00:00:00Z'],
    ['2026-04-31T00:00:00+08:00'],
    ['2026-02-13T24:00:00Z'],
    ['2026-02-13T09:60:00Z'],
    ['0026-02-13'],
    ['2026-2-112:30'],
    ['26-02-13'],
    ['13/02/2026'],
    ['2026-02'],
    ['2026'],
    ['昨天'],
    [''],
    ['无'],
    ['20260213'],
    ['2026-02-13 morning'],
    ['2026-02-13 09:05:07 x'],
    [0],
    [42],
    [-46_066],
    [20_260_213],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [true],
    [null],
    [new Date(Number.NaN)],
  ])('that is %s is refused, not guessed', (cell) => {
    expect(readTime(cell)).toBeNull();
  });

  it('is the same in every way it can be written', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1990, 0, 1) / 1000, max: Date.UTC(2060, 0, 1) / 1000 }), (second) => {
        const instant = new Date(second * 1000);
        const [year, month, day, hour, minute, sec] = new Date(second * 1000 + 8 * 3_600_000)
          .toISOString()
          .split(/[-T:.]/)
          .map(Number);
        const two = (value: number | undefined) => String(value).padStart(2, '0');
        for (const cell of [
          instant.toISOString(),
          `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(sec)}`,
          `${year}/${month}/${day} ${hour}:${two(minute)}:${two(sec)}`,
          `${year}年${month}月${day}日 ${hour}时${minute}分${sec}秒`,
          serialOf(instant),
          String(serialOf(instant)),
          new Date(second * 1000 + 8 * 3_600_000),
        ])
          expect([cell, readTime(cell)]).toEqual([cell, instant]);
      }),
    );
  });
});

const mapping: Mapping = {
  name: 'test',
  title: '测试',
  source: 'test-sheet',
  fields: {
    sourceNumber: { column: '编号' },
    filedAt: { column: '时间' },
    channel: { column: '渠道', values: { 电话: '01', 网站: '03' }, otherwise: '99' },
    type: { column: '类型', values: { 咨询: '01', 求助: '02' } },
    region: { constant: '320106' },
    content: { column: '内容', cutAt: 12 },
    title: { column: '标题' },
    anonymous: { column: '匿名' },
    confidential: { column: '保密', otherwise: false },
    urgency: { column: '紧急', values: { 特急: 1 }, otherwise: 3 },
    eventAt: { column: '事发' },
    'contact.name': { column: '姓名' },
    'contact.phone': { column: '电话' },
    'reply.text': { column: '答复' },
    'reply.at': { column: '答复时间' },
    'reply.by': { constant: '市城管局' },
  },
};
const aRow = (cells: Readonly<Record<string, Cell>> = {}): SourceRow => ({
  rowNo: 2,
  blank: false,
  cells: new Map<string, Cell>(
    Object.entries({ 编号: 'A-1', 时间: '2026-02-13 09:05', 渠道: '电话', 类型: '求助', 内容: '小区门口的路灯坏了三天。', ...cells }),
  ),
});
const mapped = (cells?: Readonly<Record<string, Cell>>) => {
  const result = mapRow(mapping, aRow(cells));
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.value;
};
const faultsOf = (cells: Readonly<Record<string, Cell>>) => {
  const result = mapRow(mapping, aRow(cells));
  return result.ok ? [] : result.faults.map((fault) => `${fault.path} ${fault.code}`);
};

describe('a row of a file', () => {
  it('becomes an appeal by its mapping', () => {
    expect(mapped({ 标题: ' 路灯 ', 事发: '2026/2/12', 姓名: '张三', 电话: 13_812_345_678, 答复: '已修好', 答复时间: 46_067.5 })).toEqual({
      input: {
        channel: '01',
        type: '02',
        region: '320106',
        content: '小区门口的路灯坏了三天。',
        title: '路灯',
        confidential: false,
        urgency: 3,
        eventAt: '2026-02-11T16:00:00.000Z',
        contact: { name: '张三', phone: '13812345678' },
      },
      sourceNumber: 'A-1',
      filedAt: beijing('2026-02-13T09:05:00'),
      reply: { text: '已修好', at: beijing('2026-02-14T12:00:00'), by: '市城管局', resultType: '99', unitCode: null },
    });
  });

  it('has the form that the API asks for', () => {
    for (const cells of [{}, { 匿名: '是' }, { 姓名: '张三', 电话: '13812345678', 紧急: '特急' }]) {
      expect(judgeForm(mapped(cells).input), JSON.stringify(judgeForm.errors)).toBe(true);
    }
  });

  it('has its values translated, and those it does not name taken as `otherwise` says', () => {
    expect(mapped({ 渠道: '网站' }).input.channel).toBe('03');
    expect(mapped({ 渠道: '飞鸽' }).input.channel).toBe('99');
    expect(mapped({ 渠道: null }).input.channel).toBe('99');
    expect(mapped({ 紧急: '特急' }).input.urgency).toBe(1);
    expect(mapped({ 紧急: '' }).input.urgency).toBe(3);
  });

  it('is refused for a value that no rule names', () => {
    expect(faultsOf({ 类型: '闲聊' })).toEqual(['类型 field.unknown-code']);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'takes the word "%s" as any other that the mapping does not name',
    (word) => {
      expect(mapped({ 渠道: word }).input.channel).toBe('99');
      expect(faultsOf({ 类型: word })).toEqual(['类型 field.unknown-code']);
    },
  );

  it('is refused for a number that no calendar reaches, in a cell styled as a date', () => {
    expect(faultsOf({ 标题: new Date(Number.NaN), 时间: new Date(Number.NaN) })).toEqual(['时间 field.format', '标题 field.format']);
  });

  it('is cut where the mapping says, between characters', () => {
    expect(mapped({ 内容: '𠮷'.repeat(20) }).input.content).toBe('𠮷'.repeat(12));
  });

  it('has its constants whatever stands in it', () => {
    expect(mapped({ region: '110000', 区划: '110000' }).input.region).toBe('320106');
  });

  it('is refused by the columns that are wrong, each once and all at once', () => {
    expect(faultsOf({ 编号: ' ', 时间: '昨天', 类型: null, 内容: '', 事发: '2026-02-30' })).toEqual([
      '时间 field.format',
      '事发 field.format',
      '编号 field.required',
      '类型 field.required',
      '内容 field.required',
    ]);
    expect(mapRow(mapping, { rowNo: 2, blank: false, cells: new Map() })).toMatchObject({
      ok: false,
      faults: expect.arrayContaining([{ path: '编号', code: 'field.required' }]),
    });
  });

  it('filed before there were such hotlines is refused: its id would have no time', () => {
    expect(faultsOf({ 时间: '1969-12-31 10:00' })).toEqual(['时间 field.out-of-range']);
    expect(faultsOf({ 时间: 20_000 })).toEqual(['时间 field.out-of-range']);
    expect(mapped({ 事发: '1965-05-01' }).input.eventAt).toBe('1965-04-30T16:00:00.000Z');
  });

  it.each<[Cell, boolean]>([
    ['是', true],
    ['true', true],
    ['TRUE', true],
    ['True', true],
    [true, true],
    [1, true],
    ['1', true],
    ['Y', true],
    ['yes', true],
    ['否', false],
    ['false', false],
    ['FALSE', false],
    [false, false],
    [0, false],
    ['0', false],
    ['N', false],
    ['no', false],
  ])('reads the switch %s as %s', (cell, expected) => {
    expect(mapped({ 匿名: cell }).input.anonymous).toBe(expected);
  });

  it('is refused for a switch it cannot read: a confidential appeal must not become an open one in silence', () => {
    expect(faultsOf({ 匿名: '匿' })).toEqual(['匿名 field.unknown-code']);
    expect(faultsOf({ 保密: '保密' })).toEqual(['保密 field.unknown-code']);
    expect('anonymous' in mapped({ 匿名: '' }).input).toBe(false);
    expect(mapped({ 保密: '' }).input.confidential).toBe(false);
  });

  it('has no contact and no reply where their cells are empty', () => {
    const { input, reply } = mapped({ 姓名: '  ', 电话: null, 答复: '', 答复时间: '' });
    expect('contact' in input).toBe(false);
    expect(reply).toBeNull();
    expect(mapped({ 答复: '已修好' }).reply).toBeNull();
  });

  it('never breaks the mapping, whatever stands in its cells', () => {
    const cell = fc.oneof(anyText(), fc.double(), fc.boolean(), fc.constant(null), fc.date());
    fc.assert(
      fc.property(fc.array(cell, { minLength: 15, maxLength: 15 }), (cells) => {
        const row: SourceRow = {
          rowNo: 2,
          blank: false,
          cells: new Map(columnsOf(mapping).map((column, place) => [column, cells[place] ?? null])),
        };
        const result = mapRow(mapping, row);
        if (result.ok) judgeForm(result.value.input);
        else for (const fault of result.faults) expect(columnsOf(mapping)).toContain(fault.path);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a mapping', () => {
  it.each(shipped)('that ships, %s, has no faults and the name of its file', (file, known) => {
    expect(mappingFaults(known)).toEqual([]);
    expect(`${known.name}.json`).toBe(file);
    expect(columnsOf(known).length).toBeGreaterThan(0);
  });

  it('tells the columns it reads, each once', () => {
    expect(
      columnsOf({ ...mapping, fields: { content: { column: '内容' }, title: { column: '内容' }, region: { constant: '320100' } } }),
    ).toEqual(['内容']);
  });

  it.each<[string, unknown, RegExp]>([
    ['is nothing', null, /object/],
    ['is a list', [], /object/],
    ['has no fields', { name: 'test', title: 'x', source: 'test' }, /fields/],
    ['has a name that is no file name', { ...mapping, name: '../x' }, /name/],
    [
      'has a field unknown to us',
      { ...mapping, fields: { ...mapping.fields, colour: { column: '颜色' } } },
      /^fields\.colour is not a field$/,
    ],
    [
      'has a field named like a built-in of the language',
      { ...mapping, fields: { ...mapping.fields, constructor: { column: '颜色' } } },
      /^fields\.constructor is not a field$/,
    ],
    [
      'lacks a field that is needed',
      { ...mapping, fields: Object.fromEntries(Object.entries(mapping.fields).filter(([field]) => field !== 'content')) },
      /^fields\.content is missing$/,
    ],
    ['has a rule of no kind', { ...mapping, fields: { ...mapping.fields, title: { from: '标题' } } }, /title/],
    ['has a rule of two kinds', { ...mapping, fields: { ...mapping.fields, title: { column: '标题', constant: 'x' } } }, /title/],
    ['has something besides', { ...mapping, version: 2 }, /additional|version/],
  ])('that %s is told so in words', (_, faulty, words) => {
    const faults = mappingFaults(faulty);
    expect(faults.length).toBeGreaterThan(0);
    expect(
      faults.some((fault) => words.test(fault)),
      faults.join('\n'),
    ).toBe(true);
  });

  it('tells all that is missing at once', () => {
    expect(mappingFaults({ name: 'test', title: 'x', source: 'test', fields: {} })).toHaveLength(6);
  });
});

describe('the shipped mapping of replies of 2020', () => {
  it('reads its rows, answered long ago and anonymous', () => {
    const known = shipped.find(([file]) => file === 'tipdm-replies.json')![1];
    const cells = {
      id: '2574',
      time: '2019/4/25 9:32:09',
      subject: '路灯',
      detail: '小区门口的路灯坏了三天。',
      reply: '已修好',
      reply_time: '2019/5/10 14:56:53',
    };
    const result = mapRow(known, { rowNo: 2, blank: false, cells: new Map(Object.entries(cells)) });
    expect(result).toMatchObject({
      ok: true,
      value: {
        sourceNumber: '2574',
        filedAt: beijing('2019-04-25T09:32:09'),
        input: { channel: '25', type: '02', region: '320100', anonymous: true },
        reply: { text: '已修好', at: beijing('2019-05-10T14:56:53') },
      },
    });
    expect(result.ok && judgeForm(result.value.input)).toBe(true);
  });
});
