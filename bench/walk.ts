// The walk of fifty thousand random actions, of which `npm test` takes an eighth: the same test, with more of it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const actions = Number(process.argv[2] ?? 12_600);
const done = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'db', 'server/src/modules/orders/orders.walk.db.test.ts'],
  { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, WALK_ACTIONS: String(actions) }, encoding: 'utf8' },
);
process.stdout.write(done.stdout);
const [, walked = '0', orders = '0'] = /walked (\d+) actions over (\d+) orders/.exec(done.stdout) ?? [];
console.log(
  JSON.stringify({
    name: 'walk',
    figures: { actions: Number(walked), orders: Number(orders), passed: done.status === 0 ? 1 : 0 },
    limits: { actions: 50_000, passed: 1 },
    ratios: { actions: Number(walked) / 50_000 },
  }),
);
process.exit(done.status ?? 1);
