/**
 * How soon every desk's list is there with a year of a province behind it, and what the row-level policies cost in that.
 *
 * A database of the lab, with the schema and indexes as shipped, is filled by COPY with appeals, orders, tasks and requests for
 * a second person: what the lists read and join. Not filled is what no list reads: events, audit entries, contacts, clocks (a
 * list reads the copy of the running one in the order's row), replies, ratings; their partitions stand empty.
 *
 * Each line is asked through the product's own functions in its own transaction and scope, and then, in the same round and
 * with the same predicates, by the owner of the tables, for whom no policy is asked.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openLab } from './support/lab.ts';
import { fillYear } from './support/fill.ts';
import { report, round } from './support/figures.ts';
import { linesOfDesks } from './support/desks.ts';
import { measure, type Measured } from './support/measure.ts';

const { values: given } = parseArgs({
  options: {
    orders: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '100' },
    // The output of a smaller run; the growth is judged against its last line.
    beside: { type: 'string' },
  },
});
const orders = Number(given.orders);
const LIMITS = { p99Ms: 200, growth: 1.3, policy: 1.15 };

const lab = await openLab('desks');
try {
  const nowMs = Date.now();
  const filled = await fillYear(lab, orders, nowMs);
  console.log(`${orders} orders stand after ${filled.seconds} s, in ${filled.gigabytes} GB`);
  const lines = await measure(lab.database, linesOfDesks(), nowMs, Number(given.rounds));
  const sum = (of: (line: Measured) => number) => round(lines.reduce((total, line) => total + of(line), 0));
  const p50Ms = sum((line) => line.first.p50Ms + line.twentieth.p50Ms);
  const worst = lines.toSorted((a, b) => b.p99Ms - a.p99Ms)[0]!;
  const policy = round(sum((line) => line.scopedMs) / sum((line) => line.ownerMs), 3);
  const smaller = given.beside ? figuresIn(given.beside) : null;
  report(
    'desks',
    {
      orders,
      ...filled,
      worstP99Ms: worst.p99Ms,
      worst: worst.name,
      p50SumMs: p50Ms,
      lines: Object.fromEntries(lines.map((line) => [line.name, line])),
    },
    LIMITS,
    {
      p99: round(worst.p99Ms / LIMITS.p99Ms, 3),
      policy,
      ...(smaller ? growthFrom(smaller, p50Ms, lines) : {}),
    },
  );
} finally {
  await lab.close();
}

interface Figures {
  readonly orders: number;
  readonly p50SumMs: number;
  readonly lines: Readonly<Record<string, Measured>>;
}

function figuresIn(file: string): Figures {
  const last = readFileSync(file, 'utf8').trim().split('\n').at(-1)!;
  return (JSON.parse(last) as { figures: Figures }).figures;
}

/** How much longer all lines take together than in the smaller run, and each line that grew by more than the limit. */
function growthFrom(smaller: Figures, p50SumMs: number, lines: readonly Measured[]) {
  const grown = lines.map(({ name, first, twentieth }): [string, number] => {
    const before = smaller.lines[name];
    return [name, before ? round((first.p50Ms + twentieth.p50Ms) / (before.first.p50Ms + before.twentieth.p50Ms)) : 0];
  });
  return {
    growth: round(p50SumMs / smaller.p50SumMs, 3),
    growthFromOrders: smaller.orders,
    linesThatGrew: Object.fromEntries(grown.filter(([, ratio]) => ratio > LIMITS.growth)),
  };
}
