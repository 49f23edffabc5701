import { sql } from 'kysely';
import type { LockBoard, LockSession } from '#contracts/operations/diagnosis.api.ts';
import type { Words } from '#contracts/base/text.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { lockForest } from './locks.rules.ts';
import { withoutLiterals } from './statements.rules.ts';
import { checkMaySee } from './statements.views.ts';

/** Why a session is not ended from here, by what `operations.session_kept` tells. */
export const KEPT: Readonly<Record<string, Words>> = {
  own: { zh: '这是本次查询自己的会话', en: 'it is the session that asks' },
  elsewhere: { zh: '不属于本数据库', en: 'it belongs to another database' },
  server: { zh: '这是数据库自己的后台进程', en: "it is a process of the server's own" },
  backup: { zh: '它正在备份，断开会使备份作废', en: 'it takes a backup, which would be lost' },
  jobs: { zh: '它是平台的任务队列', en: "it is the queue of the platform's jobs" },
};

const PREPARED: Omit<LockSession, 'pid' | 'depth' | 'alsoBehind'> = {
  startedAt: null,
  application: '两阶段事务 prepared transaction',
  role: '-',
  state: 'prepared',
  transactionMs: null,
  waitingMs: null,
  lock: null,
  relation: null,
  statement: '',
  kept: { zh: '两阶段事务须由数据库管理员回滚', en: 'a prepared transaction is rolled back by an administrator' },
};

interface SessionRow {
  readonly pid: number;
  readonly behind: number[];
  readonly started: Date | null;
  readonly application: string;
  readonly role: string;
  readonly state: string;
  readonly transactionMs: number | null;
  readonly waitingMs: number | null;
  readonly lock: string | null;
  readonly relation: string | null;
  readonly statement: string | null;
  readonly kept: string | null;
}

/**
 * Who waits for whom in this database, as a forest; nobody where nobody waits.
 *
 * @throws Refusal `diagnosis.no-right`
 */
export async function lockBoard(tx: Tx, at: Date): Promise<LockBoard> {
  await checkMaySee(tx);
  const { rows } = await sql<SessionRow>`
    with waiting as materialized (
      select pid, pg_blocking_pids(pid) as behind from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
    ), blocked as materialized (select * from waiting where cardinality(behind) > 0)
    select a.pid, coalesce(b.behind, '{}') as behind, a.backend_start as started,
      coalesce(nullif(a.application_name, ''), host(a.client_addr), a.backend_type, '-') as application, coalesce(a.usename, '-')::text as role,
      coalesce(a.state, '-') as state, (1000 * extract(epoch from clock_timestamp() - a.xact_start))::double precision as "transactionMs",
      (1000 * extract(epoch from clock_timestamp() - l.waitstart))::double precision as "waitingMs",
      l.locktype || ' ' || l.mode as lock, coalesce(l.relation::regclass::text, held.relation) as relation, left(a.query, 2000) as statement,
      operations.session_kept(a.datname, a.backend_type, a.application_name, a.pid) as kept
    from pg_stat_activity a
    left join blocked b on b.pid = a.pid
    left join lateral (select * from pg_locks l where l.pid = a.pid and not l.granted and b.pid is not null order by l.waitstart limit 1) l on true
    -- Who waits for another's row or transaction has marked the table before.
    left join lateral (
      select h.relation::regclass::text as relation from pg_locks h join pg_class c on c.oid = h.relation and c.relkind in ('r', 'p')
      where h.pid = a.pid and b.pid is not null and h.granted and h.locktype = 'tuple' limit 1) held on true
    where a.pid in (select pid from blocked union select unnest(behind) from blocked)`.execute(tx);
  const known = new Map(rows.map((row) => [row.pid, row]));
  const sessions = lockForest(rows).map((placed): LockSession => {
    const row = known.get(placed.pid);
    if (!row) return { ...placed, alsoBehind: [...placed.alsoBehind], ...PREPARED };
    const { behind: _, started, statement, kept, ...facts } = row;
    return {
      ...facts,
      depth: placed.depth,
      alsoBehind: [...placed.alsoBehind],
      startedAt: started?.toISOString() ?? null,
      statement: withoutLiterals(statement ?? ''),
      kept: kept === null ? null : (KEPT[kept] ?? KEPT['server']!),
    };
  });
  return { at: at.toISOString(), waiting: rows.filter(({ behind }) => behind.length > 0).length, sessions };
}
