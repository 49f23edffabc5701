import type { OrderFilter } from '#contracts/orders/orders.api.ts';
import type { OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { permissionsOf, type Role } from '#contracts/permissions.ts';
import { PLATFORM, type Actor } from '#server/platform/actor.ts';
import { codeRange } from '#server/platform/db/db.ts';

/** What somebody's screen asks: a list, the number above it, the queues of the home page, the requests that wait. */
export interface Line {
  readonly name: string;
  readonly actor: Actor;
  readonly asks: 'list' | 'count' | 'queues' | 'approvals';
  readonly filter: OrderFilter;
}

/** The console's page (`console/src/features/orders/orders.queries.ts`). */
const PAGE = 50;

function person(role: Role, scopeKind: 'province' | 'city' | 'unit', code?: string): Actor {
  const range = codeRange(code ?? '');
  return {
    ...PLATFORM,
    accountId: '00000000-0000-7000-8000-000000000000',
    name: role,
    login: role,
    roles: [role],
    permissions: permissionsOf([role]),
    scopeKind,
    scope:
      scopeKind === 'province'
        ? { role: 'province' }
        : scopeKind === 'city'
          ? { role: 'city', regionLo: range.lo, regionHi: range.hi }
          : { role: 'unit', unitLo: range.lo, unitHi: range.hi },
    region: scopeKind === 'city' ? code!.padEnd(6, '0') : null,
    unitCode: scopeKind === 'unit' ? code! : null,
  };
}

// The biggest city and one of the smallest; a county's government with all its offices, one office, one street.
const SUZHOU = '3205';
const SUQIAN = '3213';
const COUNTY = '320505';
const OFFICE = '320505.018';
const STREET = '321302001';

const DESK = {
  waiting: { state: 'filed', limit: 20 },
  dispatch: { state: 'pending-dispatch', sort: 'due', limit: PAGE },
  handling: { state: 'dispatched,handling', sort: 'due', limit: PAGE },
  check: { state: 'replied', sort: 'due', limit: PAGE },
  followUp: { state: 'pending-follow-up,following-up', sort: 'due', limit: PAGE },
  oversight: { oversight: 1, sort: 'due', limit: PAGE },
  newest: { limit: PAGE },
  byDue: { sort: 'due', limit: PAGE },
} as const satisfies Record<string, OrderFilter>;

const TITLES: Readonly<Record<keyof typeof DESK, string>> = {
  waiting: 'waiting list',
  dispatch: 'dispatch desk',
  handling: 'handling desk',
  check: 'check desk',
  followUp: 'follow-up desk',
  oversight: 'oversight desk',
  newest: 'all orders',
  byDue: 'all orders, by due',
};

/** A desk as its people see it: as it opens, and under each of the filters. */
function desk(who: string, actor: Actor, key: keyof typeof DESK, ...filters: readonly OrderFilter[]): Line[] {
  return [{}, ...filters].map((filter) => {
    const said = Object.entries(filter).map(([name, value]) => `${name} ${value}`);
    return { name: [`${who}: ${TITLES[key]}`, ...said].join(', '), actor, asks: 'list', filter: { ...DESK[key], ...filter } };
  });
}

function counts(who: string, actor: Actor, ...keys: readonly (keyof typeof DESK)[]): Line[] {
  return keys.map((key) => {
    const { limit: _, ...filter }: OrderFilter = DESK[key];
    return { name: `${who}: ${TITLES[key]}, counted`, actor, asks: 'count', filter };
  });
}

export const SHOWN: readonly OrderState[] = [
  'filed',
  'pending-dispatch',
  'dispatched',
  'handling',
  'replied',
  'pending-follow-up',
  'following-up',
];

/** Every desk's list, as each of its people asks for it. */
export function linesOfDesks(): Line[] {
  const province = person('supervisor', 'province');
  const big = (role: Role) => person(role, 'city', SUZHOU);
  const small = (role: Role) => person(role, 'city', SUQIAN);
  const leader = person('unit-reviewer', 'unit', COUNTY);
  const office = person('unit-liaison', 'unit', OFFICE);
  const handler = person('handler', 'unit', STREET);
  // prettier-ignore
  return [
    ...desk('province', province, 'newest', { state: 'handling' }, { state: 'archived' }, { state: 'return-pending' }, { light: 'red' },
      { light: 'yellow' }, { type: '03' }, { category: '06' }, { category: '0407' }, { region: SUQIAN }, { region: '320724' },
      { region: STREET }, { channel: '17' }, { urgency: 1 }, { unit: OFFICE }, { mark: 'merged' }, { mark: 'redo' }, { mark: 'suspended' },
      { mark: 'urged' }, { mark: 'sensitive' }, { mark: 'confidential' }, { state: 'archived', region: STREET, type: '04' }),
    ...desk('province', province, 'byDue', { light: 'red' }, { light: 'yellow' }, { region: SUQIAN }, { unit: OFFICE }, { type: '04' }),
    ...desk('province', province, 'handling', { light: 'red' }, { region: SUQIAN }, { mark: 'suspended' }, { unit: OFFICE }),
    ...desk('province', province, 'oversight', { oversight: 3 }, { region: SUQIAN }),
    ...desk('agent, big city', big('agent'), 'waiting'),
    ...desk('agent, small city', small('agent'), 'waiting'),
    ...desk('dispatcher, big city', big('dispatcher'), 'dispatch', { light: 'red' }, { type: '03' }, { category: '04' }),
    ...desk('dispatcher, big city', big('dispatcher'), 'newest', { state: 'return-pending' }, { state: 'merged' }, { unit: OFFICE }, { mark: 'merged' }),
    ...desk('dispatcher, small city', small('dispatcher'), 'dispatch', { light: 'yellow' }),
    ...desk('dispatcher, small city', small('dispatcher'), 'newest', { state: 'handling' }, { region: '321324' }, { type: '04' }),
    ...desk('reviewer, big city', big('reviewer'), 'check', { light: 'red' }),
    ...desk('reviewer, small city', small('reviewer'), 'check'),
    ...desk('follow-up, big city', big('follow-up'), 'followUp', { light: 'red' }),
    ...desk('follow-up, small city', small('follow-up'), 'followUp'),
    ...desk('supervisor, big city', big('supervisor'), 'oversight'),
    ...desk('supervisor, small city', small('supervisor'), 'oversight'),
    ...desk('supervisor, small city', small('supervisor'), 'handling', { light: 'red' }),
    ...desk('supervisor, small city', small('supervisor'), 'byDue', { light: 'yellow' }),
    ...desk('leader of a county', leader, 'handling', { light: 'red' }, { type: '03' }),
    ...desk('leader of a county', leader, 'newest', { state: 'handling' }, { category: '04' }),
    ...desk('leader of a county', leader, 'oversight'),
    ...desk('liaison of an office', office, 'handling', { light: 'yellow' }),
    ...desk('liaison of an office', office, 'newest', { state: 'archived' }),
    ...desk('handler of a street', handler, 'handling'),
    ...desk('handler of a street', handler, 'newest', { mark: 'urged' }),
    ...desk('handler of a street', handler, 'byDue'),
    ...counts('province', province, 'newest', 'handling', 'oversight'),
    ...counts('dispatcher, big city', big('dispatcher'), 'dispatch', 'newest'),
    ...counts('reviewer, small city', small('reviewer'), 'check'),
    ...counts('leader of a county', leader, 'handling', 'newest'),
    ...counts('handler of a street', handler, 'handling', 'newest'),
    ...[['province', province], ['dispatcher, big city', big('dispatcher')], ['leader of a county', leader], ['handler of a street', handler]]
      .map(([who, actor]): Line => ({ name: `${who as string}: queues of the home page`, actor: actor as Actor, asks: 'queues', filter: {} })),
    ...[['reviewer of the province', person('reviewer', 'province')], ['reviewer, small city', small('reviewer')], ['dispatcher, big city', big('dispatcher')]]
      .map(([who, actor]): Line => ({ name: `${who as string}: requests to decide`, actor: actor as Actor, asks: 'approvals', filter: { limit: PAGE } })),
  ];
}
