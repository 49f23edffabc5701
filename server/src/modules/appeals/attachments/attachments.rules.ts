import { accept, refuse, type Decision } from '#server/kernel/decision.ts';

const MB = 1024 * 1024;
export const MAX_ATTACHMENTS = 30;
export const MAX_ATTACHED_BYTES = 300 * MB;
/** What may wait to be attached within a day: from one address of citizens, and of one account. */
export const MAX_WAITING_BYTES = { citizen: 500 * MB, office: 2000 * MB } as const;
/** How long an upload waits. */
export const UPLOAD_LIFE_MS = 24 * 3_600_000;
/** A file that nobody refers to is kept this long, because somebody may just be attaching it. */
export const LOOSE_LIFE_MS = 3_600_000;

export interface Amount {
  readonly count: number;
  readonly bytes: number;
}

/** Whether an appeal that has so many attachments may have these as well. */
export function judgeAmount(has: Amount, more: readonly { readonly bytes: number }[]): Decision<null> {
  const bytes = more.reduce((sum, file) => sum + file.bytes, has.bytes);
  if (has.count + more.length > MAX_ATTACHMENTS || bytes > MAX_ATTACHED_BYTES)
    return refuse('appeals.too-many-attachments', { params: { count: MAX_ATTACHMENTS, limit: MAX_ATTACHED_BYTES / MB } });
  return accept(null);
}

const NAME_LIMIT = 100;
// Controls, bidirectional overrides, lone surrogates, and what means something in a path or a header.
// eslint-disable-next-line no-control-regex -- naming control characters is this expression's purpose
const UNFIT = /[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069/\\:*?"<>|]|\p{Surrogate}/gu;

/** The name a file is shown under: without path and tricks, with the ending of what it has become. */
export function shownName(name: string, type: string): string {
  const last = name.split(/[/\\]/).at(-1)!.replace(UNFIT, '').trim();
  const [, stem = '', ending = ''] = /^(.*)\.([^.]*)$/.exec(last) ?? [];
  const becomes = type === 'image/png' ? 'png' : type === 'image/jpeg' ? 'jpg' : ending.toLowerCase();
  return `${[...stem].slice(0, NAME_LIMIT).join('') || '附件'}.${becomes}`;
}

const beijing = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' });

/** What is burnt into a picture: who looks at it, when, and on which order. */
export function watermarkLines(viewer: { name: string; login: string | null }, number: string, atMs: number): string[] {
  return [`${viewer.name} ${viewer.login ?? ''}`.trim(), beijing.format(atMs), number];
}
