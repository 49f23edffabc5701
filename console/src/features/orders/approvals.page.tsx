import { approvalsApi, type ApprovalRow } from '#contracts/orders/approvals.api.ts';
import { call } from '#ui/api/client.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { NumberText } from '#ui/components/number.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { StateTag } from '#ui/components/state-tag.tsx';
import { useWords } from '#ui/text.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import { Page, Panel } from '../../parts/page.tsx';
import { ApprovalCard } from './approval-card.tsx';
import { listText } from './list.text.ts';

/** What waits for this person's decision, the oldest first, with all that is needed to decide. */
export function ApprovalsPage() {
  const speak = useWords(listText);
  const list = useInfiniteQuery({
    queryKey: ['approvals'],
    queryFn: ({ pageParam, signal }) =>
      call(approvalsApi.waiting, { query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
  const rows = list.data?.pages.flatMap((page) => page.items);
  return (
    <Page title={speak('approvals')} note={<span>{speak('approvalsNote')}</span>}>
      {list.error ? <ProblemAlert error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <Skeleton active paragraph={{ rows: 6 }} title={false} /> : null}
      {rows?.length === 0 ? <EmptyState title={speak('noApprovals')} /> : null}
      {rows?.map((row) => (
        <ApprovalEntry key={row.id} row={row} />
      ))}
      {list.hasNextPage ? (
        <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {speak('next')}
        </Button>
      ) : null}
    </Page>
  );
}

function ApprovalEntry({ row }: { row: ApprovalRow }) {
  return (
    <Panel>
      <p className="reply__head">
        <Link to="/orders/$id" params={{ id: row.orderId }}>
          <NumberText number={row.number} />
        </Link>
        <StateTag state={row.orderState} />
        <span>{row.title}</span>
      </p>
      <ApprovalCard approval={row} />
    </Panel>
  );
}
