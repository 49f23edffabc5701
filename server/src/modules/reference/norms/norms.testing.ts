import { LIMIT_CLOCKS, type NormContent, type NormLimit } from '#contracts/reference/norm.content.ts';
import { APPEAL_TYPES } from '#contracts/reference/reference.values.ts';
import { normOf, PROVINCE, type Norm } from './norms.rules.ts';

export const NOTHING: NormContent = { limits: [], fields: [], categories: [], replies: [], phrases: [] };

/** A norm of the province with every limit there must be, five working days each, and what a test adds. */
export function provinceContent(more: Partial<NormContent> = {}): NormContent {
  const general = APPEAL_TYPES.flatMap((appealType) =>
    [1, 2, 3, 4].flatMap((urgency) =>
      LIMIT_CLOCKS.map((clock): NormLimit => ({ appealType, urgency, clock, category: '', mode: 'workday', amount: 5, source: '省规范' })),
    ),
  );
  return { ...NOTHING, ...more, limits: [...general, ...(more.limits ?? [])] };
}

export function aNorm(region: string, content: NormContent, effectiveMs = 0, version = 1): Norm {
  return normOf({ id: `${region}/${version}`, region, version, effectiveMs }, content);
}

export function province(more: Partial<NormContent> = {}, effectiveMs = 0, version = 1): Norm {
  return aNorm(PROVINCE, provinceContent(more), effectiveMs, version);
}

/** A limit on handling an ordinary request for help, in what the test says of it. */
export function aLimit(more: Partial<NormLimit> = {}): NormLimit {
  return { appealType: '02', urgency: 3, clock: 'handle', category: '', mode: 'workday', amount: 5, source: '测试', ...more };
}
