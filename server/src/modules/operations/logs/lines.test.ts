import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelName, lineOfJson, type Line } from './lines.rules.ts';
import { linesOfOtlp, otlpOf } from './otlp.rules.ts';
import { linesOfPostgres } from './postgres-log.rules.ts';
import { termsOf } from './terms.rules.ts';

const NOW = Date.parse('2026-06-15T02:00:00Z');

describe('a line of JSON', () => {
  it('is read as the platform writes it, with what an error says as part of the message', () => {
    const told = {
      level: 'error',
      time: '2026-06-15T01:59:58.123Z',
      app: 'minsheng',
      module: 'http',
      requestId: 'r1',
      accountId: 'a1',
      err: { type: 'TypeError', message: 'x is not a function', stack: 'TypeError: x\n    at y' },
      status: 500,
      msg: 'a request failed',
    };
    expect(lineOfJson(JSON.stringify(told), NOW)).toEqual({
      atMs: NOW - 1877,
      level: 50,
      module: 'http',
      message: 'a request failed: x is not a function',
      requestId: 'r1',
      traceId: null,
      accountId: 'a1',
      fields: { 'err.type': 'TypeError', 'err.message': 'x is not a function', 'err.stack': 'TypeError: x\n    at y', status: 500 },
    });
  });

  it('of another logger, without a time or far off, is filed under its arrival', () => {
    expect(lineOfJson('{"severity":"WARNING","message":"low","time":1}', NOW)).toMatchObject({ atMs: NOW, level: 40, message: 'low' });
    expect(lineOfJson('{"message":"low","time":"2027-01-01T00:00:00Z"}', NOW)).toMatchObject({ atMs: NOW, level: 30 });
  });

  it.each(['', 'no json', '[]', '7', 'null', '{"level":"info"}'])('that says nothing (%s) is none', (text) => {
    expect(lineOfJson(text, NOW)).toBeNull();
  });

  it('of any form is bounded and can be kept', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything({ maxDepth: 6 })), fc.string(), (rest, msg) => {
        let text: string;
        try {
          text = JSON.stringify({ ...rest, msg });
        } catch {
          return;
        }
        const line = lineOfJson(text, NOW)!;
        expect(Object.keys(line.fields).length).toBeLessThanOrEqual(40);
        expect(JSON.stringify(line)).not.toContain('\\u0000');
        expect(line.message.isWellFormed()).toBe(true);
      }),
    );
    const deep = lineOfJson(
      JSON.stringify({
        msg: 'x'.repeat(9000),
        big: 'y'.repeat(20_000),
        many: Object.fromEntries(Array.from({ length: 99 }, (_, no) => [no, no])),
      }),
      NOW,
    )!;
    expect(deep.message).toHaveLength(4000);
    expect(deep.fields['big']).toHaveLength(8000);
    expect(Object.keys(deep.fields)).toHaveLength(40);
  });
});

describe('OTLP', () => {
  const line = fc.record<Line>({
    atMs: fc.integer({ min: NOW - 1000, max: NOW }),
    level: fc.constantFrom(10, 20, 30, 40, 50, 60),
    module: fc.constantFrom('http', 'orders'),
    message: fc.string({ minLength: 1 }).map((text) => `m${text.replaceAll('\0', '')}`),
    requestId: fc.constantFrom(null, 'r1'),
    traceId: fc.constantFrom(null, '0af7651916cd43dd8448eb211c80319c'),
    accountId: fc.constantFrom(null, 'a1'),
    fields: fc.constantFrom({}, { status: 500, ok: true, ms: 1.5, route: '/api' }),
  });

  it('of our lines is read back as these lines, with who sent them', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
        const { resourceLogs } = JSON.parse(JSON.stringify(otlpOf('a:8080', lines))) as { resourceLogs: unknown[] };
        const { lines: read, rejected } = linesOfOtlp(resourceLogs, NOW);
        expect(rejected).toBe(0);
        const bare = (one: Line) =>
          JSON.stringify({ ...one, fields: { ...one.fields, 'service.name': undefined, 'service.instance.id': undefined } });
        expect(
          read
            .map((one) => ({
              ...one,
              fields: Object.fromEntries(Object.entries(one.fields).filter(([key]) => !key.startsWith('service.'))),
            }))
            .map(bare)
            .toSorted(),
        ).toEqual(
          lines
            .map((one) => ({ ...one, message: one.message.toWellFormed() }))
            .map(bare)
            .toSorted(),
        );
      }),
    );
  });

  it('of any form is read or counted as refused, and never breaks', () => {
    fc.assert(fc.property(fc.array(fc.object({ maxDepth: 6 })), (told) => void linesOfOtlp(told, NOW)));
    expect(
      linesOfOtlp([{ scopeLogs: [{ logRecords: [{ severityNumber: 17 }, { body: { stringValue: 'x' }, severityNumber: 17 }] }] }], NOW),
    ).toMatchObject({ rejected: 1, lines: [{ level: 50 }] });
  });
});

describe('the log of PostgreSQL', () => {
  const text = [
    '2026-06-15 01:59:00.120 UTC [77] LOG:  duration: 1200.5 ms  execute <unnamed>: select 1',
    "\tfrom orders.work_order where number = '3205'",
    '2026-06-15 01:59:01.000 UTC [78] ERROR:  duplicate key value violates unique constraint "a_key"',
    '2026-06-15 01:59:01.000 UTC [78] DETAIL:  Key (phone)=(13812345678) already exists.',
    "2026-06-15 01:59:01.000 UTC [78] STATEMENT:  insert into a values ('13812345678')",
    '2026-06-15 01:59:02.000 UTC [78] WARNING:  there is already a transaction in progress',
    '',
  ].join('\n');

  it('is read entry by entry, without what rows and parameters hold', () => {
    const { lines, used } = linesOfPostgres(text, true);
    expect(lines.map(({ level, message }) => [levelName(level), message])).toEqual([
      ['info', 'duration: 1200.5 ms  execute <unnamed>: select 1\nfrom orders.work_order where number = ?'],
      ['error', 'duplicate key value violates unique constraint "a_key"'],
      ['warn', 'there is already a transaction in progress'],
    ]);
    expect(used).toBe(text.length);
    expect(JSON.stringify(lines)).not.toContain('138');
  });

  it('cut anywhere gives the same entries as whole', () => {
    const whole = linesOfPostgres(text, true).lines;
    for (let cut = 0; cut <= text.length; cut++) {
      const first = linesOfPostgres(text.slice(0, cut), false);
      const rest = linesOfPostgres(text.slice(first.used), true);
      expect([...first.lines, ...rest.lines].map((line) => line.message)).toEqual(
        expect.arrayContaining(whole.slice(1).map((line) => line.message)),
      );
    }
  });
});

it('a line that holds a phrase holds all of its terms', () => {
  const unit = fc.constantFrom(...'aB9_ -.超时请求。\u{20BB7}é');
  fc.assert(
    fc.property(fc.string({ unit }), fc.string({ unit, minLength: 1 }), fc.string({ unit }), (before, phrase, after) => {
      const line = `${before} ${phrase} ${after}`;
      const terms = new Set(termsOf(line));
      for (const term of termsOf(phrase)) expect(terms).toContain(term);
    }),
  );
});
