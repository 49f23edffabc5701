// Writes (or with --check compares) everything that is made from the definitions that run:
// the database types, the golden schema, the permission matrix, the lifecycle diagrams, the example settings.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { startEmbedded } from '#server/platform/db/embedded.ts';
import { migrate } from '#server/platform/db/migrate.ts';
import { lifecyclesPage, permissionsPage, settingsFile } from './pages.ts';
import { dumpSchema } from './schema-dump.ts';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const scratch = mkdtempSync(join(tmpdir(), 'minsheng-generate-'));
// PostgreSQL runs as another user when we are root, and must pass through.
chmodSync(scratch, 0o711);
const stale: string[] = [];

const database = await startEmbedded({ folder: join(scratch, 'db'), wishedPort: 54900, durable: false });
try {
  await migrate(database.ownerUrl);
  const types = join(scratch, 'schema.gen.ts');
  execFileSync(
    process.execPath,
    [
      join(root, 'node_modules/kysely-codegen/dist/cli/bin.js'),
      '--dialect',
      'postgres',
      '--url',
      database.ownerUrl,
      '--out-file',
      types,
      '--numeric-parser',
      'number',
      '--date-parser',
      'string',
      '--exclude-pattern',
      'public.*',
      '--default-schema',
      'none',
      '--log-level',
      'error',
      '--type-mapping',
      JSON.stringify({ int8: 'number', xid8: 'string', timestamptz: 'Date' }),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  compare('server/src/platform/db/schema.gen.ts', readFileSync(types, 'utf8'));
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  compare('server/db/schema.sql', await dumpSchema(client));
  await client.end();
} finally {
  await database.stop();
  rmSync(scratch, { recursive: true, force: true });
}
compare('docs/permissions.md', permissionsPage());
compare('docs/lifecycles.md', lifecyclesPage());
compare('.env.example', settingsFile());

if (stale.length > 0) {
  console.error(`These files do not say what the code says; run "npm run generate":\n${stale.map((file) => `  ${file}`).join('\n')}`);
  process.exit(1);
}
console.log(check ? 'Generated files are as the code says.' : 'Generated files written.');

function compare(file: string, text: string): void {
  const path = join(root, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  if (check) stale.push(file);
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
