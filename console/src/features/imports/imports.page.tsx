import type { ImportRun } from '#contracts/appeals/appeals.api.ts';
import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import { addressOf, call } from '#ui/api/client.ts';
import { countText, instantText, spanText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useLanguage, useWords } from '#ui/text.ts';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Progress } from 'antd';
import { useEffect, useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { ImportForm } from './import-form.tsx';
import { importsText } from './imports.text.ts';

const POLL_MS = 1000;
const TONES = { waiting: 'waiting', running: 'working', done: 'done', failed: 'danger' } as const;

export function ImportsPage() {
  const speak = useWords(importsText);
  const [watched, setWatched] = useState<string>();
  const list = useInfiniteQuery({
    queryKey: ['imports'],
    queryFn: ({ pageParam, signal }) =>
      call(appealsApi.imports, { query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
  const runs = list.data?.pages.flatMap((page) => page.items);
  // Also what another tab started, or what ran on after a reload.
  const current = watched ?? runs?.find(({ state }) => isMoving(state))?.id;
  return (
    <Page title={speak('title')}>
      <Panel title={speak('start')}>
        <ImportForm onStarted={(run) => setWatched(run.id)} />
      </Panel>
      {current ? <Running key={current} id={current} /> : null}
      <Panel title={speak('runs')} flush>
        <RunTable
          runs={runs}
          error={list.error}
          onRetry={() => void list.refetch()}
          more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
        />
      </Panel>
    </Page>
  );
}

function isMoving(state: ImportRun['state']): boolean {
  return state === 'waiting' || state === 'running';
}

/** Follows one run until it ends. */
function Running({ id }: { id: string }) {
  const speak = useWords(importsText);
  const queries = useQueryClient();
  const { data: run } = useQuery({
    queryKey: ['imports', id],
    queryFn: ({ signal }) => call(appealsApi.importRun, { params: { id } }, { signal }),
    refetchInterval: ({ state }) => (state.data && !isMoving(state.data.state) ? false : POLL_MS),
  });
  const ended = run !== undefined && !isMoving(run.state);
  useEffect(() => {
    if (ended) void queries.invalidateQueries({ queryKey: ['imports'], exact: true });
  }, [ended, queries]);
  if (!run) return null;
  const share = run.totalRows ? Math.floor((run.rows / run.totalRows) * 100) : undefined;
  return (
    <Panel
      title={speak(ended ? 'finished' : 'progress', { name: run.fileName })}
      extra={
        <span className={`ms-tag ms-tag--${TONES[run.state]}`} data-testid="import-state">
          {speak(run.state)}
        </span>
      }
    >
      <div role="status">
        {share === undefined && !ended ? null : (
          <Progress
            percent={ended && run.state === 'done' ? 100 : (share ?? 0)}
            status={run.state === 'failed' ? 'exception' : ended ? 'success' : 'active'}
            aria-label={speak('progress', { name: run.fileName })}
          />
        )}
        <Counts run={run} />
        {run.error ? <p className="form-error">{run.error}</p> : null}
        {run.rejected > 0 && ended ? <RejectsLink run={run} /> : null}
      </div>
    </Panel>
  );
}

function Counts({ run }: { run: ImportRun }) {
  const speak = useWords(importsText);
  return (
    <dl className="counts">
      {(['rows', 'accepted', 'known', 'rejected', 'blank'] as const).map((name) => (
        <div key={name}>
          <dt>{speak(name)}</dt>
          <dd className="ms-number">{countText(run[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

function RejectsLink({ run }: { run: ImportRun }) {
  const speak = useWords(importsText);
  return (
    <a href={addressOf(appealsApi.importRejects, { id: run.id })} download={`${run.id}-rejects.csv`}>
      {speak('rejects')}
    </a>
  );
}

function RunTable({
  runs,
  error,
  onRetry,
  more,
}: {
  runs: readonly ImportRun[] | undefined;
  error: unknown;
  onRetry: () => void;
  more: { onMore: () => void; busy: boolean } | undefined;
}) {
  const speak = useWords(importsText);
  const language = useLanguage();
  const count = (name: 'rows' | 'accepted' | 'known' | 'rejected') => ({
    key: name,
    title: speak(name),
    align: 'right' as const,
    cell: (run: ImportRun) => countText(run[name]),
  });
  return (
    <DataTable<ImportRun>
      caption={speak('runs')}
      rows={runs}
      rowKey={(run) => run.id}
      error={error}
      onRetry={onRetry}
      empty={speak('empty')}
      more={more}
      columns={[
        {
          key: 'name',
          title: speak('name'),
          wide: true,
          cell: (run) => (
            <>
              {run.fileName}
              <span className="under">{run.mappingName}</span>
              {run.error ? <span className="form-error">{run.error}</span> : null}
            </>
          ),
        },
        {
          key: 'state',
          title: speak('state'),
          cell: (run) => (
            <>
              <span className={`ms-tag ms-tag--${TONES[run.state]}`}>{speak(run.state)}</span>{' '}
              {run.dryRun ? <span className="ms-tag ms-tag--stopped">{speak('dry')}</span> : null}
            </>
          ),
        },
        count('rows'),
        count('accepted'),
        count('known'),
        count('rejected'),
        {
          key: 'started',
          title: speak('started'),
          cell: (run) => <span className="ms-number">{instantText(run.startedAt)}</span>,
        },
        {
          key: 'took',
          title: speak('took'),
          minor: true,
          cell: (run) => (run.endedAt ? spanText(Date.parse(run.endedAt) - Date.parse(run.startedAt), language) : '—'),
        },
        {
          key: 'rejects',
          title: '',
          cell: (run) => (run.rejected > 0 ? <RejectsLink run={run} /> : null),
        },
      ]}
    />
  );
}
