import type { Matcher } from './alerts.api.ts';

const ONE = /\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*(,|$)/y;
const MOST = 10;

/** Matchers as they are written in PromQL: `component="peer:sms",probe=~"sms.*"`. */
export function matchersText(matchers: readonly Matcher[]): string {
  return matchers.map(({ label, op, value }) => `${label}${op}"${value.replaceAll(/["\\]/g, '\\$&')}"`).join(',');
}

/** The matchers of a text that {@link matchersText} gives or a person typed; null where it is none, or more than ten. */
export function parseMatchers(text: string): Matcher[] | null {
  const found: Matcher[] = [];
  const whole = text.trim();
  ONE.lastIndex = 0;
  while (ONE.lastIndex < whole.length) {
    const one = ONE.exec(whole);
    if (!one) return null;
    found.push({ label: one[1]!, op: one[2] as Matcher['op'], value: one[3]!.replaceAll(/\\(.)/g, '$1') });
    // A comma after which nothing comes asks for one more.
    if (one[4] === ',' && ONE.lastIndex === whole.length) return null;
  }
  return found.length > MOST ? null : found;
}
