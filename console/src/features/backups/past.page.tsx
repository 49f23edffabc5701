import { backupsApi, type BackupFilter, type DrillFilter } from '#contracts/operations/backups.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantText } from '#ui/format.ts';
import { useWords } from '#ui/text.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { BackupTable } from './backup-table.tsx';
import { backupsText } from './backups.text.ts';
import { DrillTable } from './drill-table.tsx';

/** Backups as an address narrows them: what a figure of a report counts. */
export function PastBackupsPage() {
  const speak = useWords(backupsText);
  const search = useSearch({ from: '/inside/past-backups' });
  const list = usePages(['backups', 'past', search], (page, signal) =>
    call(backupsApi.past, { query: { ...(search as BackupFilter), ...page } }, { signal }),
  );
  return (
    <Past title={speak('pastBackups')} span={search} list={list}>
      {(rows) => <BackupTable backups={rows} hasSecond={rows.some(({ secondAt }) => secondAt !== null)} />}
    </Past>
  );
}

/** Restore drills as an address narrows them. */
export function PastDrillsPage() {
  const speak = useWords(backupsText);
  const search = useSearch({ from: '/inside/past-drills' });
  const list = usePages(['backups', 'drills', search], (page, signal) =>
    call(backupsApi.drills, { query: { ...(search as DrillFilter), ...page } }, { signal }),
  );
  return (
    <Past title={speak('drills')} span={search} list={list}>
      {(rows) => <DrillTable drills={rows} />}
    </Past>
  );
}

interface Paged<Row> {
  readonly items: Row[];
  readonly nextCursor?: string;
}

function usePages<Row>(queryKey: unknown[], ask: (page: { limit: number; cursor?: string }, signal: AbortSignal) => Promise<Paged<Row>>) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) => ask({ limit: 50, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
}

function Past<Row>({
  title,
  span,
  list,
  children,
}: {
  title: string;
  span: { readonly from?: string; readonly to?: string };
  list: ReturnType<typeof usePages<Row>>;
  children: (rows: readonly Row[]) => ReactNode;
}) {
  const speak = useWords(backupsText);
  return (
    <Page
      title={title}
      note={
        <span>
          {span.from ? instantText(span.from) : ''} – {span.to ? instantText(span.to) : ''}
        </span>
      }
    >
      {list.error ? <ProblemAlert error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <Skeleton active paragraph={{ rows: 6 }} title={false} /> : null}
      {list.data ? <Panel flush>{children(list.data.pages.flatMap(({ items }) => items))}</Panel> : null}
      {list.hasNextPage ? (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {speak('more')}
        </Button>
      ) : null}
    </Page>
  );
}
