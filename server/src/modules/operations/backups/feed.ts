import { createWriteStream, existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Crypto } from '#server/platform/crypto/crypto.ts';
import { give, type Runner } from '#server/platform/db/programs.ts';
import type { Files } from '#server/platform/files/files.ts';
import type { Manifest } from './manifest.ts';
import { Damage } from './packs.ts';
import { readSegment } from './verify.ts';
import { nextSegment, SEGMENT } from './wal.rules.ts';

/** Asks for a file of the log and waits until it lies there, or is told missing. */
export const FETCH = `cd "$(dirname "$0")" || exit 1
wal="$1"
to="$OLDPWD/$2"
[ -f "$wal.ready" ] || { printf %s "$wal" > wanted.part && mv wanted.part wanted; }
while [ ! -f "$wal.ready" ]; do
  [ -f "$wal.missing" ] && exit 1
  sleep 0.05
done
mv "$wal.ready" "$to" && printf %s "$wal" > taken.part && mv taken.part taken
`;

interface FeedOptions {
  readonly manifest: Manifest;
  readonly files: Files;
  readonly crypto: Crypto;
  readonly scratch: string;
  readonly runner: Runner;
}

/** Lays out the segments that PostgreSQL asks for, and the one behind it; `broken` tells of one that is damaged. */
export function feeding({ manifest, files, crypto, scratch, runner }: FeedOptions) {
  let ended = false;
  let laid = 0;
  let fail: (error: unknown) => void = () => {};
  const broken = new Promise<never>((_, reject) => (fail = reject));
  // Where nobody waits any more, nobody needs to be told.
  broken.catch(() => {});
  const layOut = async (name: string): Promise<boolean> => {
    const to = join(scratch, name);
    if (existsSync(`${to}.ready`)) return true;
    try {
      await readSegment(files, crypto, manifest.system, name, manifest.segmentBytes, async (_, content) =>
        pipeline(content, createWriteStream(`${to}.part`, { mode: 0o600 })),
      );
    } catch (error) {
      if (error instanceof Damage && error.kind === 'segment-missing') return false;
      throw error;
    }
    await give(`${to}.part`, runner);
    await rename(`${to}.part`, `${to}.ready`);
    laid++;
    return true;
  };
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const turning = (async () => {
    while (!ended) {
      const wanted = await takeNote(join(scratch, 'wanted'));
      if (wanted && !(await layOut(wanted))) await writeFile(join(scratch, `${wanted}.missing`), '');
      const taken = await takeNote(join(scratch, 'taken'));
      if (taken && SEGMENT.test(taken)) await layOut(nextSegment(taken, manifest.segmentBytes));
      if (!wanted && !taken) await wait(20);
    }
  })().catch(fail);
  return {
    broken,
    count: () => laid,
    async end() {
      ended = true;
      await turning;
    },
  };
}

/** What a note says, which is then gone. */
async function takeNote(path: string): Promise<string | null> {
  // Moved before it is read: a note that comes meanwhile is another one, and must not go with this one.
  const taken = `${path}.read`;
  try {
    await rename(path, taken);
  } catch {
    return null;
  }
  return readFile(taken, 'utf8');
}
