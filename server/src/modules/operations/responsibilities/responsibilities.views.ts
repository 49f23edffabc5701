import type { Party, Responsibility } from '#contracts/operations/responsibilities.api.ts';
import type { Tx } from '#server/platform/db/db.ts';

const rows = (tx: Tx) => tx.selectFrom('operations.responsibility').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof rows>['executeTakeFirstOrThrow']>>;

const viewOf = (row: Row): Responsibility => ({
  component: row.component,
  responsible: row.responsible as unknown as Party[],
  accountable: row.accountable as unknown as Party,
  consulted: row.consulted as unknown as Party[],
  informed: row.informed as unknown as Party[],
  version: row.version,
  setBy: row.set_by,
  setAt: row.set_at.toISOString(),
});

/** The whole matrix, by component: some hundreds of rows at most, one for each component that is named. */
export async function responsibilities(tx: Tx): Promise<Responsibility[]> {
  return (await rows(tx).orderBy('component').execute()).map(viewOf);
}

/** Who answers for a component; null where nobody said. `lock` keeps others from saying it meanwhile. */
export async function responsibilityOf(tx: Tx, component: string, how?: 'lock'): Promise<Responsibility | null> {
  const row = await rows(tx)
    .where('component', '=', component)
    .$if(how === 'lock', (query) => query.forUpdate())
    .executeTakeFirst();
  return row ? viewOf(row) : null;
}
