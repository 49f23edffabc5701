import { sql } from 'kysely';
import type { Words } from '#contracts/base/text.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { statementFacts } from '../../diagnosis/statements.views.ts';
import { boundOf, sampleFor, type Check, type CheckRow, type Readout } from '../inspections.rules.ts';
import { keepSample, samplesOf } from '../inspections.store.ts';
import type { DatabaseCheck, DatabaseFacts } from './check.ts';
import { serverChecks } from './server.ts';
import { sessionChecks } from './sessions.ts';
import { tableChecks } from './tables.ts';

/** Every line of the database inspection, by its code. */
export const databaseChecks: Readonly<Record<string, DatabaseCheck>> = { ...sessionChecks, ...tableChecks, ...serverChecks };

const HOUR_MS = 3_600_000;
/** How many readings are kept over the length of time a check compares. */
const SAMPLES = 12;

const FIRST: Words = { zh: '第一次读数，下次起比较', en: 'The first reading; later ones are compared with it' };

/**
 * Asks the database one line of its inspection. What cannot be read is told as such: it neither ends the inspection nor passes
 * for good.
 */
export async function readDatabaseCheck(tx: Tx, check: Check, nowMs: number): Promise<Readout> {
  const definition = databaseChecks[check.code];
  if (!definition) throw new Error(`The database inspection has no check ${check.code}`);
  await sql`savepoint inspected`.execute(tx);
  try {
    return await read(tx, check, definition, nowMs);
  } catch (error) {
    await sql`rollback to savepoint inspected`.execute(tx);
    return unreadable(
      definition.remedy && (error as { code?: string }).code === '42501'
        ? { zh: `权限不足。${definition.remedy.zh}`, en: `Not allowed. ${definition.remedy.en}` }
        : { zh: `读取失败：${messageOf(error)}`, en: `It could not be read: ${messageOf(error)}` },
    );
  } finally {
    await sql`release savepoint inspected`.execute(tx);
  }
}

async function read(tx: Tx, check: Check, definition: DatabaseCheck, nowMs: number): Promise<Readout> {
  const { needs } = definition;
  if (needs) {
    const { rows } = await sql<{
      may: boolean;
      me: string;
    }>`select pg_has_role(current_user, ${needs}, 'usage') as may, current_user as me`.execute(tx);
    if (!rows[0]!.may) {
      const grant = `grant pg_monitor to ${rows[0]!.me}`;
      return unreadable({
        zh: `权限不足。由数据库管理员执行：${grant}`,
        en: `Not allowed. Let an administrator of the database run: ${grant}`,
      });
    }
  }
  const facts = await factsOf(tx, check, nowMs);
  const { rows } = await sql<CheckRow>`${definition.sql(facts)}`.execute(tx);
  const notes = definition.notes?.(facts, rows) ?? [];
  if (!definition.since) return { rows, notes };
  const overMs = boundOf(check.bounds, 'hours') * HOUR_MS;
  const samples = await samplesOf(tx, check.code);
  const before = sampleFor(samples, nowMs, overMs);
  const last = samples.at(-1);
  if (!last || last.atMs <= nowMs - overMs / SAMPLES) await keepSample(tx, check.code, new Date(nowMs), rows, new Date(nowMs - overMs));
  return { rows: definition.since(rows, { before, nowMs, overMs }, facts), notes: before ? notes : [...notes, FIRST] };
}

async function factsOf(tx: Tx, check: Check, nowMs: number): Promise<DatabaseFacts> {
  const { version, schema } = await statementFacts(tx);
  return { version, statements: schema, now: new Date(nowMs), bounds: check.bounds ?? {} };
}

function unreadable(note: Words): Readout {
  return { rows: [], notes: [note], unreadable: true };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 300) : String(error);
}
