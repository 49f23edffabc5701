import { DUTY_KINDS, type DutyKind } from '#contracts/orders/desks.api.ts';

/** What the night duty looks at, as it stands in the address. */
export interface DutySearch {
  readonly kind?: DutyKind;
  readonly region?: string;
}

export function dutyFrom(search: Record<string, unknown>): DutySearch {
  const kind = DUTY_KINDS.find((each) => each === search['kind']);
  const { region } = search;
  return { ...(kind ? { kind } : {}), ...(typeof region === 'string' && /^32\d{2}(\d{2})?$/.test(region) ? { region } : {}) };
}
