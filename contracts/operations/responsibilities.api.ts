import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { Instant, type Words } from '../base/text.ts';
import { roles, type Role } from '../permissions.ts';
import { Component } from './records/records.values.ts';

const tag = 'operations';
const closed = { additionalProperties: false } as const;

/** The four parts of a responsibility matrix (RACI). */
export const RACI = {
  responsible: { zh: '负责', en: 'Responsible' },
  accountable: { zh: '问责', en: 'Accountable' },
  consulted: { zh: '咨询', en: 'Consulted' },
  informed: { zh: '知会', en: 'Informed' },
} as const satisfies Record<string, Words>;
export type RaciPart = keyof typeof RACI;

/** Roles that work in the operations centre, or may be told of it. */
export const PARTY_ROLES = (Object.keys(roles) as Role[]).filter((role) =>
  (roles[role].permissions as readonly string[]).includes('operations.see'),
);

const PartyText = Type.String({
  pattern: `^(person:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|role:(${PARTY_ROLES.join('|')}))$`,
  description: 'person:<account> or role:<role>',
});
const parties = (minItems: number) => Type.Array(PartyText, { minItems, maxItems: 10, uniqueItems: true });

/** One accountable and at least one responsible, as the method asks. */
export const ResponsibilityInput = Type.Object(
  { responsible: parties(1), accountable: PartyText, consulted: parties(0), informed: parties(0), version: Type.Integer({ minimum: 0 }) },
  closed,
);
export type ResponsibilityInput = Static<typeof ResponsibilityInput>;

export const Party = Type.Object({ party: Type.String(), name: Type.String({ description: 'Of a person; of a role its code' }) });
export type Party = Static<typeof Party>;

export const Responsibility = Type.Object({
  component: Type.String(),
  responsible: Type.Array(Party),
  accountable: Party,
  consulted: Type.Array(Party),
  informed: Type.Array(Party),
  version: Type.Integer(),
  setBy: Type.String(),
  setAt: Instant,
});
export type Responsibility = Static<typeof Responsibility>;

const byComponent = Type.Object({ component: Component });

export const responsibilitiesApi = {
  list: route({
    method: 'GET',
    path: '/api/operations/responsibilities',
    tag,
    access: 'operations.see',
    summary: { zh: '责任矩阵', en: 'Who answers for each component' },
    reply: Type.Object({ items: Type.Array(Responsibility) }),
  }),
  put: route({
    method: 'PUT',
    path: '/api/operations/responsibilities/:component',
    tag,
    access: 'operations.decide',
    summary: { zh: '设定某对象的责任人', en: 'Say who answers for a component' },
    params: byComponent,
    body: ResponsibilityInput,
    reply: Responsibility,
    errors: ['base.stale', 'operations.no-such-person'],
  }),
  remove: route({
    method: 'DELETE',
    path: '/api/operations/responsibilities/:component',
    tag,
    access: 'operations.decide',
    summary: { zh: '删除某对象的责任人', en: 'Take a component out of the matrix' },
    params: byComponent,
    reply: Type.Object({ component: Type.String() }),
  }),
};
