import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import type { OrderView } from '#contracts/orders/orders.api.ts';
import type { Reply } from '#ui/api/client.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useMay } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Skeleton } from 'antd';
import { useState } from 'react';
import { Panel } from '../../parts/page.tsx';
import { orderText } from './order.text.ts';

type Revealed = Reply<typeof appealsApi.revealContact>;

/** The contact with its middles covered; the whole of it only for a reason that goes on record. */
export function ContactCard({ order }: { order: OrderView }) {
  const speak = useWords(orderText);
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const [revealed, setRevealed] = useState<Revealed>();
  const { data, error, refetch } = useQuery({
    queryKey: ['contact', order.id],
    queryFn: ({ signal }) => call(appealsApi.contact, { params: { id: order.id } }, { signal }),
  });
  const shown = revealed ?? data;
  const empty = data && (data.anonymous || (!data.name && !data.phone));
  const facts: readonly (readonly [keyof typeof orderText, string | null | undefined])[] = [
    ['name', shown?.name],
    ['phone', shown?.phone],
    ['idNumber', shown?.idNumber],
    ['home', shown?.address],
  ];
  return (
    <Panel title={speak('contact')}>
      {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton active title={false} paragraph={{ rows: 2 }} /> : null}
      {empty ? <p className="quiet">{speak('noContact')}</p> : null}
      {shown && !empty ? (
        <>
          <dl className="facts" data-testid="contact">
            {facts
              .filter(([, value]) => value)
              .map(([key, value]) => (
                <div key={key}>
                  <dt>{speak(key)}</dt>
                  <dd className="ms-number">{value}</dd>
                </div>
              ))}
          </dl>
          {revealed ? (
            <p className="quiet">
              {speak('revealed')}{' '}
              <Button type="link" size="small" onClick={() => setRevealed(undefined)}>
                {speak('hide')}
              </Button>
            </p>
          ) : may('appeals.reveal-contact') && !asking ? (
            <Button onClick={() => setAsking(true)}>{speak('reveal')}</Button>
          ) : null}
          {asking && !revealed ? (
            <RevealForm
              id={order.id}
              onCancel={() => setAsking(false)}
              onRevealed={(contact) => {
                setAsking(false);
                setRevealed(contact);
              }}
            />
          ) : null}
        </>
      ) : null}
    </Panel>
  );
}

function RevealForm({ id, onCancel, onRevealed }: { id: string; onCancel: () => void; onRevealed: (contact: Revealed) => void }) {
  const speak = useWords(orderText);
  const reveal = useMutation({
    mutationFn: (body: { reason: string }) => call(appealsApi.revealContact, { params: { id }, body }),
    onSuccess: onRevealed,
  });
  return (
    <Form<{ reason: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={(values) => reveal.mutate(values)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
      }}
    >
      <ProblemAlert error={reveal.error} />
      <Form.Item
        name="reason"
        label={speak('revealWhy')}
        extra={speak('revealNote')}
        rules={[{ required: true, min: 4, whitespace: true, message: speak('revealShort') }]}
      >
        <Input autoFocus maxLength={200} />
      </Form.Item>
      <div className="buttons">
        <Button type="primary" htmlType="submit" loading={reveal.isPending}>
          {speak('revealDo')}
        </Button>
        <Button onClick={onCancel}>{speak('cancel')}</Button>
      </div>
    </Form>
  );
}
