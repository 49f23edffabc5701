import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../../test/random.ts';
import { lockForest, type Waiting } from './locks.rules.ts';

const shape = (sessions: readonly Waiting[]) => lockForest(sessions).map(({ pid, depth }) => `${'.'.repeat(depth)}${pid}`);

describe('who waits for whom', () => {
  it('stands below whom it waits for, the largest tree first', () => {
    expect(
      shape([
        { pid: 5, behind: [4] },
        { pid: 12, behind: [11] },
        { pid: 13, behind: [12, 11] },
        { pid: 14, behind: [13] },
      ]),
    ).toEqual(['11', '.12', '.13', '..14', '4', '.5']);
  });

  it('who waits for several stands below the nearest to a root, and names the others', () => {
    const placed = lockForest([
      { pid: 2, behind: [1] },
      { pid: 3, behind: [2, 1] },
    ]);
    expect(placed).toEqual([
      { pid: 1, depth: 0, alsoBehind: [] },
      { pid: 2, depth: 1, alsoBehind: [] },
      { pid: 3, depth: 1, alsoBehind: [2] },
    ]);
  });

  it('a ring hangs on its lowest number, and what waits for it below', () => {
    expect(
      shape([
        { pid: 8, behind: [7] },
        { pid: 7, behind: [9] },
        { pid: 9, behind: [8] },
        { pid: 3, behind: [9] },
      ]),
    ).toEqual(['7', '.8', '..9', '...3']);
  });

  it('any graph of waiting sessions is a forest that holds each session once, below one it waits for', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const random = randomFrom(seed);
      const size = 1 + random.below(12);
      const pids = Array.from({ length: size }, (_, place) => place);
      const waiting = pids.filter(() => random.chance(0.8)).map((pid) => ({ pid, behind: pids.filter(() => random.chance(0.25)) }));
      const placed = lockForest(waiting);
      const named = new Set(waiting.flatMap(({ pid, behind }) => [pid, ...behind]));
      expect(
        placed.map(({ pid }) => pid).toSorted((a, b) => a - b),
        `seed ${seed}`,
      ).toEqual([...named].toSorted((a, b) => a - b));
      const way: number[] = [];
      for (const { pid, depth, alsoBehind } of placed) {
        expect(depth, `seed ${seed}`).toBeLessThanOrEqual(way.length);
        way.length = depth;
        const behind = new Set((waiting.find((one) => one.pid === pid)?.behind ?? []).filter((one) => one !== pid));
        if (depth > 0) expect(behind.has(way[depth - 1]!), `seed ${seed}: ${pid}`).toBe(true);
        // All it waits for are told: the one above it and the others.
        expect(new Set([...(depth > 0 ? [way[depth - 1]!] : []), ...alsoBehind]), `seed ${seed}: ${pid}`).toEqual(behind);
        way.push(pid);
      }
    }
  });
});
