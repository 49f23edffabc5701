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
  const marks: [string, 'danger' | 'waiting' | 'working' | 'stopped'][] = [
    ...(order.confidential ? [[speak('confidential'), 'danger'] as const] : []),
    ...(order.oversightLevel > 0 ? [[speak('oversight', { level: order.oversightLevel }), 'danger'] as const] : []),
    ...(order.sensitive > 0 ? [[speak('sensitive'), 'danger'] as const] : []),
    ...(order.group ? [[speak('group'), 'waiting'] as const] : []),
    ...(order.suspended ? [[speak('suspended'), 'stopped'] as const] : []),
    ...(order.redoNo > 0 ? [[speak('redo', { no: order.redoNo }), 'waiting'] as const] : []),
    ...(order.urgeCount > 0 ? [[speak('urged', { count: order.urgeCount }), 'waiting'] as const] : []),
    ...(order.mergedCount > 0 ? [[speak('merged', { count: order.mergedCount }), 'working'] as const] : []),
  ].map(([text, tone]) => [text, tone] as never);
  return (
    <>
      {marks.map(([text, tone]) => (
        <span key={text} className={`ms-tag ms-tag--${tone}`}>
          {text}
        </span>
      ))}
    </>
  );
}
