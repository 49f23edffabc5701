import { AUDIT_KINDS, type AuditKind } from '#contracts/identity/identity.api.ts';

/** The filters of the audit log, as they stand in the address. */
export interface AuditSearch {
  readonly action?: string;
  readonly kind?: AuditKind;
  readonly role?: string;
  readonly objectId?: string;
  readonly accountId?: string;
  readonly from?: string;
  readonly to?: string;
}

const TEXTS = ['action', 'role', 'objectId', 'accountId'] as const;
const DAYS = ['from', 'to'] as const;

export function auditFrom(search: Record<string, unknown>): AuditSearch {
  const text = (name: string, form?: RegExp) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' && (!form || form.test(value)) ? { [name]: value.slice(0, 60) } : {};
  };
  const kind = AUDIT_KINDS.find((one) => one === search['kind']);
  return Object.assign(
    {},
    ...TEXTS.map((name) => text(name)),
    ...DAYS.map((name) => text(name, /^\d{4}-\d{2}-\d{2}$/)),
    kind ? { kind } : {},
  ) as AuditSearch;
}
