import { narrowingFrom } from '../../parts/narrowing.ts';

/** A series and a span. */
export const readingsFrom = narrowingFrom(['ids', 'from', 'to', 'own'] as const);
