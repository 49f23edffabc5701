/** `upper` stands on `lower`: where the lower one fails the upper one does not work, or not as it should. */
export interface Relation {
  readonly upper: string;
  readonly lower: string;
}

function reached(relations: readonly Relation[], key: string, from: 'upper' | 'lower'): Set<string> {
  const to = from === 'upper' ? 'lower' : 'upper';
  const next = Map.groupBy(relations, (one) => one[from]);
  const found = new Set<string>();
  const waiting = [key];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    for (const relation of next.get(one) ?? []) {
      if (found.has(relation[to])) continue;
      found.add(relation[to]);
      waiting.push(relation[to]);
    }
  }
  return found;
}

/** All that a thing stands on, directly or not; itself only where it stands on itself. */
export const below = (relations: readonly Relation[], key: string) => reached(relations, key, 'upper');
/** All that stands on a thing, directly or not: what its failure reaches. */
export const above = (relations: readonly Relation[], key: string) => reached(relations, key, 'lower');

/** What hangs on nothing above stands last; two of them are as far. */
const compareWeights = (a: number, b: number) => (a === b ? 0 : a - b);

/**
 * The layers of a topology from the top to the bottom: each thing lies below all that stands on it, as high as it can. Within a layer what
 * hangs together lies near one another. Relations that close a circle count once.
 */
export function layersOf(keys: readonly string[], relations: readonly Relation[]): string[][] {
  const depth = new Map<string, number>();
  const lowers = Map.groupBy(relations, ({ upper }) => upper);
  const visit = (key: string, at: number, path: ReadonlySet<string>) => {
    if (path.has(key) || (depth.get(key) ?? -1) >= at) return;
    depth.set(key, at);
    for (const { lower } of lowers.get(key) ?? []) visit(lower, at + 1, new Set([...path, key]));
  };
  const known = new Set(keys);
  const standing = new Set(relations.map(({ lower }) => lower));
  for (const key of keys) if (!standing.has(key)) visit(key, 0, new Set());
  for (const key of keys) if (!depth.has(key)) visit(key, 0, new Set());
  const layers: string[][] = [];
  for (const key of keys) (layers[depth.get(key)!] ??= []).push(key);
  const uppers = Map.groupBy(relations, ({ lower }) => lower);
  const places = new Map<string, number>();
  // A circle may leave a layer empty.
  return Object.values(layers).map((layer) => {
    const weight = (key: string) => {
      const above = (uppers.get(key) ?? []).flatMap(({ upper }) => (known.has(upper) ? (places.get(upper) ?? []) : []));
      return above.length > 0 ? above.reduce((sum, place) => sum + place, 0) / above.length : Infinity;
    };
    const sorted = layer.toSorted((a, b) => compareWeights(weight(a), weight(b)) || (a < b ? -1 : 1));
    for (const [place, key] of sorted.entries()) places.set(key, (place + 0.5) / sorted.length);
    return sorted;
  });
}
