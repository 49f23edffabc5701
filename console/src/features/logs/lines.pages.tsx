import { logsApi } from '#contracts/operations/logs.api.ts';
import { call } from '#ui/api/client.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { LogLines } from './log-lines.tsx';
import { logsText } from './logs.text.ts';

/** Every line of one request, in order, with the time between them. */
export function RequestPage() {
  const speak = useWords(logsText);
  const { request } = useParams({ from: '/inside/logs/requests/$request' });
  const query = useQuery({
    queryKey: ['logs', 'request', request],
    queryFn: ({ signal }) => call(logsApi.request, { params: { request } }, { signal }),
  });
  const items = query.data?.items;
  const [first, last] = [items?.[0], items?.at(-1)];
  return (
    <Whole
      title={speak('requestTitle')}
      note={
        <>
          <span className="mono">{request}</span>
          {first && last ? <span>{speak('took', { count: items!.length, ms: Date.parse(last.at) - Date.parse(first.at) })}</span> : null}
        </>
      }
      query={query}
    >
      {items ? <LogLines lines={items} gaps /> : null}
    </Whole>
  );
}

/** The lines of a source before and after one. */
export function AroundPage() {
  const speak = useWords(logsText);
  const { source, at, seq } = useSearch({ from: '/inside/logs/around' });
  const query = useQuery({
    queryKey: ['logs', 'around', source, at, seq],
    queryFn: ({ signal }) => call(logsApi.around, { query: { source, at, seq: Number(seq) } }, { signal }),
  });
  return (
    <Whole title={speak('aroundTitle')} note={<span>{speak('aroundNote', { source })}</span>} query={query}>
      {query.data ? <LogLines lines={query.data.items} gaps marked={`${at}/${seq}`} /> : null}
    </Whole>
  );
}

interface Asked {
  readonly error: unknown;
  readonly isPending: boolean;
  readonly data: { readonly items: readonly unknown[] } | undefined;
  refetch(): unknown;
}

function Whole({ title, note, query, children }: { title: string; note: ReactNode; query: Asked; children: ReactNode }) {
  const speak = useWords(logsText);
  return (
    <Page title={title} note={note} actions={<Link to="/logs">{speak('back')}</Link>}>
      {query.error ? <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isPending ? <Skeleton active paragraph={{ rows: 8 }} title={false} /> : null}
      {query.data ? <Panel flush>{query.data.items.length > 0 ? children : <EmptyState title={speak('requestEmpty')} />}</Panel> : null}
    </Page>
  );
}
