/** The two suites: SM4 with SM3, or AES-256-GCM with SHA-256. */
export type Suite = 'sm' | 'intl';

export const SUITE_BYTE: Readonly<Record<Suite, number>> = { sm: 1, intl: 2 };
export const FORMAT = 1;
/** How many bytes stand before the iv: format 1, suite 1, key version 2. */
export const HEAD = 4;

/** What an envelope begins with. */
export function headOf(suite: Suite, version: number): Buffer {
  const head = Buffer.alloc(HEAD);
  head[0] = FORMAT;
  head[1] = SUITE_BYTE[suite];
  head.writeUInt16BE(version, 2);
  return head;
}
