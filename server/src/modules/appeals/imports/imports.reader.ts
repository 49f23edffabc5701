import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
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

/**
 * The rows of a csv, jsonl or xlsx file, one after the other.
 *
 * Text may be UTF-8 (with or without a mark), UTF-16 with a mark, or GB18030, which is detected. In tables the header is the
 * row among the first fifteen that names most of `columns`; cells merged over several header rows count by their topmost text.
 *
 * @throws UnreadableFile
 */
export async function* readRows(
  path: string,
  columns: readonly string[],
  format = extname(path).slice(1).toLowerCase(),
): AsyncGenerator<SourceRow> {
  if (format === 'jsonl' || format === 'ndjson') yield* readJsonLines(path);
  else if (format === 'csv' || format === 'tsv' || format === 'txt') yield* fromTable(readCsv(path, format), columns);
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

async function decoded(path: string): Promise<NodeJS.ReadableStream> {
  const encoding = await detectEncoding(path);
  const stream = createReadStream(path) as unknown as ReadableStream<Uint8Array>;
  const decoder = new TextDecoder(encoding);
  const { Readable } = await import('node:stream');
  return Readable.from(
    (async function* () {
      for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) yield decoder.decode(chunk, { stream: true });
      yield decoder.decode();
    })(),
  );
}

async function* readJsonLines(path: string): AsyncGenerator<SourceRow> {
  let rowNo = 0;
  for await (const line of createInterface({ input: await decoded(path), crlfDelay: Infinity })) {
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

async function* readCsv(path: string, format: string): AsyncGenerator<Cell[]> {
  const input = await decoded(path);
  const parser = parse({
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    delimiter: format === 'tsv' ? '\t' : [',', ';', '\t'],
    max_record_size: 1 << 20,
  });
  input.on('error', (error) => parser.destroy(error as Error));
  (input as NodeJS.ReadableStream).pipe(parser);
  try {
    for await (const record of parser) yield record as string[];
  } catch (error) {
    throw new UnreadableFile(error instanceof Error ? error.message : String(error), { cause: error });
  }
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
