import { targetsOf, type ActionFacts } from '#contracts/base/lifecycle.ts';
import { BATCH_ACTIONS, type BatchAction, type OrderRow } from '#contracts/orders/orders.api.ts';
import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import { useDigitKeys } from '#ui/office/keys.ts';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { Button } from 'antd';
import { useState } from 'react';
import { BatchForm, type BatchReply } from './batch-form.tsx';
import { BatchResult, type Ended } from './batch-result.tsx';
import { batchText } from './batch.text.ts';
import type { Marks } from './use-marks.ts';

/** Whether there is anything this person may do with many orders at once. */
export function useMayBatch(): boolean {
  const may = useMay();
  return BATCH_ACTIONS.some((action) => may(orderLifecycle.actions[action].permission));
}

/** What may be done with the marked orders, by the lifecycle table and the person's permissions; the n-th opens by the digit n. */
export function BatchBar({ marks }: { marks: Marks }) {
  const speak = useWords(batchText);
  const tell = useSay();
  const may = useMay();
  const [chosen, setChosen] = useState<BatchAction>();
  const [ended, setEnded] = useState<Ended>();
  const allowing = (action: BatchAction) =>
    marks.rows.filter(({ state }) => targetsOf(orderLifecycle.actions[action] as ActionFacts, state).length > 0);
  const open = BATCH_ACTIONS.filter((action) => may(orderLifecycle.actions[action].permission) && allowing(action).length > 0);
  const action = chosen && open.includes(chosen) ? chosen : undefined;

  useDigitKeys(open, setChosen, () => {
    if (action) setChosen(undefined);
    else if (ended) setEnded(undefined);
    else marks.clear();
  });

  const finish = (taken: BatchAction, rows: readonly OrderRow[], reply: BatchReply) => {
    setChosen(undefined);
    setEnded({ action: taken, rows, reply });
    marks.drop(new Set(reply.items.filter(({ outcome }) => outcome !== 'refused').map(({ id }) => id)));
  };

  if (marks.rows.length === 0 && !ended) return null;
  const rows = action ? allowing(action) : [];
  return (
    <section className="batch" aria-label={speak('bar')} data-testid="batch">
      {ended ? <BatchResult ended={ended} onClose={() => setEnded(undefined)} /> : null}
      {action ? (
        <BatchForm
          key={action}
          action={action}
          rows={rows}
          left={marks.rows.length - rows.length}
          onClose={() => setChosen(undefined)}
          onDone={(reply) => finish(action, rows, reply)}
        />
      ) : null}
      {marks.rows.length > 0 ? (
        <div className="batch__bar">
          <strong role="status">{speak('marked', { count: marks.rows.length })}</strong>
          {marks.gone > 0 ? <span className="under">{speak('gone', { count: marks.gone })}</span> : null}
          <div className="actions">
            {open.map((each, i) => {
              const count = allowing(each).length;
              const facts: ActionFacts = orderLifecycle.actions[each];
              return (
                <Button
                  key={each}
                  type={each === action ? 'primary' : 'default'}
                  danger={facts.danger ?? false}
                  aria-expanded={each === action}
                  aria-keyshortcuts={String(i + 1)}
                  onClick={() => setChosen(each === action ? undefined : each)}
                >
                  {tell(facts.name)}
                  {count < marks.rows.length ? ` ${speak('part', { count })}` : ''}
                  <kbd aria-hidden="true">{i + 1}</kbd>
                </Button>
              );
            })}
            {open.length === 0 ? <span className="quiet">{speak('none')}</span> : null}
          </div>
          <Button type="text" onClick={marks.clear} aria-keyshortcuts="Escape">
            {speak('clear')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
