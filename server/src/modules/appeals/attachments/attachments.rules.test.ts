import { describe, expect, it } from 'vitest';
import { judgeAmount, MAX_ATTACHED_BYTES, MAX_ATTACHMENTS, shownName, watermarkLines } from './attachments.rules.ts';

describe('the name a file is shown under', () => {
  it.each([
    ['照片.jpg', 'image/jpeg', '照片.jpg'],
    ['C:\\Users\\王\\Desktop\\照片.JPG', 'image/jpeg', '照片.jpg'],
    ['../../etc/passwd.txt', 'text/plain', 'passwd.txt'],
    ['动图.gif', 'image/png', '动图.png'],
    ['IMG.webp', 'image/jpeg', 'IMG.jpg'],
    ['a\u202Egpj.exe.jpg', 'image/jpeg', 'agpj.exe.jpg'],
    ['说"明\r\nSet-Cookie: a.txt', 'text/plain', '说明Set-Cookie a.txt'],
    ['.jpg', 'image/jpeg', '附件.jpg'],
    [`${'长'.repeat(300)}.PDF`, 'application/pdf', `${'长'.repeat(100)}.pdf`],
    ['表情😀\uD83D.mp3', 'audio/mpeg', '表情😀.mp3'],
  ])('%j becomes %3$s', (name, type, shown) => {
    expect(shownName(name, type)).toBe(shown);
  });
});

describe('the attachments of an appeal', () => {
  const MB = 1024 * 1024;
  it('are bounded in number and in bytes, at the bound itself still taken', () => {
    const files = (count: number, bytes: number) => Array.from({ length: count }, () => ({ bytes }));
    expect(judgeAmount({ count: MAX_ATTACHMENTS - 2, bytes: 0 }, files(2, 1)).ok).toBe(true);
    expect(judgeAmount({ count: MAX_ATTACHMENTS - 2, bytes: 0 }, files(3, 1)).ok).toBe(false);
    expect(judgeAmount({ count: 1, bytes: MAX_ATTACHED_BYTES - 50 * MB }, files(1, 50 * MB)).ok).toBe(true);
    expect(judgeAmount({ count: 1, bytes: MAX_ATTACHED_BYTES - 50 * MB }, files(1, 50 * MB + 1)).ok).toBe(false);
  });
});

it('a watermark says who looked, when in Beijing, and at which order', () => {
  expect(watermarkLines({ name: '王强', login: 'handler.3201.003' }, '3201022026061500000019', Date.parse('2026-06-15T17:04:05Z'))).toEqual(
    ['王强 handler.3201.003', '2026-06-16 01:04:05', '3201022026061500000019'],
  );
  expect(watermarkLines({ name: '王强', login: null }, '1', 0)[0]).toBe('王强');
});
