import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_KINDS, type FileKind } from '#contracts/base/files.values.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Scanner } from './clamd.ts';
import { stripMovie } from './movie.ts';
import { checkOffice } from './office.ts';
import { checkPdf } from './pdf.ts';
import { makeThumbnail, remakePicture, type PictureFacts } from './picture.ts';
import { sniff } from './sniff.ts';

/** A file that may be passed on to others. */
export interface Inspected {
  readonly kind: FileKind;
  readonly type: string;
  /** SM3 of what was handed in. */
  readonly sm3: string;
  /** The file to keep: checked, and free of what it told besides. */
  readonly path: string;
  readonly bytes: number;
  readonly picture: (PictureFacts & { readonly thumbnail: string }) | null;
  readonly scanned: boolean;
}

const AT_ONCE = 2;
const MAX_WAITING = 40;

/**
 * Makes the one door through which files come in: type by content, size, viruses, what runs, what hides behind, where it
 * was taken. Two files at once, because pictures and archives are unpacked here, and anybody may send them.
 */
export function createInspector(scanner: Scanner | null): (path: string, name: string, folder: string) => Promise<Inspected> {
  let working = 0;
  const waiting: (() => void)[] = [];
  return async (path, name, folder) => {
    if (waiting.length >= MAX_WAITING) throw new Refusal({ code: 'base.unavailable' });
    // Who is woken takes over the place of who is done.
    if (working >= AT_ONCE) await new Promise<void>((go) => waiting.push(go));
    else working++;
    try {
      return await inspect(path, name, folder, scanner);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else working--;
    }
  };
}

/** @throws Refusal with one of the codes `files.*`, or `base.unavailable` when the scanner does not answer */
async function inspect(path: string, name: string, folder: string, scanner: Scanner | null): Promise<Inspected> {
  const { size } = await stat(path);
  if (size === 0) throw new Refusal({ code: 'files.empty' });
  const { kind, type, ending } = await sniff(path, name);
  const { maxBytes } = FILE_KINDS[kind];
  if (size > maxBytes) throw new Refusal({ code: 'files.too-large', params: { limit: maxBytes / 1024 / 1024 } });
  const sm3 = await hashOf(path);
  await scanner?.scan(path);
  const kept = join(folder, 'kept');
  const found = { kind, sm3, path: kept, scanned: scanner !== null };
  if (kind === 'picture') {
    const facts = await remakePicture(path, kept);
    const thumbnail = join(folder, 'thumbnail');
    await writeFile(thumbnail, await makeThumbnail(kept));
    return { ...found, type: facts.type, bytes: (await stat(kept)).size, picture: { ...facts, thumbnail } };
  }
  if (ending === 'pdf') await checkPdf(path);
  else if (['docx', 'xlsx', 'pptx'].includes(ending)) await checkOffice(path, ending, size);
  await copyFile(path, kept);
  if (['m4a', 'mp4', 'mov'].includes(ending)) await stripMovie(kept);
  return { ...found, type, bytes: size, picture: null };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sm3');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
