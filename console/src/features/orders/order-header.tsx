import type { OrderView } from '#contracts/orders/orders.api.ts';
import { orderLifecycle, type OrderClock } from '#contracts/orders/orders.lifecycle.ts';
import { Due } from '#ui/components/lamp.tsx';
import { NumberText } from '#ui/components/number.tsx';
import { StateTag } from '#ui/components/state-tag.tsx';
import { instantText } from '#ui/format.ts';
import { useSay, useWords } from '#ui/text.ts';
import { ArrowLeftOutlined, CopyOutlined, PrinterOutlined } from '@ant-design/icons';
import { Link, useRouter } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { UrgencyTag } from '../../parts/order-columns.tsx';
import { OrderMarks } from '../../parts/order-marks.tsx';
import { Beside } from './beside.tsx';
import { orderText } from './order.text.ts';

export function clockName(name: string): { zh: string; en: string } {
  return orderLifecycle.clocks[name as OrderClock]?.name ?? { zh: name, en: name };
}

export function OrderHeader({ order, acting }: { order: OrderView; acting: string | undefined }) {
  const speak = useWords(orderText);
  const tell = useSay();
  const router = useRouter();
  const { message } = App.useApp();
  const copy = () => {
    // The clipboard is closed to pages that are not served over TLS; then nothing is claimed.
    void navigator.clipboard?.writeText(order.number).then(() => message.success(speak('copied')));
  };
  return (
    <header className="order__head">
      <div className="order__line">
        <Button type="text" icon={<ArrowLeftOutlined aria-hidden />} onClick={() => router.history.back()}>
          {speak('back')}
        </Button>
        <span className="order__number" data-testid="order-number">
          <NumberText number={order.number} />
        </span>
        <Button type="text" icon={<CopyOutlined />} aria-label={speak('copyNumber')} title={speak('copyNumber')} onClick={copy} />
        <Link to="/orders/$id/sheet" params={{ id: order.id }} className="order__sheet">
          <PrinterOutlined aria-hidden /> {speak('sheet')}
        </Link>
        <span data-testid="order-state">
          <StateTag state={order.state} />
        </span>
        <UrgencyTag urgency={order.urgency} />
        <OrderMarks order={order} />
        {order.forced ? <span className="ms-tag ms-tag--working">{speak('forced')}</span> : null}
        {order.excluded ? <span className="ms-tag ms-tag--stopped">{speak('excluded')}</span> : null}
        {order.preserved ? <span className="ms-tag ms-tag--waiting">{speak('preserved')}</span> : null}
        {order.purgedAt ? <span className="ms-tag ms-tag--stopped">{speak('purged')}</span> : null}
        {order.anonymous ? <span className="ms-tag ms-tag--stopped">{speak('anonymous')}</span> : null}
        {order.dueAt ? (
          <span className="order__due">
            {order.dueClock ? `${tell(clockName(order.dueClock))} ` : ''}
            <Due row={order} />
            <span className="ms-number order__due-at">{instantText(order.dueAt)}</span>
          </span>
        ) : null}
      </div>
      <h1>{order.title}</h1>
      {order.master ? (
        <p className="order__note">
          {speak('master')}{' '}
          <Link to="/orders/$id" params={{ id: order.master.id }}>
            <NumberText number={order.master.number} />
          </Link>
        </p>
      ) : null}
      <Beside id={order.id} acting={acting} />
      {order.dueProvisional ? <p className="order__note">{speak('provisionalNote')}</p> : null}
    </header>
  );
}
