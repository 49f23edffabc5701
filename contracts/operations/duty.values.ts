import type { Words } from '../base/text.ts';

/** The lines of duty, from the one who answers first to the leaders (DOMAIN §5.2). */
export const DUTY_LINES = {
  1: { zh: '一线', en: 'Line 1, engineer' },
  2: { zh: '二线', en: 'Line 2, specialist' },
  3: { zh: '运维经理', en: 'Line 3, manager' },
  4: { zh: '双方领导', en: 'Line 4, leaders' },
} as const satisfies Record<number, Words>;
export type Line = keyof typeof DUTY_LINES;
