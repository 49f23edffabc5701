import type { BatchAction, OrderRow } from '#contracts/orders/orders.api.ts';
import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import { NumberText } from '#ui/components/number.tsx';
import { StateTag } from '#ui/components/state-tag.tsx';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import type { BatchReply } from './batch-form.tsx';
import { batchText } from './batch.text.ts';

export interface Ended {
  readonly action: BatchAction;
  readonly rows: readonly OrderRow[];
  readonly reply: BatchReply;
}

const TONES = { done: 'done', asked: 'waiting', refused: 'danger' } as const;
const PLACES = ['refused', 'asked', 'done'] as const;

/** What became of each order: what was refused first, with the reason. */
export function BatchResult({ ended: { action, rows, reply }, onClose }: { ended: Ended; onClose: () => void }) {
  const speak = useWords(batchText);
  const tell = useSay();
  const head = useRef<HTMLDivElement>(null);
  const title = speak('result', { name: tell(orderLifecycle.actions[action].name) });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const items = PLACES.flatMap((outcome) => reply.items.filter((item) => item.outcome === outcome));

  useEffect(() => head.current?.focus(), [reply]);

  return (
    <div className="batch__result" ref={head} tabIndex={-1} data-testid="batch-result">
      <div className="panel__head">
        <h2>{title}</h2>
        <span role="status">{speak('figures', { done: reply.done, asked: reply.asked, refused: reply.refused })}</span>
        <Button onClick={onClose}>{speak('close')}</Button>
      </div>
      {reply.refused > 0 ? <p className="quiet">{speak('kept')}</p> : null}
      <DataTable
        stack
        caption={title}
        rows={items}
        rowKey={(item) => item.id}
        empty=""
        columns={[
          {
            key: 'outcome',
            title: speak('outcome'),
            cell: ({ outcome, state, text }) => (
              <>
                <span className={`ms-tag ms-tag--${TONES[outcome]}`}>{speak(outcome)}</span>{' '}
                {outcome === 'refused' ? text : state ? <StateTag state={state} /> : null}
              </>
            ),
          },
          {
            key: 'order',
            title: speak('order'),
            cell: ({ id }) => (
              <Link to="/orders/$id" params={{ id }} className="order-link">
                <NumberText number={byId.get(id)?.number ?? ''} />
              </Link>
            ),
          },
          { key: 'title', title: speak('title'), wide: true, cell: ({ id }) => byId.get(id)?.title },
        ]}
      />
    </div>
  );
}
