import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileTypeFromBuffer } from 'file-type';
import { FILE_KINDS, type FileKind } from '#contracts/base/files.values.ts';
import { Refusal } from '#server/kernel/decision.ts';

/** What a file is by its content, with an ending that agrees. */
export interface Sniffed {
  readonly kind: FileKind;
  /** The media type it is delivered as. */
  readonly type: string;
  readonly ending: string;
}

const HEAD_BYTES = 4100;
/** What the library calls a content, and the endings that agree with it. Pictures are made anew, so any picture's ending does. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': FILE_KINDS.picture.endings,
  'image/png': FILE_KINDS.picture.endings,
  'image/webp': FILE_KINDS.picture.endings,
  'image/gif': FILE_KINDS.picture.endings,
  'audio/mpeg': ['mp3'],
  'audio/x-m4a': ['m4a'],
  'audio/wav': ['wav'],
  'audio/amr': ['amr'],
  'audio/ogg': ['ogg', 'opus'],
  // Many telephones write their sound recordings into the same container as their films.
  'video/mp4': ['mp4', 'm4a'],
  'video/quicktime': ['mov'],
  'application/pdf': ['pdf'],
};
const OFFICE: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};
const DELIVERED: Readonly<Record<string, string>> = { m4a: 'audio/mp4', txt: 'text/plain', opus: 'audio/ogg' };

/**
 * Reads the kind of a file from its content; its ending has to agree.
 *
 * @throws Refusal `files.kind-not-taken`, `files.old-office`, `files.heic`, `files.name-disagrees`, `files.active-content`
 */
export async function sniff(path: string, name: string): Promise<Sniffed> {
  const ending = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  if (['doc', 'xls', 'ppt', 'docm', 'xlsm', 'pptm', 'wps', 'et'].includes(ending)) throw new Refusal({ code: 'files.old-office' });
  if (['heic', 'heif'].includes(ending)) throw new Refusal({ code: 'files.heic' });
  const kind = (Object.keys(FILE_KINDS) as FileKind[]).find((each) => (FILE_KINDS[each].endings as readonly string[]).includes(ending));
  if (!kind) throw new Refusal({ code: 'files.kind-not-taken' });
  const head = await headOf(path);
  const found = (await fileTypeFromBuffer(head).catch(() => undefined))?.mime.split(';')[0] ?? '';
  if (found === 'application/x-cfb') throw new Refusal({ code: 'files.old-office' });
  if (/^image\/hei[cf]/.test(found)) throw new Refusal({ code: 'files.heic' });
  const isZip = head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'));
  const agrees = ending === 'txt' ? await isText(path, found) : ending in OFFICE ? isZip : (TYPES[found] ?? []).includes(ending);
  if (!agrees) throw new Refusal({ code: 'files.name-disagrees', params: { ending } });
  return { kind, ending, type: DELIVERED[ending] ?? OFFICE[ending] ?? found };
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

// What a browser or a shell would run if somebody gave the file its old ending back.
const RUNS = /^\uFEFF?\s*(#!|<(!doctype|html|head|body|svg|script|iframe|\?xml|\?php|%))/i;
// eslint-disable-next-line no-control-regex -- naming control characters is this expression's purpose
const CONTROL = /[\u0000-\u0008\u000E-\u001A\u001C-\u001F]/;

/** Whether all of a file is text, in UTF-8 or in the national encoding. @throws Refusal `files.active-content` */
async function isText(path: string, found: string): Promise<boolean> {
  if (found !== '' && !/^(text|application\/(xml|json|rtf))/.test(found)) return false;
  for (const encoding of ['utf-8', 'gb18030']) {
    const decoder = new TextDecoder(encoding, { fatal: true });
    try {
      let first = true;
      for await (const chunk of createReadStream(path)) {
        const text = decoder.decode(chunk as Uint8Array, { stream: true });
        if (CONTROL.test(text)) return false;
        if (first && RUNS.test(text)) throw new Refusal({ code: 'files.active-content' });
        first = false;
      }
      decoder.decode();
      return true;
    } catch (error) {
      if (error instanceof Refusal) throw error;
    }
  }
  return false;
}
