import { beijingDate, isDay } from './calendar.ts';

/**
 * The human number of an appeal and its order (工单编号), 22 digits:
 * region (6, GB/T 2260) + date in Beijing (8) + serial (7) + check digit (1).
 *
 * The check digit is ISO/IEC 7064 MOD 11,10: it finds every single wrong digit and nearly every swap of neighbours,
 * so a number misheard on the telephone is refused before anything is looked up.
 */
export function makeNumber(region: string, atMs: number, serial: number): string {
  const body = region.slice(0, 6) + beijingDate(atMs).replaceAll('-', '') + String(serial % 10_000_000).padStart(7, '0');
  return body + checkDigit(body);
}

/** Whether the text is a number that this platform could have given out: in form, check digit and day. */
export function isNumber(text: string): boolean {
  return /^32\d{20}$/.test(text) && checkDigit(text.slice(0, -1)) === text.slice(-1) && isDay(dayOf(text));
}

/** The instants between which the appeal of this number was filed: its day in Beijing, with an hour on both sides. */
export function numberSpan(number: string): { fromMs: number; toMs: number } {
  const start = Date.parse(`${dayOf(number)}T00:00:00+08:00`);
  return { fromMs: start - 3_600_000, toMs: start + 25 * 3_600_000 };
}

/** The MOD 11,10 check digit of a string of digits. */
export function checkDigit(digits: string): string {
  let product = 10;
  for (const char of digits) {
    let sum = (Number(char) + product) % 10;
    if (sum === 0) sum = 10;
    product = (sum * 2) % 11;
  }
  return String((11 - product) % 10);
}

/** Whether an 18-character resident identity number has the right form, a real birth date and check digit (GB 11643). */
export function isIdentityNumber(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  if (!isDay(dayOf(text))) return false;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(text[i]), 0);
  return '10X98765432'[sum % 11] === text[17];
}

/** Whether an 18-character unified social credit code has the right check character (GB 32100). */
export function isCreditCode(text: string): boolean {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(text)) return false;
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += alphabet.indexOf(text[i]!) * (3 ** i % 31);
  return alphabet[(31 - (sum % 31)) % 31] === text[17];
}

/** The day that stands after the region in both kinds of number. */
function dayOf(text: string): string {
  return `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
}
