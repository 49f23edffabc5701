// The one door to every command of the project. Plain JavaScript, so that any Node >= 20 can open it:
// it installs what is missing and hands over to the Node that the project pins.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const node = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const stamp = join(modules, '.minsheng-lock');

/** What each command runs, in order; the first failure ends it. Words in <> are the caller's own arguments. */
const commands = {
  start: [['server/src/main.ts', 'start', '<args>']],
  migrate: [['server/src/main.ts', 'migrate', '<args>']],
  admin: [['server/src/main.ts', 'admin', '<args>']],
  watch: [['server/src/watch.ts', '<args>']],
  import: [['server/src/main.ts', 'import', '<args>']],
  test: [['node_modules/vitest/vitest.mjs', 'run', '<args>']],
  'test:pure': [['node_modules/vitest/vitest.mjs', 'run', '--project', 'pure', '<args>']],
  'test:db': [['node_modules/vitest/vitest.mjs', 'run', '--project', 'db', '<args>']],
  e2e: [['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e', '<args>']],
  build: [['tools/build.ts', '<args>']],
  generate: [['tools/generate.ts', '<args>']],
  sbom: [['tools/sbom.ts', '<args>']],
  fix: [
    ['node_modules/oxfmt/bin/oxfmt', '--write', '.'],
    ['node_modules/oxlint/bin/oxlint', '--type-aware', '--fix'],
  ],
  check: [
    ['node_modules/oxfmt/bin/oxfmt', '--check', '.'],
    ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
    ['node_modules/typescript/bin/tsc', '--build'],
    [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      'contracts',
      'server/src',
      'ui',
      'console',
      'portal',
    ],
    ['node_modules/knip/bin/knip.js', '--no-progress'],
    ['tools/generate.ts', '--check'],
  ],
  'bench:intake': [['bench/intake.ts', '<args>']],
  'bench:attachments': [['bench/attachments.ts', '<args>']],
  'bench:live': [['bench/live.ts', '<args>']],
  'bench:overload': [['bench/overload.ts', '<args>']],
  'bench:desks': [['bench/desks.ts', '<args>']],
  'drill:backup': [['bench/backup.ts', '<args>']],
  'bench:logs': [['bench/logs.ts', '<args>']],
  'bench:alerts': [['bench/alerts.ts', '<args>']],
  'drill:crash': [['bench/crash.ts', '<args>']],
  'drill:office': [['bench/office.ts', '<args>']],
  'drill:walk': [['bench/walk.ts', '<args>']],
  'drill:inspect': [['bench/inspect.ts', '<args>']],
  screens: [['e2e/screens.ts', '<args>']],
};

const [name = 'start', ...args] = process.argv.slice(2);
const steps = commands[name];
if (!steps) {
  console.error(`Unknown command "${name}". There are: ${Object.keys(commands).join(', ')}`);
  process.exit(2);
}

install();
await run(steps);

/** Installs the locked packages when they are absent or the lock file has changed since. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing packages (npm ci); about a minute the first time ...');
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0 || !existsSync(node)) {
    console.error('npm ci did not finish. Its message above says why; run the command again once that is mended.');
    process.exit(done.status || 1);
  }
  writeFileSync(stamp, lock);
}

async function run(list) {
  const env = { ...process.env, PATH: `${dirname(node)}:${join(modules, '.bin')}:${process.env.PATH}` };
  for (const step of list) {
    const words = step.flatMap((word) => (word === '<args>' ? args : [word]));
    const code = await new Promise((resolve) => {
      const child = spawn(node, words, { cwd: root, env, stdio: 'inherit' });
      // Ctrl-C reaches the child by the terminal; a signal sent to us alone is passed on.
      for (const signal of ['SIGINT', 'SIGTERM']) {
        process.on(signal, () => {
          if (signal === 'SIGTERM') child.kill(signal);
        });
      }
      child.on('exit', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 130 : 1)));
    });
    if (code !== 0) process.exit(code);
  }
}
