import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImportRun } from '#contracts/appeals/appeals.api.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import type { Imports } from './imports.service.ts';

export const IMPORT_USAGE = `npm run import -- FILE --mapping M.json [--dry-run] [--rejects FILE.csv]
  FILE       csv, jsonl or xlsx
  --mapping  a mapping file, or the name of one in server/db/mappings
  --dry-run  judges every row and writes none
  --rejects  where rejected rows are told (default: FILE.rejects.csv)`;

/** The command `import`: every row to its outcome, with progress; gives the exit code. */
export async function importCommand(imports: Imports, words: readonly string[], say: (line: string) => void): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { mapping: { type: 'string' }, 'dry-run': { type: 'boolean', default: false }, rejects: { type: 'string' } },
  });
  const [file] = positionals;
  if (!file || !values.mapping || positionals.length > 1) {
    say(IMPORT_USAGE);
    return 2;
  }
  const path = resolve(file);
  if (!existsSync(path)) {
    say(`There is no file ${path}`);
    return 2;
  }
  const shipped = imports.mappings().find((mapping) => mapping.name === values.mapping);
  if (!shipped && !existsSync(values.mapping)) {
    say(
      `There is no mapping ${values.mapping}; shipped ones: ${imports
        .mappings()
        .map((mapping) => mapping.name)
        .join(', ')}`,
    );
    return 2;
  }
  const mapping: unknown = shipped ?? JSON.parse(readFileSync(values.mapping, 'utf8'));
  const prepared = await imports.prepare(PLATFORM, { path, name: path }, mapping, values['dry-run']);
  if (prepared.rows > 0) say(`Going on after row ${prepared.rows} of a run that was cut off ...`);
  const started = performance.now();
  const done = await imports.run(prepared.id, (run) => say(`  ${tally(run)}`));
  if (done.state === 'failed') {
    say(`The file could not be read: ${done.error}`);
    return 1;
  }
  say(`${values['dry-run'] ? 'Dry run, nothing written. ' : ''}${tally(done)}; ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (done.rejected > 0) {
    const rejects = resolve(values.rejects ?? `${path}.rejects.csv`);
    writeFileSync(rejects, await imports.rejects(PLATFORM.scope, done.id));
    say(`Rejected rows, with field and reason: ${rejects}`);
  }
  return 0;
}

function tally(run: ImportRun): string {
  return `${run.rows} rows: ${run.accepted} accepted, ${run.known} known from before, ${run.rejected} rejected, ${run.blank} blank`;
}
