import type { Language } from './text.ts';

const MINUTE = 60_000;
const beijing = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** 2026-11-23 14:05 in Beijing. */
export function instantText(iso: string): string {
  return beijing.format(new Date(iso)).slice(0, 16);
}

/** 2026-11-23 14:05:09 in Beijing, where the second matters. */
export function secondText(iso: string): string {
  return beijing.format(new Date(iso));
}

/** 11-23 14:05 within this year of Beijing, with the year otherwise. */
export function shortInstantText(iso: string, nowMs: number): string {
  const text = instantText(iso);
  return text.slice(0, 4) === beijing.format(nowMs).slice(0, 4) ? text.slice(5) : text;
}

/** 2026-11-23 in Beijing. */
export function dayText(iso: string): string {
  return beijing.format(new Date(iso)).slice(0, 10);
}

/** The first instant of a Beijing day, for filters that take instants. */
export function startOfDay(day: string): string {
  return new Date(`${day}T00:00:00+08:00`).toISOString();
}

/** The first instant after a Beijing day: intervals are half open. */
export function endOfDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00+08:00`) + 24 * 60 * MINUTE).toISOString();
}

/** "2026-11-23T14:05" as typed in Beijing, with seconds or without, to an instant; undefined when it is not one. */
export function instantFromBeijing(local: string): string | undefined {
  const ms = Date.parse(`${local}${local.length > 16 ? '' : ':00'}+08:00`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** An instant as the value of a datetime-local field in Beijing time. */
export function beijingLocal(ms: number): string {
  return beijing.format(ms).slice(0, 16).replace(' ', 'T');
}

/** A length of time in its two largest parts: 2 天 3 小时. */
export function spanText(ms: number, language: Language): string {
  const minutes = Math.max(1, Math.floor(Math.abs(ms) / MINUTE));
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = minutes % 60;
  const words = language === 'zh' ? [' 天', ' 小时', ' 分钟'] : [' d', ' h', ' min'];
  const parts = days > 0 ? [days, hours, 0] : hours > 0 ? [0, hours, rest] : [0, 0, rest];
  return parts
    .map((count, i) => (count > 0 ? `${count}${words[i] ?? ''}` : ''))
    .filter(Boolean)
    .join(' ');
}

/** How long until an instant, or how long past it. */
export function dueText(iso: string, nowMs: number, language: Language): string {
  const left = Date.parse(iso) - nowMs;
  const span = spanText(left, language);
  if (language === 'zh') return left >= 0 ? `剩 ${span}` : `超期 ${span}`;
  return left >= 0 ? `${span} left` : `${span} overdue`;
}

/** 320500 20261123 0000123 4: place, day, serial and check digit apart, so that it can be read out. */
export function numberText(number: string): string {
  const parts = /^(\d{6})(\d{8})(\d{7})(\d)$/.exec(number);
  return parts ? parts.slice(1).join(' ') : number;
}

/** A query code in groups of four. */
export function codeText(code: string): string {
  return code.length > 5 ? (code.match(/.{1,4}/gu) ?? [code]).join(' ') : code;
}

/** 12 345 with thin grouping, as counts are read. */
export function countText(count: number): string {
  return count.toLocaleString('en-US').replaceAll(',', '\u202f');
}

/** How large a file is, as people say it. */
export function bytesText(bytes: number): string {
  const mb = bytes / 1024 / 1024;
  if (mb >= 1024) return `${(mb / 1024).toFixed(1)} GB`;
  return mb >= 1 ? `${mb.toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}
