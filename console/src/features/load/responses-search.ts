import { LOAD_CLASSES } from '#contracts/base/load.ts';
import type { LoadClass } from '#contracts/base/route.ts';

/** What the response figures are narrowed to, as it stands in an address; a day that is none falls away. */
export interface ResponsesSearch {
  readonly from?: string;
  readonly to?: string;
  readonly kind?: LoadClass;
}

export function responsesFrom(search: Record<string, unknown>): ResponsesSearch {
  const day = (name: 'from' | 'to') => {
    const value = search[name];
    return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? { [name]: value } : {};
  };
  const kind = LOAD_CLASSES.find((one) => one === search['kind']);
  return { ...day('from'), ...day('to'), ...(kind ? { kind } : {}) };
}
