import type { Backup, Drill } from '#contracts/operations/backups.api.ts';
import { spanText } from '#ui/format.ts';
import { useLanguage, useWords } from '#ui/text.ts';
import { backupsText } from './backups.text.ts';

export const BACKUP_TONES: Readonly<Record<Backup['state'], string>> = {
  waiting: 'waiting',
  running: 'working',
  good: 'done',
  failed: 'danger',
  removed: 'stopped',
};
export const DRILL_TONES: Readonly<Record<Drill['state'], string>> = {
  waiting: 'waiting',
  running: 'working',
  proven: 'done',
  failed: 'danger',
};

export const isAtWork = ({ state }: { state: Backup['state'] | Drill['state'] }) => state === 'waiting' || state === 'running';

/** Spans of backups, from tenths of a second to days. */
export function useSpans() {
  const speak = useWords(backupsText);
  const language = useLanguage();
  return {
    /** How long something took. */
    took: (from: string | null, to: string | null) => {
      if (!from || !to) return '—';
      const ms = Date.parse(to) - Date.parse(from);
      return ms < 120_000 ? speak('seconds', { count: (ms / 1000).toFixed(1) }) : spanText(ms, language);
    },
    seconds: (count: number | null) => (count === null ? '—' : speak('seconds', { count: count.toFixed(count < 1 ? 2 : 1) })),
    /** How long ago something was. */
    ago: (iso: string | null, nowMs: number) => {
      if (!iso) return speak('never');
      const ms = nowMs - Date.parse(iso);
      return ms < 60_000 ? speak('now') : speak('ago', { span: spanText(ms, language) });
    },
  };
}
