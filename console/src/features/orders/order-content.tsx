import type { OrderView } from '#contracts/orders/orders.api.ts';
import { instantText } from '#ui/format.ts';
import { useNames } from '#ui/office/dictionary.ts';
import { useWords } from '#ui/text.ts';
import { Panel } from '../../parts/page.tsx';
import { orderText } from './order.text.ts';

export function OrderContent({ order }: { order: OrderView }) {
  const speak = useWords(orderText);
  const names = useNames();
  const facts: readonly (readonly [keyof typeof orderText, string | null])[] = [
    ['type', names.code('appeal_type', order.type)],
    ['category', names.category(order.category)],
    ['region', names.region(order.region)],
    ['address', order.address],
    ['eventAt', order.eventAt && instantText(order.eventAt)],
    ['channel', names.code('channel', order.channel)],
    ['sourceNumber', order.sourceNumber],
    ['filedAt', instantText(order.filedAt)],
    ['unit', order.unit?.name ?? null],
  ];
  return (
    <Panel title={speak('content')}>
      <p className="said">{order.content}</p>
      {order.expectation ? (
        <p className="said said--soft">
          <b>{speak('expectation')}</b> {order.expectation}
        </p>
      ) : null}
      <dl className="facts facts--two">
        {facts
          .filter(([, value]) => value)
          .map(([key, value]) => (
            <div key={key}>
              <dt>{speak(key)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Panel>
  );
}
