import { open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { openPromise } from 'yauzl';
import type { Words } from '#contracts/base/text.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { readNvd, readOsv, type Advisory } from './advisories.rules.ts';

const MB = 1024 * 1024;
/** What one import may hold; osv.dev publishes an ecosystem as one archive, which may be taken in parts. */
export const ADVISORIES_AT_MOST = 50_000;
export const UPLOAD_AT_MOST = 128 * MB;
const ENTRY_AT_MOST = 64 * MB;
const UNPACKED_AT_MOST = 512 * MB;

export interface ReadAdvisories {
  readonly advisories: readonly Advisory[];
  /** Entries that are neither OSV nor NVD. */
  readonly unreadable: number;
}

const refused = (zh: string, en: string) =>
  new Refusal({ code: 'operations.advisory-file', params: { reason: { zh, en } satisfies Words } });

/**
 * The advisories of an uploaded file: one or many of OSV as JSON, a file of the NVD (JSON 2.0), or a zip of such files as osv.dev publishes.
 *
 * @throws Refusal `operations.advisory-file`
 */
export async function readAdvisoryFile(path: string): Promise<ReadAdvisories> {
  const found = new Map<string, Advisory>();
  let unreadable = 0;
  const take = (document: unknown) => {
    for (const one of entriesOf(document)) {
      const advisory = readNvd(one) ?? readOsv(one);
      if (advisory) found.set(advisory.id, advisory);
      else unreadable++;
    }
    if (found.size > ADVISORIES_AT_MOST)
      throw refused(`超过 ${ADVISORIES_AT_MOST} 条，请分次导入`, `more than ${ADVISORIES_AT_MOST} advisories; import them in parts`);
  };
  const text = await textOf(path);
  if (text === null)
    await eachJson(path, (bytes) => {
      const document = jsonOf(bytes);
      if (document === undefined) unreadable++;
      else take(document);
    });
  else {
    const document = jsonOf(text);
    if (document === undefined) throw refused('不是 JSON，也不是 zip', 'it is neither JSON nor a zip');
    take(document);
  }
  if (found.size === 0) throw refused('没有 OSV 或 NVD 漏洞条目', 'it holds no advisory of OSV or NVD');
  return { advisories: [...found.values()], unreadable };
}

function entriesOf(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document as unknown[];
  const { vulnerabilities, vulns } = (document ?? {}) as { vulnerabilities?: unknown; vulns?: unknown };
  if (Array.isArray(vulnerabilities)) return vulnerabilities as unknown[];
  return Array.isArray(vulns) ? (vulns as unknown[]) : [document];
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** The whole file; null where it is a zip. */
async function textOf(path: string): Promise<Buffer | null> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(4);
    await file.read(head, 0, 4, 0);
    if (head.toString('latin1') === 'PK\u0003\u0004') return null;
    const { size } = await file.stat();
    if (size > ENTRY_AT_MOST) throw refused('超过 64 MB，请压缩为 zip', 'it is over 64 MB; pack it as a zip');
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Each JSON file of an archive, unpacked within bounds: what is declared is checked, and yauzl holds the bytes to it. */
async function eachJson(path: string, work: (bytes: Buffer) => void): Promise<void> {
  const broken = refused('压缩包已损坏或过大', 'the archive is damaged or unpacks to too much');
  const zip = await openPromise(path, { autoClose: false }).catch(() => {
    throw broken;
  });
  try {
    let unpacked = 0;
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith('.json')) continue;
      unpacked += entry.uncompressedSize;
      if (entry.uncompressedSize > ENTRY_AT_MOST || unpacked > UNPACKED_AT_MOST || entry.isEncrypted()) throw broken;
      work(await buffer(await zip.openReadStreamPromise(entry)));
    }
  } catch (error) {
    throw error instanceof Refusal ? error : broken;
  } finally {
    zip.close();
  }
}
