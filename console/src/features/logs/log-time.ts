const BEIJING_MS = 8 * 3_600_000;

/** 11-23 14:05:06.789 in Beijing. */
export function lineTimeText(iso: string): string {
  return new Date(Date.parse(iso) + BEIJING_MS).toISOString().slice(5, 23).replace('T', ' ');
}
