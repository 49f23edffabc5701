import { tellOnce } from '../notices/notices.ts';
import { hostname } from 'node:os';
import { sql } from 'kysely';
import type { NodeLoad } from '#contracts/load/load.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { SYSTEM, type Db, type Tx } from '../db/db.ts';
import type { Loop } from '../events/events.ts';
import type { ResponseFigures } from '../metrics/response.ts';
import type { Admission } from './admission.ts';
import { needsCapacity, type Bounds } from './admission.rules.ts';

/** This node among those of the platform. */
export const NODE = `${hostname()}:${process.pid}`;

export interface NodeReportDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly admission: Admission;
  readonly responses: ResponseFigures;
  readonly consoles: () => number;
  readonly ceiling: number;
  readonly bounds: Bounds;
}

export interface NodeReport {
  /** How this node stands at this moment. */
  own(): NodeLoad;
  /** Tells the other nodes, and adds the response figures up, every ten seconds. */
  readonly loop: Loop;
}

export function createNodeReport({ db, clock, admission, responses, consoles, ceiling, bounds }: NodeReportDeps): NodeReport {
  const instant = (ms: number) => new Date(ms).toISOString();

  function own(): NodeLoad {
    const { highSinceMs, recent, ...state } = admission.state();
    return {
      ...state,
      node: NODE,
      at: instant(clock.nowMs()),
      ceiling,
      ...bounds,
      consoles: consoles(),
      share: Math.round(state.share * 1000) / 1000,
      waitMs: Math.round(state.waitMs * 10) / 10,
      highSince: highSinceMs === null ? null : instant(highSinceMs),
      needsCapacity: needsCapacity(highSinceMs, Date.now()),
      recent: recent.map(({ atMs, ...one }) => ({ at: instant(atMs), ...one })),
    };
  }

  return {
    own,
    loop: {
      name: 'platform.node-report',
      restMs: 10_000,
      async turn() {
        const facts = own();
        await db.transact(SYSTEM, async (tx) => {
          await tell(tx, facts);
          if (facts.needsCapacity) await askForCapacity(tx, facts, new Date(clock.nowMs()));
        });
        await responses.flush();
        return 0;
      },
    },
  };
}

/** What stood on no list for a day belongs to a node that is gone. */
async function tell(tx: Tx, facts: NodeLoad): Promise<void> {
  const row = { at: new Date(facts.at), facts: JSON.stringify(facts) };
  await tx
    .insertInto('platform.node_load')
    .values({ node: facts.node, ...row })
    .onConflict((oc) => oc.column('node').doUpdateSet(row))
    .execute();
  await sql`delete from platform.node_load where at < ${new Date(Date.parse(facts.at) - 86_400_000)}`.execute(tx);
}

/** Told once an hour to whoever looks after the machines, for as long as it lasts. */
async function askForCapacity(tx: Tx, { node, share, highSince }: NodeLoad, at: Date): Promise<void> {
  const percent = Math.round(share * 100);
  await tellOnce(tx, {
    at,
    level: 'urgent',
    zh: `节点 ${node} 负载已连续十分钟以上处于高位（现为上限的 ${percent}%），请增加节点或资源`,
    en: `Node ${node} has been above normal for more than ten minutes (now ${percent} % of its limit): please add nodes or resources`,
    permission: 'operations.see',
    onceKey: `load.capacity/${node}/${highSince ?? ''}/${at.toISOString().slice(0, 13)}`,
  });
}

const SILENT_MS = 60_000;

/** Every node that has told of itself within the last minute; this one as it stands now. */
export async function nodesNow(tx: Tx, own: NodeLoad): Promise<NodeLoad[]> {
  const rows = await tx
    .selectFrom('platform.node_load')
    .select('facts')
    .where('at', '>', new Date(Date.parse(own.at) - SILENT_MS))
    .where('node', '!=', own.node)
    .execute();
  return [own, ...rows.map((row) => row.facts as unknown as NodeLoad)].toSorted((a, b) => a.node.localeCompare(b.node));
}
