import type { RecordLine } from '#contracts/operations/records/records.api.ts';
import { RECORD_SOURCES } from '#contracts/operations/records/records.values.ts';
import { useNow } from '#ui/components/use-now.ts';
import { shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Panel } from '../../parts/page.tsx';
import { RecordDue, RecordLevel, RecordState } from './record-words.tsx';
import { recordsText } from './records.text.ts';

type List = UseInfiniteQueryResult<InfiniteData<{ items: RecordLine[]; nextCursor?: string }>>;

/** A list of records. */
export function RecordTable({ list, caption, empty }: { list: List; caption: string; empty: string }) {
  const speak = useWords(recordsText);
  const tell = useSay();
  const navigate = useNavigate();
  const nowMs = useNow();
  return (
    <Panel flush>
      <DataTable<RecordLine>
        caption={caption}
        rows={list.data?.pages.flatMap((page) => page.items)}
        rowKey={(row) => row.id}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={empty}
        stack
        onOpen={(row) => void navigate({ to: '/records/$id', params: { id: row.id } })}
        tone={(row) => (row.light === 'red' || row.light === 'yellow' ? row.light : undefined)}
        more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
        columns={[
          {
            key: 'number',
            title: speak('number'),
            cell: (row) => (
              <Link to="/records/$id" params={{ id: row.id }} className="order-link ms-number">
                {row.number}
              </Link>
            ),
          },
          { key: 'title', title: speak('title'), wide: true, cell: (row) => row.title },
          { key: 'level', title: speak('level'), cell: (row) => <RecordLevel kind={row.kind} level={row.level} /> },
          { key: 'state', title: speak('state'), cell: (row) => <RecordState kind={row.kind} state={row.state} /> },
          { key: 'due', title: speak('due'), cell: (row) => <RecordDue row={row} /> },
          { key: 'owner', title: speak('owner'), cell: (row) => row.owner ?? <span className="quiet">{speak('nobody')}</span> },
          { key: 'source', title: speak('source'), minor: true, cell: (row) => tell(RECORD_SOURCES[row.source]) },
          { key: 'component', title: speak('component'), minor: true, cell: (row) => row.component ?? '—' },
          {
            key: 'openedAt',
            title: speak('openedAt'),
            cell: (row) => <span className="ms-number">{shortInstantText(row.openedAt, nowMs)}</span>,
          },
        ]}
      />
    </Panel>
  );
}
