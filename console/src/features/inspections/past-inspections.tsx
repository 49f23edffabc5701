import { inspectionsApi, type InspectionFilter, type InspectionLine } from '#contracts/operations/inspections.api.ts';
import { call } from '#ui/api/client.ts';
import { useNow } from '#ui/components/use-now.ts';
import { instantText, shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Page, Panel } from '../../parts/page.tsx';
import { inspectionsText } from './inspections.text.ts';

/** Past inspections as an address narrows them: what a figure of a report counts. */
export function PastInspectionsPage() {
  const speak = useWords(inspectionsText);
  const search = useSearch({ from: '/inside/past-inspections' });
  return (
    <Page
      title={speak('past')}
      note={
        <span>
          {search.from ? instantText(search.from) : ''} – {search.to ? instantText(search.to) : ''}
        </span>
      }
    >
      <Panel flush>
        <PastInspections filter={search as InspectionFilter} />
      </Panel>
    </Page>
  );
}

/** Past inspections, the newest first. */
export function PastInspections({ filter }: { filter: InspectionFilter }) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  const nowMs = useNow();
  const past = useInfiniteQuery({
    queryKey: ['inspections', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      call(inspectionsApi.list, { query: { limit: 20, ...filter, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
  return (
    <DataTable<InspectionLine>
      caption={speak('past')}
      rows={past.data?.pages.flatMap((page) => page.items)}
      rowKey={(line) => line.id}
      error={past.error}
      onRetry={() => void past.refetch()}
      empty={speak('noPast')}
      tone={(line) => (line.red > 0 ? 'red' : line.yellow > 0 ? 'yellow' : undefined)}
      more={past.hasNextPage ? { onMore: () => void past.fetchNextPage(), busy: past.isFetchingNextPage } : undefined}
      stack
      columns={[
        {
          key: 'template',
          title: speak('template'),
          wide: true,
          cell: (line) => (
            <Link to="/inspections/$id" params={{ id: line.id }}>
              {tell(line.name)} <span className="mono">{line.number}</span>
            </Link>
          ),
        },
        { key: 'due', title: speak('due'), cell: (line) => shortInstantText(line.dueAt, nowMs) },
        { key: 'ended', title: speak('ended'), cell: (line) => (line.endedAt ? shortInstantText(line.endedAt, nowMs) : '—') },
        { key: 'score', title: speak('score'), align: 'right', cell: (line) => line.score ?? '—' },
        { key: 'bad', title: speak('bad'), align: 'right', cell: (line) => `${line.red} / ${line.yellow}` },
        { key: 'unreadable', title: speak('unreadable'), align: 'right', minor: true, cell: (line) => line.unreadable },
        {
          key: 'signedBy',
          title: speak('signedBy'),
          cell: (line) => line.signedBy ?? (line.signBy ? speak('notSigned') : speak('nobody')),
        },
      ]}
    />
  );
}
