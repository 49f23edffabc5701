import { describe, expect, it } from 'vitest';
import { above, below, layersOf } from './topology.ts';

const on = (upper: string, ...lowers: string[]) => lowers.map((lower) => ({ upper, lower }));
const relations = [
  ...on('intake', 'app'),
  ...on('reply', 'app', 'sms'),
  ...on('app', 'node-1', 'node-2'),
  ...on('node-1', 'host', 'db'),
  ...on('node-2', 'db'),
  ...on('db', 'host'),
];
const keys = ['intake', 'reply', 'app', 'sms', 'node-1', 'node-2', 'db', 'host', 'alone'];

describe('a topology', () => {
  it('tells what a failure reaches, and what a thing stands on', () => {
    expect([...above(relations, 'db')].toSorted()).toEqual(['app', 'intake', 'node-1', 'node-2', 'reply']);
    expect([...below(relations, 'node-2')].toSorted()).toEqual(['db', 'host']);
    expect([...above(relations, 'alone')]).toEqual([]);
  });

  it('lies in layers, each thing below all that stands on it', () => {
    const layers = layersOf(keys, relations);
    const layerOf = (key: string) => layers.findIndex((layer) => layer.includes(key));
    for (const { upper, lower } of relations) expect(layerOf(lower), `${upper} on ${lower}`).toBeGreaterThan(layerOf(upper));
    expect(layers.flat().toSorted()).toEqual(keys.toSorted());
    expect(layerOf('alone')).toBe(0);
  });

  it('with a circle has an end', () => {
    const circle = [...on('a', 'b'), ...on('b', 'c'), ...on('c', 'a')];
    expect([...below(circle, 'a')].toSorted()).toEqual(['a', 'b', 'c']);
    expect(layersOf(['a', 'b', 'c'], circle).flat().toSorted()).toEqual(['a', 'b', 'c']);
  });
});
