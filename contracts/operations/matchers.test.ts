import { expect, it } from 'vitest';
import { matchersText, parseMatchers } from './matchers.ts';

it('matchers are read back as they were written, quotes and backslashes included', () => {
  const matchers = [
    { label: 'component', op: '=', value: 'peer:sms' },
    { label: 'probe', op: '!~', value: String.raw`a\d,"b"` },
  ] as const;
  expect(parseMatchers(matchersText(matchers))).toEqual(matchers);
});

it('blanks between the parts are no fault, and no text is no matcher', () => {
  expect(parseMatchers(' rule = "probe-failed" , level=~"P1|P2" ')).toEqual([
    { label: 'rule', op: '=', value: 'probe-failed' },
    { label: 'level', op: '=~', value: 'P1|P2' },
  ]);
  expect(parseMatchers('  ')).toEqual([]);
});

it.each(['rule', 'rule=a', 'rule="a', '"a"="b"', 'rule="a" level="P1"', 'rule="a",', Array(11).fill('a="b"').join(',')])(
  '%s is refused',
  (text) => expect(parseMatchers(text)).toBeNull(),
);
