/** Severities in the order of the centre's levels: 1 critical, 2 high, 3 medium, 4 low (DOMAIN §5.8). */
export type Severity = 1 | 2 | 3 | 4;

/** The qualitative rating of CVSS 3.1, §5; a score of nothing is low. */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 1;
  if (score >= 7) return 2;
  return score >= 4 ? 3 : 4;
}

const NAMED: Readonly<Record<string, Severity>> = {
  critical: 1,
  high: 2,
  important: 2,
  moderate: 3,
  medium: 3,
  low: 4,
  unimportant: 4,
  negligible: 4,
};

/** The severity of a word that advisories use; null where it is none. */
export function severityOfWord(word: unknown): Severity | null {
  return typeof word === 'string' ? (NAMED[word.toLowerCase()] ?? null) : null;
}

const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};
const PRIVILEGES = { U: { N: 0.85, L: 0.62, H: 0.27 }, C: { N: 0.85, L: 0.68, H: 0.5 } } as const;

/** The base score of a vector of CVSS 3.0 or 3.1 (specification §7.1); null where the vector is another one. */
export function baseScore(vector: string): number | null {
  if (!/^CVSS:3\.[01]\//.test(vector)) return null;
  const given = Object.fromEntries(
    vector
      .split('/')
      .slice(1)
      .map((pair) => pair.split(':') as [string, string]),
  );
  const weight = (metric: string) => WEIGHTS[metric]?.[given[metric] ?? ''] ?? NaN;
  const changed = given['S'] === 'C';
  const privileges = PRIVILEGES[changed ? 'C' : 'U'][(given['PR'] ?? '') as 'N'] ?? NaN;
  const lost = 1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A'));
  const impact = changed ? 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 : 6.42 * lost;
  const exploitability = 8.22 * weight('AV') * weight('AC') * privileges * weight('UI');
  if (Number.isNaN(impact + exploitability)) return null;
  if (impact <= 0) return 0;
  return roundUp(Math.min((changed ? 1.08 : 1) * (impact + exploitability), 10));
}

/** As the specification rounds (appendix A), free of what floating point makes of tenths. */
function roundUp(value: number): number {
  const whole = Math.round(value * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}
