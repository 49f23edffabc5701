/**
 * How soon every desk's list is there with a year of a province behind it, and what the row-level policies cost in that.
 *
 * A database of the lab, with the schema and indexes as shipped, is filled by COPY with appeals, orders, tasks and requests for
 * a second person: what the lists read and join. Not filled is what no list reads: events, audit entries, contacts, clocks (a
 * list reads the copy of the running one in the order's row), replies, ratings; their partitions stand empty.
 *
 * Each line is asked through the product's own functions in its own transaction and scope, and then, in the same round and
 * with the same predicates, by the owner of the tables, for whom no policy is asked. A smaller stock stands beside it in a
 * database of its own and is asked in the same round too: the growth is no matter of what else the machine did meanwhile.
 */
import { parseArgs } from 'node:util';
import { openLab, type Lab } from './support/lab.ts';
import { fillYear } from './support/fill.ts';
import { report, round } from './support/figures.ts';
import { linesOfDesks } from './support/desks.ts';
import { measure, type Measured, type Stock } from './support/measure.ts';

const { values: given } = parseArgs({
  options: {
    orders: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '100' },
    // A smaller stock that is asked the same in the same run; the growth is judged against it.
    beside: { type: 'string' },
  },
});
const LIMITS = { p99Ms: 200, growth: 1.3, policy: 1.15 };

const labs: Lab[] = [];
try {
  const stocks: FilledStock[] = [];
  for (const orders of [given.orders, given.beside].filter((orders) => orders !== undefined)) {
    const lab = await openLab('desks');
    labs.push(lab);
    const nowMs = Date.now();
    const filled = await fillYear(lab, Number(orders), nowMs);
    console.log(`${orders} orders stand after ${filled.seconds} s, in ${filled.gigabytes} GB`);
    stocks.push({ orders: Number(orders), ...filled, database: lab.database, nowMs });
  }
  const [lines, linesBeside] = await measure(stocks, linesOfDesks(), Number(given.rounds));
  const [figures, beside] = [figuresOfStock(stocks[0]!, lines!), linesBeside && figuresOfStock(stocks[1]!, linesBeside)];
  report('desks', { ...figures, ...(beside ? { beside } : {}) }, LIMITS, {
    p99: round(figures.worstP99Ms / LIMITS.p99Ms, 3),
    policy: figures.policy,
    ...(beside ? { growth: round(figures.p50SumMs / beside.p50SumMs, 3), linesThatGrew: linesThatGrew(linesBeside!, lines!) } : {}),
  });
} finally {
  for (const lab of labs) await lab.close();
}

interface FilledStock extends Stock {
  readonly orders: number;
  readonly seconds: number;
  readonly gigabytes: number;
}

function figuresOfStock({ orders, seconds, gigabytes }: FilledStock, lines: readonly Measured[]) {
  const sum = (of: (line: Measured) => number) => round(lines.reduce((total, line) => total + of(line), 0));
  const worst = lines.toSorted((a, b) => b.p99Ms - a.p99Ms)[0]!;
  return {
    orders,
    seconds,
    gigabytes,
    worstP99Ms: worst.p99Ms,
    worst: worst.name,
    p50SumMs: sum(p50),
    policy: round(sum((line) => line.scopedMs) / sum((line) => line.ownerMs), 3),
    lines: Object.fromEntries(lines.map((line) => [line.name, line])),
  };
}

/** How much longer each line takes with the larger stock, where that is by more than the limit for all of them together. */
function linesThatGrew(smaller: readonly Measured[], larger: readonly Measured[]) {
  const grown = larger.map((line, place): [string, number] => [line.name, round(p50(line) / p50(smaller[place]!))]);
  return Object.fromEntries(grown.filter(([, ratio]) => ratio > LIMITS.growth));
}

function p50({ first, twentieth }: Measured): number {
  return first.p50Ms + twentieth.p50Ms;
}
