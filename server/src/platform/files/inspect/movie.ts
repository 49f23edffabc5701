import { open, type FileHandle } from 'node:fs/promises';
import { Refusal } from '#server/kernel/decision.ts';

const BOX_HEAD = 8;
const MAX_BOXES = 10_000;
/** Boxes with boxes in them that may hold what a telephone notes beside the film. */
const FOLDERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'moof', 'traf']);
/** Notes: place (©xyz), maker, titles, XMP. Players do without them. */
const NOTES = new Set(['udta', 'meta', 'uuid']);

/**
 * Takes the notes out of an mp4, m4a or mov in place: telephones write down there where a film was taken. The boxes
 * become `free` and their bytes zero, so that nothing else moves.
 *
 * @throws Refusal `files.unreadable`
 */
export async function stripMovie(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const seen = new Set<string>();
    let boxes = 0;
    const walk = async (from: number, until: number): Promise<void> => {
      for (let at = from; at < until;) {
        const box = await boxAt(file, at, until);
        if (!box || ++boxes > MAX_BOXES) throw new Refusal({ code: 'files.unreadable' });
        seen.add(box.type);
        if (NOTES.has(box.type)) await blank(file, at, box);
        else if (FOLDERS.has(box.type)) await walk(at + box.head, at + box.size);
        at += box.size;
      }
    };
    await walk(0, size);
    if (!seen.has('moov') || !seen.has('mdat')) throw new Refusal({ code: 'files.unreadable' });
  } finally {
    await file.close();
  }
}

interface Box {
  readonly type: string;
  readonly size: number;
  readonly head: number;
}

async function boxAt(file: FileHandle, at: number, until: number): Promise<Box | null> {
  const head = Buffer.alloc(16);
  const { bytesRead } = await file.read(head, 0, 16, at);
  if (bytesRead < BOX_HEAD) return null;
  const short = head.readUInt32BE(0);
  const type = head.toString('latin1', 4, 8);
  // 1: the size follows in eight bytes; 0: to the end of what it lies in.
  const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? until - at : short;
  const length = short === 1 ? 16 : BOX_HEAD;
  return size < length || at + size > until ? null : { type, size, head: length };
}

async function blank(file: FileHandle, at: number, box: Box): Promise<void> {
  await file.write(Buffer.from('free', 'latin1'), 0, 4, at + 4);
  const zeros = Buffer.alloc(65_536);
  for (let done = box.head; done < box.size; done += zeros.length)
    await file.write(zeros, 0, Math.min(zeros.length, box.size - done), at + done);
}
