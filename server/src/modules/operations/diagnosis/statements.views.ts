import { sql } from 'kysely';
import type { RunningStatement, StatementBoard, StatementLine, StatementSort } from '#contracts/operations/diagnosis.api.ts';
import type { Words } from '#contracts/base/text.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { withoutLiterals } from './statements.rules.ts';

const AT_MOST = 100;
/** So much of a statement is shown. */
const SHOWN = 4000;
const SORTS: Readonly<Record<StatementSort, ReturnType<typeof sql>>> = {
  total: sql`"totalMs"`,
  mean: sql`"meanMs"`,
  max: sql`"maxMs"`,
  calls: sql`calls`,
  rows: sql`rows`,
  read: sql`"blocksRead"`,
};

/** What PostgreSQL can tell of statements here. */
export interface StatementFacts {
  /** As `server_version_num` tells it. */
  readonly version: number;
  /** The schema of pg_stat_statements; null where it does not count. */
  readonly schema: string | null;
  /** Why it does not. */
  readonly missing: Words | null;
}

/** @throws Refusal `diagnosis.no-right` where PostgreSQL would hide the sessions and statements of others */
export async function checkMaySee(tx: Tx): Promise<void> {
  const { rows } = await sql<{ may: boolean; me: string }>`
    select pg_has_role(current_user, 'pg_read_all_stats', 'usage') as may, current_user as me`.execute(tx);
  if (!rows[0]!.may) throw new Refusal({ code: 'diagnosis.no-right', params: { remedy: `grant pg_monitor to ${rows[0]!.me}` } });
}

/** Whether statements are counted here, and if not, what to do about it. */
export async function statementFacts(tx: Tx): Promise<StatementFacts> {
  const { rows } = await sql<{ version: number; schema: string | null; loaded: boolean }>`
    select current_setting('server_version_num')::integer as version,
      (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements') as schema,
      current_setting('pg_stat_statements.max', true) is not null as loaded`.execute(tx);
  const { version, schema, loaded } = rows[0]!;
  const missing = !loaded
    ? {
        zh: '服务器启动时没有加载 pg_stat_statements。由数据库管理员在 shared_preload_libraries 中加入它并重启',
        en: 'the server does not load pg_stat_statements: let an administrator add it to shared_preload_libraries and start it anew',
      }
    : schema === null
      ? {
          zh: '没有安装 pg_stat_statements。由数据库管理员在本库执行：create extension pg_stat_statements',
          en: 'pg_stat_statements is not installed. Let an administrator run in this database: create extension pg_stat_statements',
        }
      : null;
  return { version, schema: missing ? null : schema, missing };
}

/**
 * The hundred statements that cost most by what is asked for, of this database alone, and what runs at this moment.
 *
 * @throws Refusal `diagnosis.no-right`
 */
export async function statementBoard(
  tx: Tx,
  { sort = 'total', q }: { sort?: StatementSort; q?: string },
  at: Date,
): Promise<StatementBoard> {
  await checkMaySee(tx);
  const { schema, missing } = await statementFacts(tx);
  const running = await runningStatements(tx);
  const empty = { since: null, resetBy: null, totalMs: 0, items: [] };
  const counted = schema === null ? empty : await countedStatements(tx, schema, sort, q);
  return { at: at.toISOString(), missing, ...counted, running };
}

async function countedStatements(tx: Tx, schema: string, sort: StatementSort, q: string | undefined) {
  const { rows } = await sql<Omit<StatementLine, 'share'> & { allMs: number }>`
    with counted as (
      select s.queryid::text as id, r.rolname::text as role, left(min(s.query), ${SHOWN}) as statement, sum(s.calls)::double precision as calls,
        sum(s.total_exec_time) as "totalMs", sum(s.total_exec_time) / greatest(1, sum(s.calls))::double precision as "meanMs", max(s.max_exec_time) as "maxMs",
        sum(s.rows)::double precision as rows, sum(s.shared_blks_hit)::double precision as "blocksHit", sum(s.shared_blks_read)::double precision as "blocksRead"
      from ${sql.id(schema, 'pg_stat_statements')} s join pg_roles r on r.oid = s.userid
      where s.dbid = (select oid from pg_database where datname = current_database()) and s.queryid is not null
      group by 1, 2
    )
    select c.*, (select sum("totalMs") from counted) as "allMs" from counted c
    where ${q ? sql`strpos(lower(c.statement), lower(${q})) > 0` : sql`true`}
    order by ${SORTS[sort]} desc, id, role limit ${AT_MOST}`.execute(tx);
  const totalMs = rows[0]?.allMs ?? 0;
  const { rows: since } = await sql<{ since: Date | null; by: string | null }>`
    select greatest(i.stats_reset, l.at) as since, case when l.at >= i.stats_reset or i.stats_reset is null then l.by_name end as by
    from ${sql.id(schema, 'pg_stat_statements_info')} i
    left join lateral (select at, by_name from operations.statement_reset order by at desc limit 1) l on true`.execute(tx);
  return {
    since: since[0]?.since?.toISOString() ?? null,
    resetBy: since[0]?.by ?? null,
    totalMs,
    items: rows.map(({ allMs, ...row }) => ({
      ...row,
      statement: withoutLiterals(row.statement),
      share: allMs > 0 ? row.totalMs / allMs : 0,
    })),
  };
}

async function runningStatements(tx: Tx): Promise<RunningStatement[]> {
  const { rows } = await sql<RunningStatement>`
    select pid, coalesce(usename, '-')::text as role, coalesce(nullif(application_name, ''), host(client_addr), 'local') as application,
      (1000 * extract(epoch from clock_timestamp() - query_start))::double precision as "runningMs",
      wait_event_type || ' ' || wait_event as "waitsFor", left(query, ${SHOWN}) as statement
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' and state = 'active'
    order by query_start limit ${AT_MOST}`.execute(tx);
  return rows.map((row) => ({ ...row, statement: withoutLiterals(row.statement) }));
}

/** The text of a listed statement as PostgreSQL keeps it; null where it is listed no more. */
export async function statementText(tx: Tx, schema: string, id: string, role: string): Promise<string | null> {
  const { rows } = await sql<{ query: string }>`
    select s.query from ${sql.id(schema, 'pg_stat_statements')} s join pg_roles r on r.oid = s.userid
    where s.queryid = ${id}::bigint and r.rolname = ${role} and s.dbid = (select oid from pg_database where datname = current_database())
    limit 1`.execute(tx);
  return rows[0]?.query ?? null;
}
