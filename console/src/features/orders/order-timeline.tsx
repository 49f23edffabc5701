import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { Panel } from '../../parts/page.tsx';
import { Timeline } from '../../parts/timeline.tsx';
import { orderText } from './order.text.ts';
import { timelineQuery } from './orders.queries.ts';

/** Everything that happened to the order, the newest first. */
export function OrderTimeline({ id }: { id: string }) {
  const speak = useWords(orderText);
  const { data, error, refetch } = useQuery(timelineQuery(id));
  return (
    <Panel title={speak('timeline')}>
      {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
      {data ? <Timeline lines={data.items} /> : error ? null : <Skeleton active title={false} paragraph={{ rows: 3 }} />}
    </Panel>
  );
}
