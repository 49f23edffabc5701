import { sql, CompiledQuery } from 'kysely';
import type { Plan } from '#contracts/operations/diagnosis.api.ts';
import type { Words } from '#contracts/base/text.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { SYSTEM, type Db, type DbScope, type Tx } from '#server/platform/db/db.ts';
import { BIG_ROWS, planNodes, scannedTables, type ExplainNode } from './plan.rules.ts';
import { explainable, withoutLiterals } from './statements.rules.ts';
import { checkMaySee, statementFacts, statementText } from './statements.views.ts';

/** From here on EXPLAIN takes a statement with placeholders (GENERIC_PLAN). */
const GENERIC_PLANS = 160_000;
const SCOPES: readonly DbScope['role'][] = ['province', 'city', 'unit', 'self', 'peer', 'operations', 'gate', 'system'];
/** Policies compare with these; an estimate does not look at whose rows they are. */
const ANY_ROWS = { regionLo: '32', regionHi: '32~', unitLo: '32', unitHi: '32~' } as const;

const NOT_PLANNED: Words = { zh: '只有查询与增删改语句才有', en: 'only queries and changes of rows have one' };

/**
 * The plan of a listed statement as any of its runs would get it, with the policies of the role it ran as. It is planned in a
 * transaction that reads only, and not run.
 *
 * @throws Refusal `diagnosis.no-right`, `diagnosis.no-statistics`, `diagnosis.no-such-statement`, `diagnosis.server-too-old`,
 * `diagnosis.no-plan`
 */
export async function planOf(db: Db, id: string, role: string): Promise<Plan> {
  const statement = await db.transact(SYSTEM, async (tx) => {
    await checkMaySee(tx);
    const { schema, missing, version } = await statementFacts(tx);
    if (schema === null) throw new Refusal({ code: 'diagnosis.no-statistics', params: { why: missing! } });
    if (version < GENERIC_PLANS) {
      throw new Refusal({ code: 'diagnosis.server-too-old', params: { version: String(Math.floor(version / 10_000)) } });
    }
    const text = await statementText(tx, schema, id, role);
    if (text === null) throw new Refusal({ code: 'diagnosis.no-such-statement' });
    return text;
  });
  const text = explainable(statement);
  if (text === null) throw new Refusal({ code: 'diagnosis.no-plan', params: { why: NOT_PLANNED } });
  const scope = SCOPES.find((one) => role === `minsheng_${one}`) ?? 'system';
  return db.transact({ role: scope, ...ANY_ROWS }, async (tx) => {
    await sql`set transaction read only`.execute(tx);
    await sql`set local statement_timeout = 3000`.execute(tx);
    await sql`set local lock_timeout = 500`.execute(tx);
    const [explained] = await explain(tx, text);
    const root = explained!.Plan;
    const nodes = planNodes(root);
    return {
      id,
      role,
      statement: withoutLiterals(statement),
      cost: nodes[0]!.cost,
      nodes,
      bigScans: await bigTables(tx, scannedTables(root)),
      settings: explained!.Settings ?? {},
    };
  });
}

interface Explained {
  readonly Plan: ExplainNode;
  readonly Settings?: Record<string, string>;
}

async function explain(tx: Tx, text: string): Promise<Explained[]> {
  try {
    const { rows } = await tx.executeQuery<{ 'QUERY PLAN': Explained[] }>(
      CompiledQuery.raw(`explain (generic_plan, verbose, settings, format json) ${text}`),
    );
    return rows[0]!['QUERY PLAN'];
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    // What PostgreSQL refuses is told; that it is not reached is another matter.
    if (!/^(?:42|22|0A|25|55|57014)/.test(code ?? '')) throw error;
    throw new Refusal({ code: 'diagnosis.no-plan', params: { why: message ?? '' } });
  }
}

async function bigTables(tx: Tx, tables: readonly { schema: string; name: string }[]): Promise<Plan['bigScans']> {
  if (tables.length === 0) return [];
  const { rows } = await sql<{ table: string; rows: number }>`
    select format('%s.%s', n.nspname, c.relname) as table, c.reltuples::double precision as rows
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where (n.nspname, c.relname) in (select * from unnest(${tables.map(({ schema }) => schema)}::text[], ${tables.map(({ name }) => name)}::text[]))
      and c.reltuples >= ${BIG_ROWS}
    order by c.reltuples desc`.execute(tx);
  return rows;
}
