import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

const APPS = ['console', 'portal'] as const;
/** What both apps are made of, besides their own folders. */
const SHARED = ['contracts', 'ui', 'package-lock.json', 'tools/build.ts'] as const;

/**
 * Builds the web apps whose sources have changed since their last build, and says what it did.
 *
 * The stamp in `dist` is written last, so that a build that broke off is done again.
 */
export async function buildApps(log: (line: string) => void, { force = false }: { force?: boolean } = {}): Promise<void> {
  for (const name of APPS) {
    const stamp = join(root, name, 'dist', '.stamp');
    const hash = hashOf([name, ...SHARED]);
    if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) continue;
    log(`Building the ${name} ...`);
    const startedMs = performance.now();
    // The environment has the last word over Vite's mode: under a test runner the apps would be built as for development.
    process.env['NODE_ENV'] = 'production';
    await build({ configFile: join(root, name, 'vite.config.ts'), logLevel: 'warn' });
    writeFileSync(stamp, hash);
    const { files, bytes } = sizeOf(join(root, name, 'dist'));
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    log(`Built the ${name}: ${files} files, ${Math.round(bytes / 1024)} KiB, in ${seconds} s.`);
  }
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesUnder(join(root, path)))) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** The files of a folder in a fixed order, without what is built or installed. */
function filesUnder(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .toSorted()
    .flatMap((name) => filesUnder(join(path, name)));
}

function sizeOf(folder: string): { files: number; bytes: number } {
  const files = filesUnder(folder);
  return { files: files.length, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildApps(console.log, { force: process.argv.includes('--force') });
}
