import type { NormContent } from '#contracts/reference/norm.content.ts';
import type { Role } from '#contracts/permissions.ts';
import type { App } from '../app.ts';
import { inForce, PROVINCE, type Norms } from '../modules/reference/index.ts';
import type { Actor } from '../platform/actor.ts';
import { SYSTEM } from '../platform/db/db.ts';

type ByRole = (role: Role, place: { unit?: string; city?: string }) => Actor;

const DAY = 86_400_000;
const SUZHOU_SAYS = '苏州市 12345 热线补充规定（演示）';
const PROVINCE_SAYS = '2027 年度修订建议（演示）';

/** What Suzhou adds to the province's norm: handling a working day shorter, and replies to complaints with their basis. */
const SUZHOU: NormContent = {
  limits: [
    limit('02', 3, 'handle', 4),
    limit('03', 3, 'handle', 4),
    limit('04', 3, 'handle', 8),
    limit('05', 3, 'handle', 4),
    { ...limit('02', 3, 'handle', 3), category: '0503' },
  ],
  fields: [{ appealType: '03', category: '10', field: 'expectation', source: SUZHOU_SAYS }],
  categories: [{ category: '0503', inUse: true, urgency: 2, source: SUZHOU_SAYS }],
  replies: [{ appealType: '03', minLength: 40, basis: true, source: SUZHOU_SAYS }],
  phrases: [{ phrase: '已转属地办理', source: SUZHOU_SAYS }],
};

function limit(appealType: '02' | '03' | '04' | '05', urgency: number, clock: 'handle', amount: number): NormContent['limits'][number] {
  return { urgency, appealType, clock, category: '', mode: 'workday', amount, source: SUZHOU_SAYS };
}

/** Suzhou's supplement, in force for the last six weeks: drafted by its administrator, approved by the province's leader. */
export async function tightenSuzhou(norms: Norms, clock: { set(ms: number): void }, startMs: number, byRole: ByRole): Promise<void> {
  const admin = byRole('city-admin', { city: '320500' });
  clock.set(startMs - 45 * DAY);
  const draft = await norms.draft(admin, '3205', { title: SUZHOU_SAYS, source: SUZHOU_SAYS, content: SUZHOU });
  await norms.try(admin, draft.id, draft.revision);
  while ((await norms.takeTrial()) > 0);
  await norms.approve(byRole('leader', {}), draft.id, draft.revision + 2, {
    effectiveFrom: new Date(startMs - 42 * DAY).toISOString(),
    opinion: '同意，按期执行。',
  });
}

/** A change of the province's norm that waits for its approval, with its trial on last month's orders. */
export async function draftForProvince(app: App, norms: Norms, byRole: ByRole): Promise<void> {
  const admin = byRole('province-admin', {});
  const [province] = inForce(await app.reference.norms(), PROVINCE, Date.now());
  const content: NormContent = {
    ...province!.content,
    limits: province!.content.limits.map((line) =>
      line.clock === 'handle' && line.urgency === 3 && (line.appealType === '02' || line.appealType === '03')
        ? { ...line, amount: 4, source: PROVINCE_SAYS }
        : line,
    ),
    fields: [...province!.content.fields, { appealType: '02', category: '02', field: 'expectation', source: PROVINCE_SAYS }],
    replies: [...province!.content.replies, { appealType: '04', minLength: 60, basis: true, source: PROVINCE_SAYS }],
  };
  const draft = await norms.draft(admin, PROVINCE, { title: PROVINCE_SAYS, source: PROVINCE_SAYS, content });
  await norms.try(admin, draft.id, draft.revision);
  while ((await norms.takeTrial()) > 0);
}

/** What two units of Suzhou said against the catalogue: a revision may be drafted from it. */
export async function objectInSuzhou(app: App, atMs: number): Promise<void> {
  const orders = await app.db.transact(SYSTEM, (tx) =>
    tx
      .selectFrom('orders.work_order')
      .select(['id', 'region', 'category', 'main_unit'])
      .where('region', '>=', '3205')
      .where('region', '<', '3205~')
      .where('main_unit', 'is not', null)
      .orderBy('id', 'desc')
      .limit(2)
      .execute(),
  );
  for (const [index, { id, region, category, main_unit: unitCode }] of orders.entries()) {
    const assist = (await app.reference.suggestUnits(category ?? '', region)).find((one) => one.role === 'assist');
    await app.db.transact(SYSTEM, (tx) =>
      app.reference.recordObjection(tx, {
        orderId: id,
        category,
        region,
        unitCode: unitCode!,
        suggestedUnit: assist?.unit.code ?? null,
        reason: index === 0 ? '该事项的日常管理已划转，现由建议单位负责。' : '现场核实后，主要责任在建议单位的管理范围内。',
        legalBasis: index === 0 ? '《苏州市城市管理事项责任清单（演示）》第 12 项' : null,
        at: new Date(atMs),
      }),
    );
  }
}
