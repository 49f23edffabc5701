import { describe, expect, it } from 'vitest';
import { burnInSight } from './diagnosis.testing.ts';
import { callsOfCpu, callsOfHeap, shortPlace, summed, type Call } from './profile.rules.ts';
import { takeProfile } from './profile.taking.ts';

const frame = (functionName: string) => ({ functionName, url: `file:///srv/minsheng/server/src/${functionName}.ts`, lineNumber: 9 });
const call = (name: string, self: number, ...children: Call[]): Call => ({ name, place: '', self, children });

describe('a processor profile', () => {
  it('gives each sample the time until the next one', () => {
    const root = callsOfCpu({
      nodes: [
        { id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: -1 }, children: [2, 3] },
        { id: 2, callFrame: frame('sort') },
        { id: 3, callFrame: { functionName: '(idle)', url: '', lineNumber: -1 } },
      ],
      startTime: 1000,
      endTime: 2000,
      samples: [2, 3, 2],
      timeDeltas: [0, 300, 500],
    });
    expect(root.children.map(({ name, self }) => [name, self])).toEqual([
      ['sort', 500],
      ['(idle)', 500],
    ]);
    expect(summed(root)).toMatchObject({
      all: 1000,
      idle: 500,
      top: [{ name: 'sort', self: 500, total: 500 }],
      flame: [{ name: 'sort', depth: 0, from: 0, share: 1 }],
    });
  });

  it('counts a function that calls itself once in its total', () => {
    const { top } = summed(call('(root)', 0, call('walk', 10, call('walk', 20, call('read', 5)))));
    expect(top).toEqual([
      { name: 'walk', place: '', self: 30, total: 35 },
      { name: 'read', place: '', self: 5, total: 5 },
    ]);
  });

  it('draws calls of one function from one caller as one, none wider than its caller', () => {
    const { flame } = summed(call('(root)', 0, call('a', 1, call('b', 2)), call('a', 3, call('b', 4), call('c', 10))));
    expect(
      flame.map(({ name, depth, from, share }) =>
        [name, depth, from * 20, share * 20].map((one) => (typeof one === 'number' ? Math.round(one) : one)),
      ),
    ).toEqual([
      ['a', 0, 0, 20],
      ['c', 1, 0, 10],
      ['b', 1, 10, 6],
    ]);
  });
});

it("places are the project's own, or those of a package", () => {
  expect(shortPlace('file:///srv/minsheng/server/src/app.ts', '/srv/minsheng')).toBe('server/src/app.ts');
  expect(shortPlace('file:///srv/minsheng/node_modules/pg/lib/client.js', '/srv/minsheng')).toBe('node_modules/pg/lib/client.js');
  expect(shortPlace('/home/wang/scripts/x%20y.js', '/srv/minsheng')).toBe('x%20y.js');
  expect(shortPlace('node:internal/timers', '/srv/minsheng')).toBe('node:internal/timers');
  expect(shortPlace('', '/srv/minsheng')).toBe('');
});

it('a heap profile tells bytes by function', () => {
  const root = callsOfHeap({
    callFrame: { functionName: '(root)', url: '', lineNumber: -1 },
    selfSize: 0,
    children: [{ callFrame: frame('keep'), selfSize: 4096, children: [] }],
  });
  expect(summed(root).top).toEqual([{ name: 'keep', place: 'file:///srv/minsheng/server/src/keep.ts:10', self: 4096, total: 4096 }]);
});

describe('a profile of this process', () => {
  it('names the function that burns, and how long nothing else was done', async () => {
    const taking = takeProfile('cpu', 1, new AbortController().signal);
    const burning = setInterval(() => burnInSight(150), 160);
    const { summary, file, bytes } = await taking.finally(() => clearInterval(burning));
    expect(summary.top[0]).toMatchObject({ name: 'burnInSight' });
    expect(summary.top[0]!.place).toMatch(/diagnosis\.testing\.ts:\d+$/);
    expect(summary.top[0]!.place).not.toMatch(/^\/|file:/);
    expect(summary.vitals.delayMaxMs).toBeGreaterThan(100);
    expect(summary.flame.some(({ name }) => name === 'burnInSight')).toBe(true);
    expect(bytes).toBeGreaterThan(file.length);
  });

  it('names the function that holds memory', async () => {
    const held: number[][] = [];
    const taking = takeProfile('heap', 1, new AbortController().signal);
    const hoarding = setInterval(() => held.push(hoardInSight(100_000)), 20);
    const { summary } = await taking.finally(() => clearInterval(hoarding));
    expect(held.length).toBeGreaterThan(1);
    const found = summary.top.find(({ name }) => name === 'hoardInSight');
    expect(found?.self).toBeGreaterThan(100_000);
    expect(summary.vitals.heapBytes).toBeGreaterThan(0);
  });

  it('is ended early by its signal', async () => {
    const ending = new AbortController();
    const taking = takeProfile('cpu', 30, ending.signal);
    ending.abort();
    await expect(taking).rejects.toThrow(/abort/i);
  });
});

function hoardInSight(size: number): number[] {
  const list: number[] = [];
  for (let i = 0; i < size; i++) list.push(i + 0.5);
  return list;
}
