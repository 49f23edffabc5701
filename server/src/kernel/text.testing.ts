import fc from 'fast-check';

const range = (min: number, max: number) => fc.integer({ min, max }).map((code) => String.fromCodePoint(code));

// What fast-check itself calls `binary` takes a second to be made, in every test file anew.
const character = fc.oneof(
  { weight: 4, arbitrary: range(0x20, 0x7e) },
  { weight: 4, arbitrary: range(0x4e00, 0x9fff) },
  { weight: 2, arbitrary: range(0, 0xa0) },
  { weight: 2, arbitrary: range(0x1f300, 0x1faff) },
  { weight: 2, arbitrary: range(0x2000, 0x206f) },
  { weight: 2, arbitrary: range(0, 0xd7ff) },
  { weight: 1, arbitrary: range(0xe000, 0xffff) },
  { weight: 2, arbitrary: range(0x10000, 0x10ffff) },
);

/** Any text at all: every code point but lone surrogates, with much of what people and their mistakes put into texts. */
export function anyText(constraints: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ unit: character, ...constraints });
}
