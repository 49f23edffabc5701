import { readFile } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';
import { Refusal } from '#server/kernel/decision.ts';

const MB = 1024 * 1024;
const MAX_INFLATED = 64 * MB;
const PIECE = 4 * MB;
const ZIP_TAIL = 65_557;

/** Names of what makes a reader run or open something. In a PDF any character of a name may be written as #xx. */
const ACTIVE = new RegExp(
  ['JavaScript', 'Launch', 'EmbeddedFile', 'RichMedia'].map((name) => `/${[...name].map(eitherWay).join('')}`).join('|'),
);

function eitherWay(char: string): string {
  return `(?:${char}|#${char
    .charCodeAt(0)
    .toString(16)
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)})`;
}

/**
 * Whether a PDF can be taken: whole, nothing behind it, and nothing in it that runs. It is held once, at most fifty
 * megabytes; objects that are packed inside it are unpacked within a bound.
 *
 * @throws Refusal `files.unreadable`, `files.appended`, `files.active-content`, `files.locked`, `files.bomb`
 */
export async function checkPdf(path: string): Promise<void> {
  const bytes = await readFile(path);
  const end = bytes.lastIndexOf('%%EOF');
  if (end < 0 || !bytes.includes('startxref')) throw new Refusal({ code: 'files.unreadable' });
  // A zip is read from its end, so one may hide behind, or around, the end of the PDF.
  if (bytes.length - end > 1024 || bytes.subarray(-ZIP_TAIL).includes('PK\u0005\u0006')) throw new Refusal({ code: 'files.appended' });
  for (let from = 0; from < bytes.length; from += PIECE - 64) judge(bytes.toString('latin1', from, from + PIECE));
  let left = MAX_INFLATED;
  for (let at = bytes.indexOf('/ObjStm'); at >= 0; at = bytes.indexOf('/ObjStm', at + 1)) {
    const start = bytes.indexOf('stream', at);
    if (start < 0 || start - at > 2048) continue;
    const from = start + 'stream'.length + (bytes[start + 6] === 13 ? 2 : 1);
    const until = bytes.indexOf('endstream', from);
    const objects = unpacked(bytes.subarray(from, until < 0 ? bytes.length : until), left, bytes.includes('/Encrypt'));
    left -= objects.length;
    judge(objects.toString('latin1'));
  }
}

function judge(text: string): void {
  if (ACTIVE.test(text)) throw new Refusal({ code: 'files.active-content' });
}

function unpacked(stream: Buffer, most: number, encrypted: boolean): Buffer {
  try {
    return inflateSync(stream, { maxOutputLength: Math.max(1, most) });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw new Refusal({ code: 'files.bomb' });
    // What cannot be looked into is not passed on.
    throw new Refusal({ code: encrypted ? 'files.locked' : 'files.unreadable' });
  }
}
