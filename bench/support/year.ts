import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { newId } from '#server/kernel/ids.ts';
import { beijingDate, startOfDay } from '#server/kernel/calendar.ts';
import { makeNumber } from '#server/kernel/number.ts';
import { ROOT } from '#server/platform/maintenance.ts';
import { randomFrom, type Random } from '../../server/test/random.ts';
import { BEFORE, CHANNELS, CITIES, CLOCK, DECIDES, DOMAINS, OPEN, TYPES, URGENCIES } from './mixes.ts';

/** What is filled, and in which order its columns are written. */
export const COLUMNS = {
  'appeals.appeal':
    'id, number, query_hash, region, address, channel, type, title, content, expectation, filed_at, anonymous, confidential',
  'orders.work_order':
    'id, number, state, version, region, channel, type, category, urgency, confidential, main_unit, filed_at, accepted_at, dispatched_at, replied_at, closed_at, archived_at, due_clock, due_at, yellow_at, attempts, master_id, merged_count, redo_no, return_count, extension_count, urge_count, oversight_level, suspended, sensitive, is_group, units',
  'orders.task': 'order_id, no, unit_code, role, state, region, dispatched_at, signed_at, contacted_at, replied_at, parent_no',
  'casework.approval':
    'id, case_kind, case_id, region, unit_code, action, input, from_state, permission, state, asked_name, asked_at, decided_name, decided_at, opinion',
} as const;
export type Filled = keyof typeof COLUMNS;
export type Rows = Record<Filled, string>;

const MINUTE = 60_000;
const DAY = 86_400_000;

type Pick = () => string;

/** Draws by weight: a thousand lots, so a share of a tenth of a percent has one. */
function drawing(random: Random, weights: Readonly<Record<string, number>>): Pick {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const lots = Object.entries(weights).flatMap(([value, weight]) =>
    Array.from({ length: Math.max(1, Math.round((1000 * weight) / total)) }, () => value),
  );
  return () => random.pick(lots);
}

/** The rest are drawn less and less: the second half as often as the first, the third a third ... */
function falling(random: Random, values: readonly string[]): Pick {
  return drawing(random, Object.fromEntries(values.map((value, place) => [value, 1 / (place + 1)])));
}

function table(file: string): Record<string, string>[] {
  return parse(readFileSync(join(ROOT, 'server/db/reference', file)), { columns: true, bom: true });
}

/** As `orders.beginnings` gives them. */
const beginnings = (code: string) => Array.from({ length: code.length - 1 }, (_, place) => code.slice(0, place + 2));
/** Text as COPY reads it. */
const plain = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', ' ').replaceAll('\r', '');
const at = (ms: number | null) => (ms === null ? '\\N' : new Date(ms).toISOString());
const line = (...groups: readonly (readonly (string | number | boolean | null)[])[]) =>
  `${groups.map((values) => values.map((value) => value ?? '\\N').join('\t')).join('\t')}\n`;

/**
 * Orders in the province's mixes, as the lines of COPY; `seed` tells one writer's from another's.
 *
 * An order is open with a chance that falls with its age, so that about eight days of intake are open at `nowMs`; of the
 * others three in ten went to a unit, and what is older than a week is archived.
 */
export function ordersIn(seed: number, nowMs: number) {
  const random = randomFrom(seed);
  const places = placesOf(random);
  const categories = categoriesOf(random);
  const texts = textsOf();
  const type = drawing(random, TYPES);
  const channel = drawing(random, CHANNELS);
  const urgency = drawing(random, URGENCIES);
  const open = drawing(random, OPEN as Record<string, number>);
  let serial = seed * 5_000_000;
  let master = '';

  /** Adds one order filed at `filedMs` to `rows`. */
  return function add(filedMs: number, rows: Rows): void {
    const id = newId(filedMs);
    const { region, county, city } = places();
    const number = makeNumber(region, filedMs, serial++);
    const { category, unitsAt } = categories();
    const words = random.pick(texts);
    const ageDays = (nowMs - filedMs) / DAY;
    const isOpen = random.chance(0.6 * Math.exp(-ageDays / 14));
    const state = isOpen ? (open() as OrderState) : ended(ageDays);
    const went = isOpen ? !BEFORE.includes(state) : state === 'closed' || (state === 'archived' && random.chance(0.31));
    const unit = went ? unitsAt(region, county, city) : null;
    const isConfidential = random.chance(0.015);
    const kind = type();
    const by = channel();
    const clock = isOpen ? CLOCK[state] : undefined;
    const isSuspended = state === 'handling' && random.chance(0.015);
    const [dueMs, yellowMs] = clock ? due(isSuspended ? 20 : clock[1]) : [null, null];
    const afterMs = (days: number) => Math.min(filedMs + days * DAY, nowMs);
    const repliedMs = went && !['dispatched', 'handling', 'return-pending'].includes(state) ? afterMs(4) : null;
    const closedMs = isOpen ? null : afterMs(went ? 5 : 0.01);
    const redo = went && random.chance(0.03) ? 1 : 0;
    const merged = state !== 'merged' && random.chance(0.015) ? 1 + random.below(3) : 0;
    if (merged > 0) master = id;

    rows['appeals.appeal'] += line(
      [id, number, hash(id), region, words.address, by, kind, words.title, words.content, words.expectation],
      [at(filedMs), random.chance(0.08), isConfidential],
    );
    const parts: string[] = [];
    if (unit) {
      const taskState = !isOpen ? 'done' : state === 'dispatched' ? 'pending-sign' : repliedMs === null ? 'handling' : 'replied';
      const signedMs = taskState === 'pending-sign' ? null : filedMs + 90 * MINUTE;
      const task = (code: string, role: string, parent: number | null) => {
        parts.push(code);
        const no = parts.length;
        rows['orders.task'] += line([
          id,
          no,
          code,
          role,
          taskState,
          region,
          at(filedMs + 10 * MINUTE),
          at(signedMs),
          at(signedMs),
          at(repliedMs),
          parent,
        ]);
      };
      task(unit, 'main', null);
      if (random.chance(0.12)) task(unitsAt(region, county, city, true), 'assist', null);
      if (unit.length > 6 && random.chance(0.03)) task(county, 'lower', 1);
    }
    rows['orders.work_order'] += line(
      [id, number, state, isOpen ? 3 : 9, region, by, kind, category, urgency(), isConfidential, unit],
      [at(filedMs), at(state === 'filed' ? null : filedMs + MINUTE), at(went ? filedMs + 10 * MINUTE : null)],
      [at(repliedMs), at(closedMs), at(state === 'archived' ? closedMs! + 7 * DAY : null)],
      [clock ? (isSuspended ? 'suspension' : clock[0]) : null, at(dueMs), at(yellowMs), state === 'following-up' ? 1 : 0],
      [state === 'merged' ? master || null : null, merged, redo, went && random.chance(0.04) ? 1 : 0, went && random.chance(0.05) ? 1 : 0],
      [random.chance(0.05) ? 1 + random.below(3) : 0, clock && random.chance(0.04) ? 1 + (random.below(4) >> 1) : 0, isSuspended],
      [
        random.chance(0.01) ? 1 + random.below(3) : 0,
        random.chance(0.008),
        parts.length > 0 ? `{${[...new Set(parts.flatMap(beginnings))].join()}}` : null,
      ],
    );
    const decides = DECIDES[state] ?? (state === 'handling' && random.chance(0.03) ? ['extend', 'orders.approve'] : null);
    if (decides) rows['casework.approval'] += approval('open', decides, Math.max(filedMs, nowMs - random.below(2 * DAY)));
    else if (went && !isOpen && random.chance(0.09))
      rows['casework.approval'] += approval('approved', ['extend', 'orders.approve'], filedMs + 2 * DAY);

    function approval(stands: 'open' | 'approved', [action, permission]: readonly string[], askedMs: number): string {
      const decided = stands === 'open' ? [null, null, null] : ['审批人', at(askedMs + DAY / 8), '同意'];
      return line(
        [newId(askedMs), 'order', id, region, unit, action!, '{"reason":"01"}', state, permission!, stands, '申请人', at(askedMs)],
        decided,
      );
    }
  };

  function ended(ageDays: number): OrderState {
    if (random.chance(0.02)) return random.chance(0.75) ? 'refused' : 'cancelled';
    if (ageDays > 7.1) return 'archived';
    return random.chance(0.31) ? 'closed' : 'answered';
  }

  /** One in twelve is overdue, one in eight nearly due; limits of days end with a day of Beijing, so many fall on one instant. */
  function due(days: number): [number, number] {
    const lot = random.below(24);
    const spread = -Math.log(1 - random.below(1000) / 1000) * days;
    const roughMs =
      lot < 2
        ? nowMs - spread * 0.3 * DAY
        : lot < 5
          ? nowMs + random.below(DAY * Math.min(1, days))
          : nowMs + (0.2 + random.below(1000) / 1000) * days * DAY;
    const dueMs = days < 1 ? Math.round(roughMs) : startOfDay(beijingDate(roughMs)) + DAY - 1;
    return [dueMs, lot < 5 ? Math.min(dueMs - DAY / 4, nowMs - MINUTE) : dueMs - DAY * Math.min(1, days / 5)];
  }
}

/** Any 64 hexadecimal digits will do where nobody asks by number and code. */
function hash(id: string): string {
  const digits = id.replaceAll('-', '');
  return `\\\\x${digits}${digits}`;
}

/** Where it happened: most callers say the street, some the county, few the city alone. */
function placesOf(random: Random): () => { region: string; county: string; city: string } {
  const regions = table('regions.csv');
  const below = (parent: string) => regions.filter((region) => region['parent'] === parent).map((region) => region['code']!);
  const city = drawing(random, CITIES);
  const counties = Object.fromEntries(Object.keys(CITIES).map((code) => [code, falling(random, below(`${code}00`))]));
  const streets = Object.fromEntries(
    Object.keys(CITIES)
      .flatMap((code) => below(`${code}00`))
      .map((county) => [county, falling(random, below(county).length ? below(county) : [county])]),
  );
  return () => {
    const inCity = city();
    const county = counties[inCity]!();
    const lot = random.below(20);
    return { city: inCity, county, region: lot === 0 ? `${inCity}00` : lot < 8 ? county : streets[county]!() };
  };
}

/** What it is about, and who usually owns it there. */
function categoriesOf(random: Random) {
  const all = table('categories.csv').map((row) => row['code']!);
  const owners = new Map(table('unit-categories.csv').map((row) => [row['category']!, row]));
  const units = table('units.csv');
  const byKind = new Map(units.map((unit) => [`${unit['region']!.replace(/(?<=^\d{4})00$/, '')} ${unit['kind']!}`, unit['code']!]));
  const known = new Set(units.map((unit) => unit['code']!));
  const domain = drawing(random, DOMAINS);
  const second = Object.fromEntries(
    Object.keys(DOMAINS).map((code) => [
      code,
      falling(
        random,
        all.filter((one) => one.length === 4 && one.startsWith(code)),
      ),
    ]),
  );
  const third = Map.groupBy(
    all.filter((one) => one.length === 6),
    (one) => one.slice(0, 4),
  );
  return () => {
    const level2 = second[domain()]!();
    const owner = owners.get(level2);
    const finer = third.get(level2);
    return {
      category: finer && random.chance(0.6) ? random.pick(finer) : level2,
      unitsAt(region: string, county: string, city: string, assisting = false): string {
        // One matter in seven is the street's.
        if (!assisting && region.length === 9 && known.has(region) && random.chance(0.15)) return region;
        const kinds = (assisting && owner?.['assist_kinds'] ? owner['assist_kinds'] : (owner?.['kind'] ?? 'general-office')).split('|');
        const kind = random.pick(kinds);
        return (owner?.['level'] === 'county' ? byKind.get(`${county} ${kind}`) : undefined) ?? byKind.get(`${city} ${kind}`) ?? county;
      },
    };
  };
}

/** Appeals of our own writing, as the demo files them. */
function textsOf() {
  return readFileSync(join(ROOT, 'server/db/demo/appeals.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as { address: string; title: string; content: string; expectation: string })
    .map((one) => ({
      address: plain(one.address),
      title: plain(one.title),
      content: plain(one.content),
      expectation: one.expectation ? plain(one.expectation) : null,
    }));
}
