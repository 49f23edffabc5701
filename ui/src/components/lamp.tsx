import type { OrderRow } from '#contracts/orders/orders.api.ts';
import { dueText, instantText } from '../format.ts';
import { useLanguage, useWords } from '../text.ts';
import { useNow } from './use-now.ts';

const words = {
  none: { zh: '不计时', en: 'No clock' },
  green: { zh: '正常', en: 'In time' },
  yellow: { zh: '将到期', en: 'Nearly due' },
  red: { zh: '已超期', en: 'Overdue' },
  provisional: { zh: '暂定', en: 'provisional' },
  provisionalWhy: {
    zh: '该年度工作日历尚未发布，到期时间为暂定',
    en: 'The calendar of that year is not published yet; the due date is provisional',
  },
} as const;

type Light = 'none' | 'green' | 'yellow' | 'red';

export function lightOf(text: unknown): Light {
  return text === 'green' || text === 'yellow' || text === 'red' ? text : 'none';
}

/** The lamp with what it says in words: colour alone tells some people nothing. */
export function Lamp({ light: given, text }: { light: OrderRow['light']; text?: string }) {
  const speak = useWords(words);
  const light = lightOf(given);
  return (
    <span className={`ms-lamp ms-lamp--${light}`}>
      <i aria-hidden="true" />
      {text ?? speak(light)}
      {text ? <span className="ms-visually-hidden">{speak(light)}</span> : null}
    </span>
  );
}

/** The lamp of the clock that runs out next, with the time it still has. */
export function Due({ row }: { row: Pick<OrderRow, 'light' | 'dueAt' | 'dueProvisional'> }) {
  const speak = useWords(words);
  const language = useLanguage();
  const nowMs = useNow();
  if (!row.dueAt) return <span className="ms-lamp">—</span>;
  return (
    <span title={`${instantText(row.dueAt)}${row.dueProvisional ? ` ${speak('provisionalWhy')}` : ''}`}>
      <Lamp light={row.light} text={dueText(row.dueAt, nowMs, language)} />
      {row.dueProvisional ? <small> {speak('provisional')}</small> : null}
    </span>
  );
}
