import { describe, expect, it } from 'vitest';
import { changesOf } from '#contracts/reference/norm.content.ts';
import { beijing, shippedHolidays } from '#server/kernel/calendar.testing.ts';
import { startClock, stopClock } from '#server/platform/casework/index.ts';
import { isOutOfUse, knowsCategory, limitOf, missingFields, replyFaults, urgencyOf, type ReplyFacts } from './norms.rules.ts';
import { aLimit, aNorm, NOTHING, province } from './norms.testing.ts';
import { compareOrder, counted, monthBefore, type NormSample } from './trial.rules.ts';

const holidays = shippedHolidays();
const SOURCE = { source: '测试' };
const MONDAY = beijing('2026-06-15 10:00');

describe('what an appeal must be filled with', () => {
  const norms = [
    province({ fields: [{ appealType: '03', category: '', field: 'address', ...SOURCE }] }),
    aNorm('3205', {
      ...NOTHING,
      fields: [
        { appealType: '*', category: '05', field: 'eventAt', ...SOURCE },
        { appealType: '03', category: '', field: 'contact', source: '补充规定' },
      ],
    }),
  ];
  const lacking = (facts: Partial<Parameters<typeof missingFields>[1]>) =>
    missingFields(norms, { type: '03', category: null, region: '320505', anonymous: false, ...facts }).map((fault) => fault.path);

  it('adds up from province and city, by type and category', () => {
    expect(lacking({})).toEqual(['address']);
    expect(lacking({ address: ' ' })).toEqual(['address']);
    expect(lacking({ address: '人民路 1 号', category: '0501' })).toEqual(['eventAt']);
    expect(lacking({ type: '02', category: '0501', eventAt: '2026-06-01T00:00:00Z' })).toEqual([]);
    expect(lacking({ address: '人民路 1 号', anonymous: true })).toEqual(['contact.phone']);
  });

  it('names the source of the rule', () => {
    expect(missingFields(norms, { type: '03', category: null, region: '320505', anonymous: true, address: 'x' })).toEqual([
      { path: 'contact.phone', code: 'reference.field-by-norm', params: { source: '补充规定' } },
    ]);
  });
});

describe('a reply', () => {
  const norms = [
    province({
      replies: [{ appealType: '*', minLength: 10, ...SOURCE }],
      phrases: [{ phrase: '已转相关部门处理', ...SOURCE }],
      categories: [{ category: '1606', inUse: true, reviewed: true, ...SOURCE }],
    }),
    aNorm('3205', { ...NOTHING, replies: [{ appealType: '03', minLength: 15, basis: true, attachment: true, ...SOURCE }] }),
  ];
  const faults = (facts: Partial<ReplyFacts>) => {
    const refusal = replyFaults(norms, {
      type: '02',
      category: null,
      region: '320505',
      text: '路灯已于当日修复并恢复照明。',
      attachments: 0,
      direct: false,
      ...facts,
    });
    return refusal ? (refusal.fields?.map(({ path, code }) => `${path}: ${code}`) ?? [refusal.code]) : [];
  };

  it('meets every demand of its type, counted in characters', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ text: '𠮷𠮷𠮷𠮷𠮷' })).toEqual(['input.text: reference.reply-short']);
    expect(faults({ type: '03' })).toEqual([
      'input.text: reference.reply-short',
      'input.basis: reference.field-by-norm',
      'input.attachments: reference.field-by-norm',
    ]);
    expect(faults({ type: '03', text: '路灯已于当日修复并恢复照明，感谢监督。', basis: '城市照明管理规定', attachments: 1 })).toEqual([]);
  });

  it('does not pass with words that say nothing', () => {
    expect(faults({ text: '您反映的问题已转相关部门处理，谢谢。' })).toEqual(['input.text: reference.reply-phrase']);
  });

  it('is not given on the spot where the category is to be reviewed', () => {
    expect(faults({ direct: true, category: '160601' })).toEqual(['reference.answer-reviewed']);
    expect(faults({ direct: true, category: '1601', text: '可到窗口办理' })).toEqual([]);
  });
});

describe('a category', () => {
  const own = province({
    categories: [
      { category: '05', inUse: true, urgency: 3, ...SOURCE },
      { category: '0502', inUse: false, ...SOURCE },
    ],
  });
  const city = aNorm('3205', {
    ...NOTHING,
    categories: [
      { category: '0503', inUse: true, urgency: 2, ...SOURCE },
      { category: '0504', inUse: false, ...SOURCE },
    ],
  });

  it('is known by its most specific line, as long as the city did not take it out of use', () => {
    const known = (code: string) => knowsCategory([own, city], code);
    expect(['0501', '0503', '0502', '0504', '01'].map(known)).toEqual([true, true, false, false, false]);
    // What no line knows is a blind spot of the norm; it is not forbidden to the agent.
    expect(['0502', '0504', '01'].map((code) => isOutOfUse([own, city], code))).toEqual([true, true, false]);
  });

  it('gives the more urgent of what province and city say', () => {
    expect(urgencyOf([own, city], '0503')).toBe(2);
    expect(urgencyOf([own, city], '0501')).toBe(3);
    expect(urgencyOf([own, city], '01')).toBeUndefined();
    expect(urgencyOf([own, city], null)).toBeUndefined();
  });
});

describe('a limit', () => {
  it('is the most specific of each norm, and then whichever ends first', () => {
    const own = province({ limits: [aLimit({ category: '05', mode: 'hour', amount: 30 })] });
    const city = aNorm('3205', { ...NOTHING, limits: [aLimit({ amount: 1 }), aLimit({ category: '0501', amount: 2 })] });
    const of = (category: string | null, atMs: number) =>
      limitOf([own, city], { type: '02', category, region: '320505', urgency: 3 }, 'handle', atMs, holidays);
    expect(of(null, MONDAY)).toMatchObject({ mode: 'workday', amount: 1 });
    // On a Monday thirty hours end on Tuesday afternoon, before the working day does; over a weekend far before it.
    expect(of('0502', MONDAY)).toMatchObject({ mode: 'hour', amount: 30 });
    expect(of('0501', beijing('2026-06-12 18:00'))).toMatchObject({ mode: 'hour', amount: 30 });
  });
});

describe('the trial of a draft', () => {
  const rule = { id: 1, version: 1, mode: 'workday', amount: 5 } as const;
  const clock = startClock(
    'handle',
    1,
    { name: { zh: '', en: '' }, startsOn: [], stopsOn: [], limit: 'handle', steps: [] },
    rule,
    MONDAY,
    holidays,
  );
  const sample: NormSample = {
    id: '1',
    number: '1',
    type: '02',
    category: '0101',
    region: '320505',
    urgency: 3,
    filedMs: MONDAY,
    anonymous: false,
    contacted: true,
    clocks: [{ limit: 'handle', clock: stopClock(clock, beijing('2026-06-22 12:00')) }],
    reply: { text: '路灯已修好。', attachments: 0, direct: false, atMs: beijing('2026-06-22 12:00') },
  };
  const old = [province()];
  const compare = (draft: ReturnType<typeof province>, of = sample) =>
    compareOrder(
      of,
      () => old,
      () => [draft],
      holidays,
      beijing('2026-07-01 09:00'),
    );

  it('says nothing where the draft says the same', () => {
    expect(compare(province())).toEqual([]);
  });

  it('tells the due instants and lamps that would be different, old and new', () => {
    const shorter = province();
    const limits = shorter.content.limits.map((line) =>
      line.clock === 'handle' && line.appealType === '02' ? { ...line, amount: 3 } : line,
    );
    const changes = compare(aNorm('32', { ...shorter.content, limits }));
    // Dragon Boat: 19 to 21 June are off. Five working days end on the 23rd, three on the 18th.
    expect(changes).toEqual([
      { what: 'due', of: 'handle', old: '2026-06-23T15:59:59.000Z', new: '2026-06-18T15:59:59.000Z' },
      { what: 'lamp', of: 'handle', old: 'green', new: 'red' },
    ]);
  });

  it('leaves alone what runs by a limit of its own, and judges what stands or runs by its due instant', () => {
    const whole = province();
    const limits = whole.content.limits.map((line) =>
      line.clock === 'handle' && line.appealType === '02' ? { ...line, amount: 3 } : line,
    );
    const shorter = aNorm('32', { ...whole.content, limits });
    const redo = { ...clock, rule: { ...rule, amount: 2 } };
    expect(compare(shorter, { ...sample, clocks: [{ limit: 'handle', clock: redo }] })).toEqual([]);
    // Suspended since the 17th: it stands, and neither lamp says that it was in time.
    const standing = { ...clock, stoppedMs: beijing('2026-06-17 12:00') };
    const changes = compareOrder(
      { ...sample, clocks: [{ limit: 'handle', clock: standing }] },
      () => old,
      () => [shorter],
      holidays,
      beijing('2026-06-22 09:00'),
    );
    expect(changes.map(({ what, old: was, new: would }) => [what, was, would])).toContainEqual(['lamp', 'yellow', 'red']);
  });

  it('tells fields and demands that would be lacking', () => {
    const draft = province({
      fields: [{ appealType: '02', category: '01', field: 'address', ...SOURCE }],
      replies: [{ appealType: '*', minLength: 10, contact: true, ...SOURCE }],
    });
    expect(compare(draft)).toEqual([
      { what: 'fields', of: 'address', old: null, new: 'lacking' },
      { what: 'reply', of: 'text: reference.reply-short', old: null, new: 'lacking' },
    ]);
    expect(compare(draft, { ...sample, address: '人民路', contacted: false }).map(({ of }) => of)).toEqual([
      'contact',
      'text: reference.reply-short',
    ]);
  });

  it('is counted by city, each kind of change once per order', () => {
    const due = { what: 'due', of: 'handle', old: '', new: '' } as const;
    let totals = counted([], '320505003', [due, due]);
    totals = counted(totals, '320583', []);
    totals = counted(totals, '320102', [due]);
    expect(totals).toEqual([
      { region: '3201', orders: 1, changed: 1, due: 1, lamp: 0, fields: 0, reply: 0 },
      { region: '3205', orders: 2, changed: 1, due: 1, lamp: 0, fields: 0, reply: 0 },
    ]);
  });

  it('takes the month before in Beijing, also over New Year', () => {
    expect(monthBefore(beijing('2026-01-01 00:00'))).toEqual({
      from: new Date(beijing('2025-12-01 00:00')),
      to: new Date(beijing('2026-01-01 00:00')),
    });
    expect(monthBefore(beijing('2026-03-31 23:59')).from).toEqual(new Date(beijing('2026-02-01 00:00')));
  });
});

describe('the difference of two versions', () => {
  it('names lines that came, went or changed, whatever their order and their rules', () => {
    const before = {
      ...NOTHING,
      limits: [aLimit({ rule: '1/1' }), aLimit({ appealType: '03', rule: '2/1' })],
      phrases: [{ phrase: '旧', ...SOURCE }],
    };
    const after = { ...NOTHING, limits: [aLimit({ appealType: '03', amount: 4 }), aLimit()], phrases: [{ phrase: '新', ...SOURCE }] };
    expect(changesOf('limits', before, after).map(({ key, old, new: next }) => [key, old?.amount, next?.amount])).toEqual([
      ['03/3/handle/', 5, 4],
    ]);
    expect(changesOf('phrases', before, after).map(({ old, new: next }) => [old?.phrase, next?.phrase])).toEqual([
      ['旧', undefined],
      [undefined, '新'],
    ]);
    expect(changesOf('limits', null, after)).toHaveLength(2);
  });
});
