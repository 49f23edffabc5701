import type { OrderRow } from '#contracts/orders/orders.api.ts';
import { useWords } from '#ui/text.ts';

const words = {
  oversight: { zh: '督办{level}级', en: 'Oversight {level}' },
  suspended: { zh: '挂起', en: 'Suspended' },
  sensitive: { zh: '敏感', en: 'Sensitive' },
  group: { zh: '群体', en: 'Group' },
  redo: { zh: '第{no}次重办', en: 'Redo {no}' },
  urged: { zh: '催办{count}次', en: 'Urged {count}×' },
  merged: { zh: '并案{count}件', en: '{count} merged' },
  confidential: { zh: '保密', en: 'Confidential' },
} as const;

/** What runs beside the state of an order: oversight, marks, redo, urging, merging. */
export function OrderMarks({ order }: { order: OrderRow }) {
  const speak = useWords(words);
  const marks = [
    { shown: order.confidential, text: speak('confidential'), tone: 'danger' },
    { shown: order.oversightLevel > 0, text: speak('oversight', { level: order.oversightLevel }), tone: 'danger' },
    { shown: order.sensitive > 0, text: speak('sensitive'), tone: 'danger' },
    { shown: order.group, text: speak('group'), tone: 'waiting' },
    { shown: order.suspended, text: speak('suspended'), tone: 'stopped' },
    { shown: order.redoNo > 0, text: speak('redo', { no: order.redoNo }), tone: 'waiting' },
    { shown: order.urgeCount > 0, text: speak('urged', { count: order.urgeCount }), tone: 'waiting' },
    { shown: order.mergedCount > 0, text: speak('merged', { count: order.mergedCount }), tone: 'working' },
  ].filter(({ shown }) => shown);
  return (
    <>
      {marks.map(({ text, tone }) => (
        <span key={text} className={`ms-tag ms-tag--${tone}`}>
          {text}
        </span>
      ))}
    </>
  );
}
