/** A session and those it waits for, as `pg_blocking_pids` tells them. */
export interface Waiting {
  readonly pid: number;
  readonly behind: readonly number[];
}

/** Where a session stands among those that wait. */
export interface Placed {
  readonly pid: number;
  readonly depth: number;
  readonly alsoBehind: readonly number[];
}

/**
 * Who waits for whom as a forest, each session once: roots are those that wait for nobody, below each stand those that wait for it,
 * the tree with the most sessions first. Whoever waits for several stands below the one that is nearest to a root. Sessions
 * that wait for each other in a ring, until PostgreSQL breaks it, stand below the one of them with the lowest number.
 */
export function lockForest(sessions: readonly Waiting[]): Placed[] {
  const behind = new Map<number, readonly number[]>();
  for (const { pid, behind: those } of sessions)
    behind.set(
      pid,
      [...new Set(those)].filter((one) => one !== pid),
    );
  for (const { behind: those } of sessions) for (const pid of those) if (!behind.has(pid)) behind.set(pid, []);
  const waiters = new Map<number, number[]>();
  const pids = [...behind.keys()].toSorted((a, b) => a - b);
  for (const pid of pids) for (const one of behind.get(pid)!) waiters.set(one, [...(waiters.get(one) ?? []), pid]);

  const parent = new Map<number, number | null>();
  const reach = (roots: readonly number[]): void => {
    for (const root of roots) parent.set(root, null);
    for (let level = [...roots]; level.length > 0;) {
      const next: number[] = [];
      for (const pid of level)
        for (const waiter of waiters.get(pid) ?? [])
          if (!parent.has(waiter)) {
            parent.set(waiter, pid);
            next.push(waiter);
          }
      level = next;
    }
  };
  reach(pids.filter((pid) => behind.get(pid)!.length === 0));
  // What no root reaches hangs on a ring.
  for (const pid of pids) if (!parent.has(pid)) reach([lowestOfRing(pid, behind)]);

  const children = new Map<number | null, number[]>();
  for (const [pid, above] of parent) children.set(above, [...(children.get(above) ?? []), pid]);
  const placed: Placed[] = [];
  const place = (pid: number, depth: number): void => {
    const above = parent.get(pid) ?? null;
    placed.push({ pid, depth, alsoBehind: behind.get(pid)!.filter((one) => one !== above) });
    for (const child of children.get(pid) ?? []) place(child, depth + 1);
  };
  const sizeOf = (pid: number): number => (children.get(pid) ?? []).reduce((sum, child) => sum + sizeOf(child), 1);
  for (const root of (children.get(null) ?? []).toSorted((a, b) => sizeOf(b) - sizeOf(a) || a - b)) place(root, 0);
  return placed;
}

/** The lowest number of the ring that a session hangs on, followed by the first it waits for. */
function lowestOfRing(from: number, behind: ReadonlyMap<number, readonly number[]>): number {
  const way: number[] = [];
  let pid = from;
  while (!way.includes(pid)) {
    way.push(pid);
    pid = behind.get(pid)![0]!;
  }
  return Math.min(...way.slice(way.indexOf(pid)));
}
