// What an attachment costs: a file of fifty megabytes and a photograph of forty-eight megapixels on their whole way in and out.
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { createCrypto } from '#server/platform/crypto/crypto.ts';
import { createInspector } from '#server/platform/files/inspect/inspect.ts';
import { watermarked } from '#server/platform/files/inspect/picture.ts';
import { report, round } from './support/figures.ts';

const MB = 1024 * 1024;
const LIMITS = { recordingS: 8, recordingMb: 150, photographS: 6, watermarkS: 1.5 };
const folder = mkdtempSync(join(tmpdir(), 'minsheng-bench-files-'));
const crypto = createCrypto('sm', { current: 1, keys: new Map([[1, randomBytes(32)]]) });
const inspect = createInspector(null);
const path = join(folder, 'upload');

/** Seconds that some work took, and by how many megabytes the process grew at most meanwhile. */
async function measured(work: () => Promise<unknown>): Promise<{ seconds: number; mb: number }> {
  global.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  const start = performance.now();
  await work();
  clearInterval(watch);
  return { seconds: (performance.now() - start) / 1000, mb: Math.max(0, most - before) / MB };
}

/** Inspected, sealed, opened again to the last byte. */
async function inAndOut(name: string): Promise<void> {
  const found = await inspect(path, name, folder);
  const sealed = join(folder, 'sealed');
  await crypto.files.seal('attachment', 'bench', found.path, sealed);
  let bytes = 0;
  for await (const chunk of await crypto.files.open('attachment', 'bench', sealed)) bytes += (chunk as Buffer).length;
  if (bytes !== found.bytes) throw new Error(`${name} came back with ${bytes} of ${found.bytes} bytes`);
}

try {
  await writeFile(path, Buffer.concat([Buffer.from('RIFF\u0024\u0000\u0000\u0000WAVEfmt ', 'latin1'), randomBytes(49 * MB)]));
  const recording = await measured(() => inAndOut('录音.wav'));
  const noise = { type: 'gaussian', mean: 128, sigma: 6 } as const;
  const picture = sharp({ create: { width: 8000, height: 6000, channels: 3, background: '#888', noise } });
  await writeFile(path, await picture.jpeg({ quality: 60 }).toBuffer());
  const photograph = await measured(() => inAndOut('照片.jpg'));
  const kept = await sharp(path).resize(4096).jpeg().toBuffer();
  const watermark = await measured(() => watermarked(kept, ['王强 handler.3201.003', '2026-11-24 10:00:00', '3201022026112400000011']));
  const figures = {
    recordingS: round(recording.seconds, 2),
    recordingMb: round(recording.mb, 0),
    photographS: round(photograph.seconds, 2),
    watermarkS: round(watermark.seconds, 2),
  };
  const ratios = Object.fromEntries(
    Object.entries(figures).map(([key, value]) => [key, round(value / LIMITS[key as keyof typeof LIMITS])]),
  );
  report('attachments', figures, LIMITS, ratios);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
