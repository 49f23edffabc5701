import type { Words } from '#contracts/base/text.ts';
import type { Language } from './text.ts';

export const limitModes: Readonly<Record<string, Words>> = {
  minute: { zh: '分钟', en: 'min' },
  hour: { zh: '小时', en: 'h' },
  workday: { zh: '个工作日', en: 'working days' },
};

/** "5 workday", as the server writes a limit, in words. */
export function limitText(limit: string, language: Language): string {
  const [amount, mode = ''] = limit.split(' ');
  return `${amount ?? ''} ${limitModes[mode]?.[language] ?? mode}`;
}
