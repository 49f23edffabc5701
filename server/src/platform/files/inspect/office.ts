import { buffer } from 'node:stream/consumers';
import { fromBufferPromise, openPromise, type Entry, type ZipFile } from 'yauzl';
import { Refusal } from '#server/kernel/decision.ts';

const MB = 1024 * 1024;
const MAX_ENTRIES = 5000;
const MAX_UNPACKED = 300 * MB;
const MAX_ENTRY = 150 * MB;
/** Small files compress well without being bombs; beyond this much the ratio is judged. */
const RATIO_FROM = 5 * MB;
const MAX_RATIO = 200;
const MAX_PART = 2 * MB;
const MAX_EMBEDDED = 20 * MB;

const MAIN: Readonly<Record<string, string>> = {
  docx: 'wordprocessingml.document.main+xml',
  xlsx: 'spreadsheetml.sheet.main+xml',
  pptx: 'presentationml.presentation.main+xml',
};
const PROGRAM = /(^|\/)(vbaProject|vbaData|activeX\d*|oleObject\d*)\.(bin|xml)$|\.(exe|dll|js|vbs|bat|cmd|ps1|jar|lnk|scr|hta|wsf)$/i;
/** Relations that make the reader fetch and open something from elsewhere by itself. */
const FETCHES =
  /Type="[^"]*\/(attachedTemplate|oleObject|frame|subDocument|externalLinkPath)"[^>]*TargetMode="External"|TargetMode="External"[^>]*Type="[^"]*\/(attachedTemplate|oleObject|frame|subDocument)"/;
const FORBIDDEN_HEADS = ['MZ', '\u007fELF', '\u00d0\u00cf\u0011\u00e0', 'Rar!', '7z\u00bc\u00af', '\u001f\u008b', '#!'];

/** What may still be unpacked of one file, its embedded documents included. */
interface Budget {
  left: number;
  entries: number;
}

/**
 * Whether a document of Office can be taken: the kind its ending says, without programs, and unpacking to a bounded
 * size by what it declares and by what really comes out of it.
 *
 * @throws Refusal `files.unreadable`, `files.name-disagrees`, `files.active-content`, `files.bomb`
 */
export async function checkOffice(path: string, ending: string, size: number): Promise<void> {
  const budget = { left: MAX_UNPACKED, entries: MAX_ENTRIES };
  await readable(openPromise(path, { autoClose: false }), (zip) => checkZip(zip, ending, size, budget, 0));
}

async function readable(opening: Promise<ZipFile>, check: (zip: ZipFile) => Promise<void>): Promise<void> {
  let zip: ZipFile | undefined;
  try {
    zip = await opening;
    await check(zip);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal({ code: 'files.unreadable' });
  } finally {
    zip?.close();
  }
}

async function checkZip(zip: ZipFile, ending: string, size: number, budget: Budget, depth: number): Promise<void> {
  const entries: Entry[] = [];
  budget.entries -= zip.entryCount;
  if (budget.entries < 0) throw new Refusal({ code: 'files.bomb' });
  for await (const entry of zip.eachEntry()) entries.push(entry);
  // What lies over one another in the archive is counted several times: a bomb without any nesting.
  const packed = entries.reduce((sum, entry) => sum + entry.compressedSize, 0);
  const declared = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (packed > size || declared > budget.left) throw new Refusal({ code: 'files.bomb' });
  if (new Set(entries.map((entry) => entry.fileName)).size < entries.length) throw new Refusal({ code: 'files.unreadable' });
  let types = '';
  for (const entry of entries) {
    if (entry.isEncrypted()) throw new Refusal({ code: 'files.locked' });
    if (PROGRAM.test(entry.fileName)) throw new Refusal({ code: 'files.active-content' });
    const part = await unpack(zip, entry, budget);
    if (entry.fileName === '[Content_Types].xml') types = part.text ?? '';
    if (part.text !== null && entry.fileName.endsWith('.rels') && FETCHES.test(part.text))
      throw new Refusal({ code: 'files.active-content' });
    if (FORBIDDEN_HEADS.some((head) => part.head.startsWith(head))) throw new Refusal({ code: 'files.active-content' });
    if (part.head.startsWith('PK\u0003\u0004')) await checkEmbedded(zip, entry, budget, depth);
  }
  if (/macroEnabled/i.test(types)) throw new Refusal({ code: 'files.active-content' });
  if (!types.includes(MAIN[ending] ?? '-')) throw new Refusal({ code: 'files.name-disagrees', params: { ending } });
}

/** A table or a chart's data inside a document is a document itself; further down nothing is taken. */
async function checkEmbedded(zip: ZipFile, entry: Entry, budget: Budget, depth: number): Promise<void> {
  const ending = /\/embeddings\/[^/]+\.(docx|xlsx|pptx)$/i.exec(entry.fileName)?.[1]?.toLowerCase();
  if (ending === undefined) throw new Refusal({ code: 'files.active-content' });
  if (depth > 0 || entry.uncompressedSize > MAX_EMBEDDED) throw new Refusal({ code: 'files.bomb' });
  const bytes = await buffer(await zip.openReadStreamPromise(entry));
  await readable(fromBufferPromise(bytes), (inner) => checkZip(inner, ending, bytes.length, budget, depth + 1));
}

/** Unpacks one entry and drops it, counting; keeps its first bytes, and the text of the parts that say what the document is. */
async function unpack(zip: ZipFile, entry: Entry, budget: Budget): Promise<{ head: string; text: string | null }> {
  const kept: Buffer[] = [];
  const isDescription = entry.fileName === '[Content_Types].xml' || entry.fileName.endsWith('.rels');
  if (isDescription && entry.uncompressedSize > MAX_PART) throw new Refusal({ code: 'files.bomb' });
  let size = 0;
  let head = '';
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    const bytes = chunk as Buffer;
    if (size === 0) head = bytes.toString('latin1', 0, 8);
    size += bytes.length;
    budget.left -= bytes.length;
    const ratio = size / Math.max(1, entry.compressedSize);
    if (budget.left < 0 || size > MAX_ENTRY || (size > RATIO_FROM && ratio > MAX_RATIO)) throw new Refusal({ code: 'files.bomb' });
    if (isDescription) kept.push(bytes);
  }
  return { head, text: isDescription ? Buffer.concat(kept).toString('utf8') : null };
}
