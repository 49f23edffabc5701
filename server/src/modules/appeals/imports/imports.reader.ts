import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { extname } from 'node:path';
import { parse } from 'csv-parse';
import { readSheet } from 'read-excel-file/node';

/** A cell as the file gives it. */
export type Cell = string | number | boolean | Date | null;

/** One row by the names of its columns; `rowNo` counts as the file's own program would (the first line is 1). */
export interface SourceRow {
  readonly rowNo: number;
  readonly cells: ReadonlyMap<string, Cell>;
  readonly blank: boolean;
}

/** A file that cannot be read at all; `message` says why in words for the person who brought it. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

const HEADER_LOOKED_FOR = 15;
const MAX_RECORD = 1 << 20;
const DELIMITERS = [',', ';', '\t'];

/**
 * The rows of a csv, jsonl or xlsx file, one after the other.
 *
 * Text may be UTF-8 (with or without a mark), UTF-16 with a mark, or GB18030, which is detected; so is what stands between
 * cells. In tables the header is the row among the first fifteen that names most of `columns`; cells merged over several
 * header rows count by their topmost text.
 *
 * @throws UnreadableFile
 */
export async function* readRows(
  path: string,
  columns: readonly string[],
  format = extname(path).slice(1).toLowerCase(),
): AsyncGenerator<SourceRow> {
  if (format === 'jsonl' || format === 'ndjson') yield* readJsonLines(path);
  else if (format === 'csv' || format === 'tsv' || format === 'txt') yield* fromTable(readCsv(path, format, columns), columns);
  else if (format === 'xlsx') yield* fromTable(readXlsx(path), columns);
  else throw new UnreadableFile(`不支持的文件类型 .${format}（csv、jsonl、xlsx）/ .${format} files are not read; csv, jsonl and xlsx are`);
}

/** The encoding of a text file, judged by its mark or by its first megabyte. */
export async function detectEncoding(path: string): Promise<'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1 << 20), 0, 1 << 20, 0);
    const head = buffer.subarray(0, bytesRead);
    if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
    if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
    // The last characters may be cut in the middle, so they are judged as a stream that goes on.
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
      return 'utf-8';
    } catch {
      try {
        new TextDecoder('gb18030', { fatal: true }).decode(head, { stream: true });
        return 'gb18030';
      } catch {
        throw new UnreadableFile('文件编码无法识别（应为 UTF-8 或 GB18030）/ the encoding is neither UTF-8 nor GB18030');
      }
    }
  } finally {
    await file.close();
  }
}

/** The text of a file, piece by piece. */
async function* decoded(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(await detectEncoding(path));
  for await (const chunk of createReadStream(path)) yield decoder.decode(chunk as Uint8Array, { stream: true });
  yield decoder.decode();
}

/**
 * The lines of a text, which end with a line feed and nothing else: `node:readline` would also break them at U+2028, which
 * JSON allows inside of a text.
 */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let no = 1;
  for await (const chunk of chunks) {
    const parts = chunk.split('\n');
    parts[0] = rest + parts[0]!;
    if (parts[0].length > MAX_RECORD) throw new UnreadableFile(`第 ${no} 行超过 1 MB / line ${no} is longer than 1 MB`);
    rest = parts.pop()!;
    no += parts.length;
    yield* parts;
  }
  if (rest !== '') yield rest;
}

async function* readJsonLines(path: string): AsyncGenerator<SourceRow> {
  let rowNo = 0;
  for await (const line of linesOf(decoded(path))) {
    rowNo++;
    const text = line.trim();
    if (text === '') {
      yield { rowNo, cells: new Map(), blank: true };
      continue;
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      value = null;
    }
    // A line that is no object is a row all the same: it is rejected for lacking every field.
    const cells = new Map<string, Cell>();
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, cell] of Object.entries(value))
        cells.set(key, typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : (cell as Cell));
    }
    yield { rowNo, cells, blank: false };
  }
}

async function* readCsv(path: string, format: string, columns: readonly string[]): AsyncGenerator<Cell[]> {
  const delimiter = format === 'tsv' ? '\t' : await detectDelimiter(path, columns);
  const input = Readable.from(decoded(path));
  const parser = parse({
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    delimiter,
    max_record_size: MAX_RECORD,
  });
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  try {
    for await (const record of parser) yield record as string[];
  } catch (error) {
    throw new UnreadableFile(error instanceof Error ? error.message : String(error), { cause: error });
  } finally {
    // A run may stop in the middle; the file is closed then, too.
    input.destroy();
  }
}

/** What stands between the cells: that under which the start of the file names most of the columns. */
async function detectDelimiter(path: string, columns: readonly string[]): Promise<string> {
  let head = '';
  for await (const chunk of decoded(path)) {
    head = chunk;
    break;
  }
  const hits = DELIMITERS.map((delimiter) => {
    const cells = new Set(
      head
        .split(/[\r\n]+/)
        .flatMap((line) => line.split(delimiter))
        .map((cell) =>
          cell
            .trim()
            .replace(/^"(.*)"$/, '$1')
            .trim(),
        ),
    );
    return columns.filter((column) => cells.has(column)).length;
  });
  return DELIMITERS[hits.indexOf(Math.max(...hits))]!;
}

async function* readXlsx(path: string): AsyncGenerator<Cell[]> {
  let sheet: Cell[][];
  try {
    sheet = (await readSheet(path)) as Cell[][];
  } catch (error) {
    throw new UnreadableFile(`不是有效的 xlsx 文件 / not a valid xlsx file: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  yield* sheet;
}

/** Finds the header, then names the cells of every row after it. */
async function* fromTable(records: AsyncIterable<Cell[]>, columns: readonly string[]): AsyncGenerator<SourceRow> {
  let rowNo = 0;
  let header: string[] | null = null;
  const head: Cell[][] = [];
  for await (const record of records) {
    rowNo++;
    if (header) {
      yield named(rowNo, record, header);
      continue;
    }
    head.push(record);
    if (head.length < HEADER_LOOKED_FOR && !namesAll(record, columns)) continue;
    const found = findHeader(head, columns);
    header = found.header;
    for (const [index, early] of head.entries()) if (index > found.at) yield named(index + 1, early, header);
  }
  if (!header && head.length > 0) {
    const found = findHeader(head, columns);
    for (const [index, early] of head.entries()) if (index > found.at) yield named(index + 1, early, found.header);
  }
}

const textOf = (cell: Cell | undefined) => (cell === null || cell === undefined ? '' : String(cell).trim());

function namesAll(record: Cell[], columns: readonly string[]): boolean {
  const names = new Set(record.map(textOf));
  return columns.every((column) => names.has(column));
}

function findHeader(head: Cell[][], columns: readonly string[]): { at: number; header: string[] } {
  let best = { at: -1, hits: 0, header: [] as string[] };
  for (const at of head.keys()) {
    // Under a merged cell the lower rows are empty: there the nearest text above names the column.
    const above = (column: number): string => {
      for (let row = at; row >= 0; row--) {
        const text = textOf(head[row]?.[column]);
        if (text !== '') return text;
      }
      return '';
    };
    const width = Math.max(...head.slice(0, at + 1).map((row) => row.length));
    const header = Array.from({ length: width }, (_, column) => above(column));
    const hits = columns.filter((column) => header.includes(column)).length;
    if (hits > best.hits) best = { at, hits, header };
  }
  if (best.hits === 0)
    throw new UnreadableFile(`前 ${HEADER_LOOKED_FOR} 行中没有找到表头（${columns.slice(0, 5).join('、')} …）/ no header row was found`);
  return best;
}

function named(rowNo: number, record: Cell[], header: readonly string[]): SourceRow {
  const cells = new Map<string, Cell>();
  for (const [index, name] of header.entries()) if (name !== '' && !cells.has(name)) cells.set(name, record[index] ?? null);
  return { rowNo, cells, blank: record.every((cell) => textOf(cell) === '') };
}
