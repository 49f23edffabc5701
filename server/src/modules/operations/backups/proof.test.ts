import { expect, test } from 'vitest';
import { countFaults, digestFaults } from './proof.rules.ts';

const held = { 'platform.event': 10, 'orders.work_order': 4 };

test('counts between those of the backup and those of now are in order, and what changes may shrink', () => {
  expect(countFaults(held, { 'platform.event': 12, 'orders.work_order': 3 }, { 'platform.event': 15, 'orders.work_order': 5 })).toEqual([]);
});

test('rows that a backup held and are gone, rows that nobody wrote, and a table that is gone are told', () => {
  expect(countFaults(held, { 'platform.event': 9, 'orders.work_order': 4 }, { 'platform.event': 15 })).toEqual([
    'platform.event: 10 ≤ 9 ≤ 15',
  ]);
  expect(countFaults(held, { 'platform.event': 16, 'orders.work_order': 4 }, { 'platform.event': 15 })).toEqual([
    'platform.event: 10 ≤ 16 ≤ 15',
  ]);
  expect(countFaults(held, { 'platform.event': 12 }, { 'platform.event': 15 })).toEqual(['orders.work_order: gone']);
});

test('a row that differs is told by its table, though there are as many', () => {
  const one = { table: 'platform.event', rows: 3, sum: '17' };
  expect(digestFaults([one], [one])).toEqual([]);
  expect(digestFaults([one], [{ ...one, sum: '18' }])).toEqual(['platform.event: 3 / 3']);
});
