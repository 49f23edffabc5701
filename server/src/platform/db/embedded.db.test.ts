import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startEmbedded, type Embedded } from './embedded.ts';

const root = mkdtempSync(join(tmpdir(), 'minsheng-embedded-'));
// As root, PostgreSQL runs as another user, who must pass through.
chmodSync(root, 0o711);
const running: Embedded[] = [];
afterAll(async () => {
  for (const server of running) await server.stop();
  rmSync(root, { recursive: true, force: true });
});
const start = async (name: string, wishedPort: number) => startEmbedded({ folder: join(root, name), wishedPort, durable: false });

test('a server left behind is taken over by its own folder, and not by a copy of it', async () => {
  const port = 56_100 + (process.pid % 300) * 2;
  const first = await start('original', port);
  running.push(first);
  expect(first.takenOver).toBe(false);
  // With owners and rights, as a backup tool would.
  execFileSync('cp', ['-a', join(root, 'original'), join(root, 'copy')]);
  const again = await start('original', port);
  expect([again.takenOver, again.port]).toEqual([true, first.port]);
  const copy = await start('copy', port + 1);
  running.push(copy);
  expect(copy.takenOver).toBe(false);
  expect(copy.port).not.toBe(first.port);
});
