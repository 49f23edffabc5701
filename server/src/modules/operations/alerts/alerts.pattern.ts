import type { Matcher } from '#contracts/operations/alerts.api.ts';
import { refuseField } from '#server/kernel/decision.ts';

/** What makes a pattern try the same characters over and over: a repeated group that repeats within, or looks back. */
const INTRICATE = [/\\[1-9]/, /\(\?[=!<]/, /[*+}]\)\s*[*+{]/, /\|[^)]*\)\s*[*+{]/];

/**
 * Patterns become regular expressions that judge every series.
 *
 * @throws Refusal at the field where one cannot be read, or might take for ever
 */
export function checkPatterns(matchers: readonly Matcher[], path: string): void {
  for (const [place, { op, value }] of matchers.entries()) {
    if (op !== '=~' && op !== '!~') continue;
    if (INTRICATE.some((sign) => sign.test(value)) || !isPattern(value))
      throw refuseField(`${path}.${place}.value`, 'operations.bad-pattern');
  }
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(`^(?:${text})$`) instanceof RegExp;
  } catch {
    return false;
  }
}
