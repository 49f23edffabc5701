import type { RevealView } from '#contracts/appeals/appeals.api.ts';
import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import type { OrderView } from '#contracts/orders/orders.api.ts';
import { orderActionsApi } from '#contracts/orders/orders.api.ts';
import type { Reply } from '#ui/api/client.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantText } from '#ui/format.ts';
import { useMay } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { Panel } from '../../parts/page.tsx';
import { orderText } from './order.text.ts';

type Revealed = Reply<typeof appealsApi.revealContact>;

/** The contact with its middles covered; the whole of it only for a reason that goes on record. */
export function ContactCard({ order }: { order: OrderView }) {
  const speak = useWords(orderText);
  const may = useMay();
  const [revealed, setRevealed] = useState<Revealed>();
  const queries = useQueryClient();
  const contactOf = { queryKey: ['contact', order.id] };
  // Asked again with each change of the order: a request was decided, or the order became confidential.
  const { data, error, refetch } = useQuery({
    queryKey: ['contact', order.id, order.version],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call(appealsApi.contact, { params: { id: order.id } }, { signal }),
  });
  const shown = revealed ?? data;
  const reveal = data?.reveal;
  const until = reveal?.until;
  useEffect(() => {
    if (!until) return undefined;
    // What was opened for half an hour does not stay on the screen.
    const timer = setTimeout(
      () => {
        setRevealed(undefined);
        void queries.invalidateQueries({ queryKey: ['contact', order.id] });
      },
      Math.max(0, Date.parse(until) - Date.now()) + 500,
    );
    return () => clearTimeout(timer);
  }, [until, order.id, queries]);
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
          ) : null}
          {may('appeals.reveal-contact') && !revealed && reveal ? (
            <Opening
              order={order}
              reveal={reveal}
              onRevealed={(contact) => {
                setRevealed(contact);
                void queries.invalidateQueries(contactOf);
              }}
              onAsked={() => void Promise.all([queries.invalidateQueries(contactOf), queries.invalidateQueries({ queryKey: ['orders'] })])}
            />
          ) : null}
        </>
      ) : null}
    </Panel>
  );
}

interface OpeningProps {
  readonly order: OrderView;
  readonly reveal: RevealView;
  readonly onRevealed: (contact: Revealed) => void;
  readonly onAsked: () => void;
}

/** How the whole contact is opened: by a reason; of a confidential citizen by a second person's word, for half an hour. */
function Opening({ order, reveal, onRevealed, onAsked }: OpeningProps) {
  const speak = useWords(orderText);
  const [writing, setWriting] = useState(false);
  const look = useMutation({
    mutationFn: (reason: string) => call(appealsApi.revealContact, { params: { id: order.id }, body: { reason } }),
    onSuccess: onRevealed,
  });
  const ask = useMutation({
    mutationFn: (reason: string) =>
      call(orderActionsApi['reveal-contact'], { params: { id: order.id }, body: { version: order.version, input: { reason } } }),
    onSuccess: () => {
      setWriting(false);
      onAsked();
    },
  });
  const { needsSecond, asked, until, reason } = reveal;
  if (needsSecond && until && reason) {
    return (
      <>
        <p className="quiet">{speak('revealOpen', { at: instantText(until).slice(11), reason })}</p>
        <ProblemAlert error={look.error} />
        <Button loading={look.isPending} onClick={() => look.mutate(reason)}>
          {speak('revealDo')}
        </Button>
      </>
    );
  }
  if (needsSecond && asked) return <p className="quiet">{speak('revealAsked')}</p>;
  const does = needsSecond ? ask : look;
  if (!writing) return <Button onClick={() => setWriting(true)}>{speak(needsSecond ? 'revealAsk' : 'reveal')}</Button>;
  return (
    <Form<{ reason: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={(values) => does.mutate(values.reason)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setWriting(false);
      }}
    >
      <ProblemAlert error={does.error} />
      <Form.Item
        name="reason"
        label={speak(needsSecond ? 'revealAskWhy' : 'revealWhy')}
        extra={speak(needsSecond ? 'revealAskNote' : 'revealNote')}
        rules={[{ required: true, min: 4, whitespace: true, message: speak('revealShort') }]}
      >
        <Input autoFocus maxLength={200} />
      </Form.Item>
      <div className="buttons">
        <Button type="primary" htmlType="submit" loading={does.isPending}>
          {speak(needsSecond ? 'revealAskDo' : 'revealDo')}
        </Button>
        <Button onClick={() => setWriting(false)}>{speak('cancel')}</Button>
      </div>
    </Form>
  );
}
