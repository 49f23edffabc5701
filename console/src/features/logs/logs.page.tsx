import { logsApi } from '#contracts/operations/logs.api.ts';
import { parseQuery, QUERY_AT_MOST } from '#contracts/operations/logs.query.ts';
import { queryFaults } from '#contracts/operations/logs.codes.ts';
import { addressOf } from '#ui/api/client.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantText } from '#ui/format.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Input, Select, Skeleton } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { LogLines } from './log-lines.tsx';
import { SPANS, type LogsSearch, type SpanName } from './logs-search.ts';
import { useFollowed, useHistogram, useLogPages, type LogsAsked } from './logs.queries.ts';
import { logsText } from './logs.text.ts';
import { SavedSearches, SaveSearch } from './saved-searches.tsx';

const LogChart = lazy(() => import('./log-chart.tsx').then((module) => ({ default: module.LogChart })));
const USUAL_SPAN: SpanName = '24h';

/** Search of the log. What is looked for stands in the address. */
export function LogsPage() {
  const speak = useWords(logsText);
  const search = useSearch({ from: '/inside/logs' });
  const navigate = useNavigate({ from: '/logs' });
  // Asked again: the span ends now.
  const [turn, setTurn] = useState(0);
  const asked = useMemo(() => askedOf(search, turn), [search, turn]);
  const [following, setFollowing] = useState(false);
  const [saving, setSaving] = useState(false);
  const go = (next: LogsSearch) => {
    setTurn((before) => before + 1);
    void navigate({ search: next });
  };
  const narrow = (clause: string) => go({ ...search, q: [search.q, clause].filter(Boolean).join(' ') });
  const exportTo = (format: 'csv' | 'ndjson') => addressOf(logsApi.export, {}, { ...asked, format });

  return (
    <Page
      title={speak('title')}
      note={<span>{speak('note')}</span>}
      actions={
        <>
          <Button onClick={() => setFollowing(!following)}>{speak(following ? 'unfollow' : 'follow')}</Button>
          {search.q && !saving ? <Button onClick={() => setSaving(true)}>{speak('save')}</Button> : null}
          <Button href={exportTo('csv')}>{speak('exportCsv')}</Button>
          <Button href={exportTo('ndjson')}>{speak('exportNdjson')}</Button>
        </>
      }
    >
      <QueryLine key={search.q ?? ''} search={search} onSearch={go} />
      {saving && search.q ? <SaveSearch query={search.q} onDone={() => setSaving(false)} /> : null}
      {following ? <Followed q={search.q} onNarrow={narrow} /> : <Found asked={asked} search={search} onSearch={go} onNarrow={narrow} />}
      <SavedSearches />
    </Page>
  );
}

function askedOf({ q, span = USUAL_SPAN, from, to }: LogsSearch, _turn: number): LogsAsked {
  const toMs = to ? Date.parse(to) : Date.now();
  return { ...(q ? { q } : {}), from: from ?? new Date(toMs - SPANS[span]).toISOString(), to: new Date(toMs).toISOString() };
}

function QueryLine({ search, onSearch }: { search: LogsSearch; onSearch: (search: LogsSearch) => void }) {
  const speak = useWords(logsText);
  const tell = useSay();
  const [typed, setTyped] = useState(search.q ?? '');
  const read = parseQuery(typed);
  const fault = 'what' in read ? read : null;
  const chosen = search.from !== undefined || search.to !== undefined;
  const spans = (Object.keys(SPANS) as SpanName[]).map((value) => ({ value: value as string, label: speak(value) }));
  return (
    <form
      className="filters logs__query"
      role="search"
      aria-label={speak('title')}
      onSubmit={(event) => {
        event.preventDefault();
        if (fault) return;
        const { q: _, ...rest } = search;
        onSearch({ ...rest, ...(typed.trim() ? { q: typed.trim() } : {}) });
      }}
    >
      <div className="filters__field logs__words">
        <label htmlFor="logs-q">{speak('query')}</label>
        <Input
          id="logs-q"
          className="mono"
          spellCheck={false}
          autoComplete="off"
          maxLength={QUERY_AT_MOST}
          placeholder={speak('placeholder')}
          value={typed}
          {...(fault ? { status: 'error' as const } : {})}
          aria-invalid={fault !== null}
          aria-describedby="logs-q-fault"
          onChange={(event) => setTyped(event.target.value)}
        />
        <span id="logs-q-fault" className="logs__fault" role="status">
          {fault ? `${fault.place + 1}：${tell(queryFaults[fault.what])}` : ''}
        </span>
      </div>
      <div className="filters__field">
        <label htmlFor="logs-span">{speak('span')}</label>
        <Select<string>
          id="logs-span"
          value={chosen ? 'chosen' : (search.span ?? USUAL_SPAN)}
          options={chosen ? [{ value: 'chosen', label: speak('chosen') }, ...spans] : spans}
          onChange={(span) => {
            if (span === 'chosen') return;
            onSearch({ ...(search.q ? { q: search.q } : {}), ...(span === USUAL_SPAN ? {} : { span: span as SpanName }) });
          }}
        />
      </div>
      <div className="filters__buttons">
        <Button type="primary" htmlType="submit" disabled={fault !== null}>
          {speak('search')}
        </Button>
      </div>
      <details className="logs__help">
        <summary>{speak('help')}</summary>
        <dl>
          {HELP.map(([example, key]) => (
            <div key={example}>
              <dt className="mono">{example}</dt>
              <dd>{speak(key)}</dd>
            </div>
          ))}
        </dl>
        <p>{speak('helpAll')}</p>
      </details>
    </form>
  );
}

const HELP = [
  ['timeout', 'helpWord'],
  ['"timed out"', 'helpPhrase'],
  ['level>=warn', 'helpLevel'],
  ['source: module: template: req: trace: account:', 'helpColumn'],
  ['status>=500 err.code:23505', 'helpField'],
  ['-heartbeat -module:http', 'helpNot'],
] as const;

function Found({
  asked,
  search,
  onSearch,
  onNarrow,
}: {
  asked: LogsAsked;
  search: LogsSearch;
  onSearch: (search: LogsSearch) => void;
  onNarrow: (clause: string) => void;
}) {
  const speak = useWords(logsText);
  const pages = useLogPages(asked);
  const bars = useHistogram(asked);
  const lines = pages.data?.pages.flatMap((page) => page.items);
  const paused = pages.data?.pages.at(-1)?.searchedTo ?? null;
  return (
    <>
      <Panel
        title={speak('histogram')}
        extra={
          <span className="quiet">
            {bars.data?.countedFrom ? speak('countedFrom', { at: instantText(bars.data.countedFrom) }) : speak('zoomHint')}
          </span>
        }
      >
        {bars.data ? (
          <Suspense fallback={<Skeleton active title={false} paragraph={{ rows: 3 }} />}>
            <LogChart
              data={bars.data}
              fromMs={Date.parse(asked.from)}
              toMs={Date.parse(asked.to)}
              onChoose={(fromMs, toMs) => {
                const { span: _, ...rest } = search;
                onSearch({ ...rest, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() });
              }}
            />
          </Suspense>
        ) : bars.error ? (
          <p className="quiet">—</p>
        ) : (
          <Skeleton active title={false} paragraph={{ rows: 3 }} />
        )}
      </Panel>
      <Panel flush>
        {pages.error ? <ProblemAlert error={pages.error} onRetry={() => void pages.refetch()} /> : null}
        {pages.isPending ? <Skeleton active paragraph={{ rows: 8 }} title={false} /> : null}
        {lines && lines.length > 0 ? <LogLines lines={lines} onNarrow={onNarrow} /> : null}
        {lines?.length === 0 && !pages.hasNextPage ? <EmptyState title={speak('empty')}>{speak('emptyHint')}</EmptyState> : null}
        {paused ? (
          <p className="logs__paused" role="status">
            {speak('searchedTo', { at: instantText(paused) })}
          </p>
        ) : null}
        {pages.hasNextPage ? (
          <div className="ms-table__more">
            <Button onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
              {speak(paused ? 'goOn' : 'more')}
            </Button>
          </div>
        ) : null}
      </Panel>
    </>
  );
}

function Followed({ q, onNarrow }: { q: string | undefined; onNarrow: (clause: string) => void }) {
  const speak = useWords(logsText);
  const { data: lines, error } = useFollowed(q);
  return (
    <Panel title={speak('follow')} flush>
      {error ? <ProblemAlert error={error} /> : null}
      {lines && lines.length > 0 ? <LogLines lines={lines} onNarrow={onNarrow} /> : null}
      {lines?.length === 0 ? <EmptyState title={speak('empty')} /> : null}
    </Panel>
  );
}
