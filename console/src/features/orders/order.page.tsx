import { problemOf } from '#ui/api/problem.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useMay } from '#ui/office/session.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import { useState } from 'react';
import { useWords } from '#ui/text.ts';
import { ActionPanel } from './actions/action-panel.tsx';
import { Approvals } from './approval-card.tsx';
import { AttachmentsPanel } from './attachments/attachments-panel.tsx';
import { ContactCard } from './contact-card.tsx';
import { listText } from './list.text.ts';
import { OrderClocks } from './order-clocks.tsx';
import { OrderContent } from './order-content.tsx';
import { OrderHeader } from './order-header.tsx';
import { OrderRecord } from './order-record.tsx';
import { orderText } from './order.text.ts';
import { OrderTimeline } from './order-timeline.tsx';
import { PurgeReceiptPanel } from './purge-receipt.tsx';
import { orderQuery } from './orders.queries.ts';

const route = getRouteApi('/inside/orders/$id');

export function OrderPage() {
  const { id } = route.useParams();
  const speak = useWords(listText);
  const say = useWords(orderText);
  const may = useMay();
  const [acting, setActing] = useState<string>();
  const { data: order, error, refetch } = useQuery(orderQuery(id));
  if (error && !order) {
    return (
      <div className="page">
        {problemOf(error)?.status === 404 ? (
          <EmptyState title={problemOf(error)?.title ?? ''}>
            <Link to="/orders" search={{}}>
              {speak('orders')}
            </Link>
          </EmptyState>
        ) : (
          <ProblemAlert error={error} onRetry={() => void refetch()} />
        )}
      </div>
    );
  }
  if (!order) {
    return (
      <div className="page" aria-busy="true">
        <Skeleton active paragraph={{ rows: 10 }} />
      </div>
    );
  }
  return (
    <div className="page order">
      <OrderHeader order={order} acting={acting} />
      <div className="order__grid">
        {/* Where nothing in it takes the focus, the arrow keys still reach its end. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scroll area is what axe wants focusable */}
        <div className="order__side" role="region" tabIndex={0} aria-label={say('beside')}>
          <ActionPanel key={order.id} order={order} onActing={setActing} />
          <Approvals approvals={order.approvals} />
          {may('appeals.see-contact') && !order.purgedAt ? <ContactCard order={order} /> : null}
          <OrderClocks clocks={order.clocks} />
        </div>
        <div className="order__main">
          {order.purge ? <PurgeReceiptPanel receipt={order.purge} /> : null}
          <OrderContent order={order} />
          <AttachmentsPanel order={order} />
          <OrderRecord order={order} />
          <OrderTimeline id={order.id} />
        </div>
      </div>
    </div>
  );
}
