const format = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** 11-23 14:05:06.789 in Beijing. */
export function lineTimeText(iso: string): string {
  return format.format(new Date(iso)).replace(',', '.');
}
