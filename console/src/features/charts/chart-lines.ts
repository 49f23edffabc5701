import type { Series, SeriesLine } from '#contracts/operations/series.api.ts';

export type Points = readonly (readonly [atMs: number, value: number])[];

/** The name of a series with its labels, those that tell nothing apart left out of none. */
export function seriesName({ name, labels }: Pick<Series, 'name' | 'labels'>): string {
  const told = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return told.length > 0 ? `${name} ${told.join(' ')}` : name;
}

/** The points of a line: a gauge as it stood on average, a counter by how much it rose in a second. */
export function pointsOf(line: SeriesLine, kind: Series['kind']): Points {
  if (kind === 'gauge') return line.at.map((at, place) => [Date.parse(at), line.mean[place]!] as const);
  return line.at.slice(1).map((at, place) => {
    const [atMs, beforeMs] = [Date.parse(at), Date.parse(line.at[place]!)];
    const [now, before] = [line.last[place + 1]!, line.last[place]!];
    // Where a counter begins again, what it shows counts whole.
    return [atMs, (now >= before ? now - before : now) / ((atMs - beforeMs) / 1000)] as const;
  });
}

/** Points moved in time. */
export const moved = (points: Points, byMs: number): Points => points.map(([atMs, value]) => [atMs + byMs, value] as const);
