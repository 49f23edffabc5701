import type { Actor } from '../actor.ts';

/** A place in the log: the transaction that wrote an event, and the event. */
export interface Place {
  readonly xid: number;
  readonly id: string;
}

/** What happened, as far as a console needs it: nothing of what was said or of who said it. */
export interface News extends Place {
  readonly name: string;
  readonly kind: string;
  readonly caseId: string;
  readonly region: string;
  readonly state: string | null;
  readonly version: number | null;
  /** The units that have a task of the case. */
  readonly units: readonly string[];
}

/** The order of the log: negative when `a` stands before `b`. */
export function comparePlaces(a: Place, b: Place): number {
  return a.xid - b.xid || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

export function placeText(place: Place): string {
  return `${place.xid}.${place.id}`;
}

/** The place a console says it stands at; null when it is none. */
export function placeOf(text: string | undefined): Place | null {
  const found = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text ?? '');
  return found ? { xid: Number(found[1]), id: found[2]! } : null;
}

/**
 * Whether a person may hear of an event: the row-level policies of `platform.event`, said once more for what is handed
 * out from memory. `live.db.test.ts` asks the database itself whether both say the same.
 */
export function mayHear({ permissions, scope }: Actor, news: Pick<News, 'region' | 'units'>): boolean {
  if (!permissions.has('orders.see')) return false;
  const { regionLo, regionHi, unitLo, unitHi } = scope;
  switch (scope.role) {
    case 'province':
      return true;
    case 'city':
      return regionLo !== undefined && regionHi !== undefined && news.region >= regionLo && news.region < regionHi;
    case 'unit':
      return unitLo !== undefined && unitHi !== undefined && news.units.some((unit) => unit >= unitLo && unit < unitHi);
    // Citizens and machines ask; operations have no orders.
    case 'self':
    case 'peer':
    case 'operations':
    case 'system':
    case 'gate':
      return false;
  }
}

/** Somebody at an order, as the database keeps him. */
export interface AtCase {
  readonly caseId: string;
  readonly accountId: string;
  readonly name: string;
  readonly unitCode: string | null;
  readonly doing: 'viewing' | 'acting';
  readonly action: string | null;
}

/**
 * How one person is shown to another: by name within one side (the hotlines, or one unit), and by the office alone
 * across. A unit does not learn who at the hotline reads its reply, nor the hotline who of the unit writes it.
 */
export function shownTo(viewer: Pick<Actor, 'unitCode'>, at: AtCase, unitName: (code: string | null) => string | null) {
  return {
    name: viewer.unitCode === at.unitCode ? at.name : null,
    office: at.unitCode === null ? null : (unitName(at.unitCode) ?? at.unitCode),
    doing: at.doing,
    action: at.action,
  };
}

/** The others at a case, each once, who acts before who looks. */
export function othersAt(all: readonly AtCase[], accountId: string | null): AtCase[] {
  const byAccount = new Map<string, AtCase>();
  for (const one of all) {
    if (one.accountId === accountId) continue;
    if (byAccount.get(one.accountId)?.doing !== 'acting') byAccount.set(one.accountId, one);
  }
  return [...byAccount.values()].toSorted((a, b) => a.doing.localeCompare(b.doing) || a.name.localeCompare(b.name));
}
