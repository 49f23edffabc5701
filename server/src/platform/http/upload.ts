import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '#server/kernel/decision.ts';

/** A file that arrived with a request, in a folder of its own until it is released. */
export interface ReceivedFile {
  readonly path: string;
  readonly name: string;
  readonly folder: string;
}

/**
 * Takes the file of an upload in, piece by piece, and hands it to `work`; nothing of it stays behind afterwards.
 * `judgeName` is asked before a byte is read.
 *
 * @throws Refusal `base.invalid-input` without a file, `base.too-large`, `base.malformed` when it broke off
 */
export async function withUpload<T>(
  request: FastifyRequest,
  options: { maxBytes?: number; judgeName?: (name: string) => void },
  work: (file: ReceivedFile) => Promise<T>,
): Promise<T> {
  const limits = options.maxBytes === undefined ? {} : { limits: { fileSize: options.maxBytes } };
  const file = await request.file(limits).catch(() => undefined);
  if (!file) throw new Refusal({ code: 'base.invalid-input', fields: [{ path: 'file', code: 'field.required' }] });
  try {
    options.judgeName?.(file.filename);
  } catch (error) {
    file.file.resume();
    throw error;
  }
  const folder = await mkdtemp(join(tmpdir(), 'minsheng-upload-'));
  const path = join(folder, 'upload');
  try {
    await pipeline(file.file, createWriteStream(path)).catch((error: unknown) => {
      // What the disk says is our fault and carries a system call; the rest is an upload that broke off.
      throw (error as NodeJS.ErrnoException).syscall === undefined ? new Refusal({ code: 'base.malformed' }) : error;
    });
    if (file.file.truncated) throw new Refusal({ code: 'base.too-large' });
    return await work({ path, name: file.filename, folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
