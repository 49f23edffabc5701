import type { OrderView } from '#contracts/orders/orders.api.ts';
import { stateFacts } from '#ui/components/state-tag.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantText } from '#ui/format.ts';
import { useMay, useMe } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Panel } from '../../../parts/page.tsx';
import { attachmentsQuery } from '../orders.queries.ts';
import { AttachmentGrid } from './attachment-grid.tsx';
import { attachmentsText } from './attachments.text.ts';
import { SupplementForm } from './supplement-form.tsx';

/** What was handed in with the appeal and added to it later; the files of replies stand with their replies. */
export function AttachmentsPanel({ order }: { order: OrderView }) {
  const speak = useWords(attachmentsText);
  const may = useMay();
  const me = useMe();
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useQuery(attachmentsQuery(order.id));
  const filed = data?.attachments.filter((file) => file.replyNo === null && file.supplementId === null) ?? [];
  const supplements = data?.supplements ?? [];
  const tone = stateFacts(order.state)?.tone;
  const isOpen = tone === 'waiting' || tone === 'working';
  const isHidden = order.confidential && me.scope === 'unit';
  const mayAdd = isOpen && may('appeals.supplement');
  if (data && filed.length === 0 && supplements.length === 0 && !mayAdd && !isHidden) return null;
  return (
    <Panel
      title={speak('title')}
      extra={
        mayAdd && !adding ? (
          <Button size="small" onClick={() => setAdding(true)}>
            {speak('add')}
          </Button>
        ) : null
      }
    >
      {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
      {isHidden ? <p className="quiet">{speak('hidden')}</p> : null}
      {data && filed.length === 0 && supplements.length === 0 && !isHidden ? <p className="quiet">{speak('none')}</p> : null}
      <div data-testid="attachments">
        <AttachmentGrid files={filed} number={order.number} />
        {supplements.map((supplement) => (
          <article key={supplement.id} className="supplement">
            <p className="under">
              {speak('supplement', { by: supplement.by })} · <span className="ms-number">{instantText(supplement.at)}</span>
            </p>
            {supplement.content ? <p className="said">{supplement.content}</p> : null}
            <AttachmentGrid files={data?.attachments.filter((file) => file.supplementId === supplement.id) ?? []} number={order.number} />
          </article>
        ))}
      </div>
      {adding ? <SupplementForm id={order.id} onClose={() => setAdding(false)} /> : null}
    </Panel>
  );
}

/** The files of one reply. */
export function ReplyFiles({ order, no }: { order: OrderView; no: number }) {
  const { data } = useQuery(attachmentsQuery(order.id));
  return <AttachmentGrid files={data?.attachments.filter((file) => file.replyNo === no) ?? []} number={order.number} />;
}
