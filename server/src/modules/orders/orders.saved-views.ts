import { sql, type Selectable } from 'kysely';
import {
  OWN_VIEWS,
  savedViewsApi,
  SHARED_VIEWS,
  type OrderColumn,
  type OrderListName,
  type SavedView,
  type ViewSearch,
} from '#contracts/orders/saved-views.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { violates, type Db, type Tx } from '#server/platform/db/db.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';

type Row = Selectable<DB['orders.saved_view']>;

interface Given {
  readonly name: string;
  readonly shared: boolean;
  readonly search: ViewSearch;
  readonly columns: readonly OrderColumn[];
}

/**
 * Views of the lists of orders: own ones, and those that the office shares. Which rows these are the table's policies
 * decide; only the owner changes or deletes one, and of another's the answer is that there is none.
 */
export function savedViewsRoutes({ db, clock }: { db: Db; clock: Clock }): Binding[] {
  const told = (tx: Tx, actor: Actor, action: string, id: string, detail: Record<string, unknown>) =>
    record(tx, actor, { at: new Date(clock.nowMs()), action, objectKind: 'view', objectId: id, detail });

  return [
    bind(savedViewsApi.list, async ({ actor, query }) =>
      db.transact(actor.scope, async (tx) => {
        const rows = await tx
          .selectFrom('orders.saved_view')
          .selectAll()
          .where('list', '=', query.list)
          .orderBy(sql`account_id <> ${actor.accountId}`)
          .orderBy('name')
          .orderBy('id')
          .limit(OWN_VIEWS + SHARED_VIEWS)
          .execute();
        return { items: rows.map((row) => viewOf(row, actor)) };
      }),
    ),
    bind(savedViewsApi.save, async ({ actor, body: { list, ...given } }) =>
      named(() =>
        db.transact(actor.scope, async (tx) => {
          await checkRoom(tx, actor, list, given.shared, null);
          const row = await tx
            .insertInto('orders.saved_view')
            .values({ id: newId(clock.nowMs()), list, ...columnsOf(given, actor, clock) })
            .returningAll()
            .executeTakeFirstOrThrow();
          await told(tx, actor, 'orders.save-view', row.id, { list, shared: row.shared });
          return viewOf(row, actor);
        }),
      ),
    ),
    bind(savedViewsApi.change, async ({ actor, params, body }) =>
      named(() =>
        db.transact(actor.scope, async (tx) => {
          const own = await ownView(tx, actor, params.id);
          await checkRoom(tx, actor, own.list, body.shared, own.id);
          const row = await tx
            .updateTable('orders.saved_view')
            .set(columnsOf(body, actor, clock))
            .where('id', '=', own.id)
            .returningAll()
            .executeTakeFirstOrThrow();
          await told(tx, actor, 'orders.change-view', row.id, { list: row.list, shared: row.shared });
          return viewOf(row, actor);
        }),
      ),
    ),
    bind(savedViewsApi.remove, async ({ actor, params }) =>
      db.transact(actor.scope, async (tx) => {
        const own = await ownView(tx, actor, params.id);
        await tx.deleteFrom('orders.saved_view').where('id', '=', own.id).execute();
        await told(tx, actor, 'orders.delete-view', own.id, { list: own.list, shared: own.shared });
        return null;
      }),
    ),
  ];
}

/** @throws Refusal `base.not-found`: another's view is not there to be changed, even where it is seen */
async function ownView(tx: Tx, actor: Actor, id: string): Promise<Row> {
  const row = await tx
    .selectFrom('orders.saved_view')
    .selectAll()
    .where('id', '=', id)
    .where('account_id', '=', actor.accountId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new Refusal({ code: 'base.not-found' });
  return row;
}

/** @throws Refusal `orders.too-many-views` */
async function checkRoom(tx: Tx, actor: Actor, list: string, shared: boolean, known: string | null): Promise<void> {
  // One after the other, or two at once would both find the last place free.
  await sql`select pg_advisory_xact_lock(hashtext('orders.saved_view'))`.execute(tx);
  const { own, ours } = await tx
    .selectFrom('orders.saved_view')
    .select([
      sql<number>`count(*) filter (where account_id = ${actor.accountId})`.as('own'),
      sql<number>`count(*) filter (where shared and list = ${list})`.as('ours'),
    ])
    .$if(known !== null, (query) => query.where('id', '<>', known!))
    .executeTakeFirstOrThrow();
  if (own >= OWN_VIEWS) throw new Refusal({ code: 'orders.too-many-views', params: { limit: OWN_VIEWS } });
  if (shared && ours >= SHARED_VIEWS) throw new Refusal({ code: 'orders.too-many-views', params: { limit: SHARED_VIEWS } });
}

/** @throws Refusal `orders.view-name-taken` where the owner has a view of this name on this list */
async function named<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!violates(error, 'saved_view_name_key')) throw error;
    throw new Refusal({ code: 'orders.view-name-taken', fields: [{ path: 'name', code: 'orders.view-name-taken' }] });
  }
}

function columnsOf({ name, shared, search, columns }: Given, actor: Actor, clock: Clock) {
  return {
    account_id: actor.accountId!,
    account_name: actor.name,
    office: sql<string>`orders.own_office()`,
    name: name.trim(),
    shared,
    search: JSON.stringify(search),
    columns: [...columns],
    changed_at: new Date(clock.nowMs()),
  };
}

function viewOf(row: Row, actor: Actor): SavedView {
  return {
    id: row.id,
    list: row.list as OrderListName,
    name: row.name,
    shared: row.shared,
    search: row.search as ViewSearch,
    columns: row.columns as OrderColumn[],
    own: row.account_id === actor.accountId,
    by: row.account_name,
    changedAt: row.changed_at.toISOString(),
  };
}
