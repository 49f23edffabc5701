import { orderLifecycle, type OrderAction } from '#contracts/orders/orders.lifecycle.ts';
import { usePresence } from '#ui/office/presence.ts';
import { useSay, useWords } from '#ui/text.ts';

const words = {
  beside: { zh: '同时打开此工单', en: 'Also at this order' },
  hotline: { zh: '热线工作人员', en: 'Somebody of the hotline' },
  viewing: { zh: '{who} 正在查看', en: '{who} is looking' },
  acting: { zh: '{who} 正在办理：{action}', en: '{who} is at work: {action}' },
  actingUnknown: { zh: '{who} 正在办理', en: '{who} is at work' },
} as const;

/** Who else has the order open, so that two do not do the same. */
export function Beside({ id, acting }: { id: string; acting: string | undefined }) {
  const speak = useWords(words);
  const tell = useSay();
  const people = usePresence(id, acting);
  if (people.length === 0) return null;
  return (
    <ul className="beside" aria-label={speak('beside')} aria-live="polite" data-testid="beside">
      {people.map(({ name, office, doing, action }, place) => {
        const who = name ?? office ?? speak('hotline');
        const known = action && action in orderLifecycle.actions ? orderLifecycle.actions[action as OrderAction] : undefined;
        const line =
          doing === 'viewing'
            ? speak('viewing', { who })
            : known
              ? speak('acting', { who, action: tell(known.name) })
              : speak('actingUnknown', { who });
        return (
          <li key={`${who}${String(place)}`} className={`ms-tag ms-tag--${doing === 'acting' ? 'waiting' : 'stopped'}`}>
            {line}
          </li>
        );
      })}
    </ul>
  );
}
