import {
  diagnosisApi,
  STATEMENT_SORTS,
  type RunningStatement,
  type StatementLine,
  type StatementSort,
} from '#contracts/operations/diagnosis.api.ts';
import { call } from '#ui/api/client.ts';
import { countText, instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useAct } from '../../parts/act.ts';
import { Panel } from '../../parts/page.tsx';
import { msText, percentText, ReasonForm, StatementText } from './diagnosis-parts.tsx';
import type { TabProps } from './diagnosis.search.ts';
import { statementsText } from './diagnosis.text.ts';
import { PlanPanel } from './plan.tsx';

const sortOf = (text: string | undefined): StatementSort =>
  text !== undefined && text in STATEMENT_SORTS ? (text as StatementSort) : 'total';

/** What statements cost, and what runs now. */
export function StatementsTab({ search, go, fault }: TabProps) {
  const speak = useWords(statementsText);
  const tell = useSay();
  const may = useMay();
  const [resetting, setResetting] = useState(false);
  const [typed, setTyped] = useState(search.q ?? '');
  const sort = sortOf(search.sort);
  const board = useQuery({
    queryKey: ['diagnosis', 'statements', sort, search.q ?? ''],
    queryFn: ({ signal }) => call(diagnosisApi.statements, { query: { sort, ...(search.q ? { q: search.q } : {}) } }, { signal }),
    refetchInterval: 15_000,
  });
  const reset = useAct(diagnosisApi.resetStatements, 'diagnosis', () => setResetting(false));
  const { query: _, role: __, ...rest } = search;
  const { data } = board;
  return (
    <>
      {search.query && search.role ? <PlanPanel id={search.query} role={search.role} fault={fault} onClose={() => go(rest)} /> : null}
      <form
        className="filters"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          const { q: ___, ...others } = rest;
          go({ ...others, ...(typed.trim() ? { q: typed.trim() } : {}) });
        }}
      >
        <div className="filters__field">
          <label htmlFor="statements-q">{speak('search')}</label>
          <Input id="statements-q" className="mono" maxLength={100} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
        <div className="filters__field">
          <label htmlFor="statements-sort">{speak('sort')}</label>
          <Select<StatementSort>
            id="statements-sort"
            value={sort}
            options={(Object.keys(STATEMENT_SORTS) as StatementSort[]).map((value) => ({ value, label: tell(STATEMENT_SORTS[value]) }))}
            onChange={(value) => go({ ...rest, sort: value })}
          />
        </div>
        <div className="filters__buttons">
          <Button type="primary" htmlType="submit">
            {speak('doSearch')}
          </Button>
          {may('operations.handle') && data && !data.missing ? (
            <Button onClick={() => setResetting(!resetting)}>{speak('reset')}</Button>
          ) : null}
        </div>
      </form>
      {resetting ? (
        <Panel title={speak('reset')}>
          <ReasonForm
            sendName={speak('reset')}
            note={speak('resetNote')}
            danger
            busy={reset.isPending}
            error={reset.error}
            onSend={(reason) => reset.mutate({ body: { reason } })}
            onClose={() => setResetting(false)}
          />
        </Panel>
      ) : null}
      {data?.missing ? (
        <div className="ms-problem ms-problem--mild" role="status">
          <p className="ms-problem__title">{speak('missing')}</p>
          <p>{tell(data.missing)}</p>
        </div>
      ) : (
        <Panel
          title={speak('table')}
          extra={
            data?.since ? (
              <span className="quiet">
                {speak('since', { at: instantText(data.since) })}
                {data.resetBy ? ` · ${speak('resetBy', { name: data.resetBy })}` : ''}
              </span>
            ) : null
          }
          flush
        >
          <DataTable<StatementLine>
            caption={speak('table')}
            rows={data?.items}
            rowKey={(row) => `${row.id}${row.role}`}
            error={data ? null : board.error}
            onRetry={() => void board.refetch()}
            empty={speak('none')}
            onOpen={(row) => go({ ...rest, query: row.id, role: row.role })}
            columns={[
              {
                key: 'statement',
                title: speak('statement'),
                wide: true,
                cell: (row) => (
                  <>
                    <Link to="/diagnosis" search={{ ...rest, query: row.id, role: row.role }} className="diagnosis__statement">
                      <StatementText text={row.statement} />
                    </Link>
                    <span className="under">{row.role}</span>
                  </>
                ),
              },
              number('share', speak('share'), (row) => percentText(row.share)),
              number('total', speak('total'), (row) => msText(row.totalMs)),
              number('calls', speak('calls'), (row) => countText(row.calls)),
              number('mean', speak('mean'), (row) => msText(row.meanMs)),
              number('max', speak('max'), (row) => msText(row.maxMs)),
              { ...number('rows', speak('rows'), (row) => countText(row.rows)), minor: true },
              { ...number('blocks', speak('blocks'), (row) => `${countText(row.blocksHit)} / ${countText(row.blocksRead)}`), minor: true },
            ]}
          />
        </Panel>
      )}
      <Running rows={data?.running} error={data ? null : board.error} />
    </>
  );
}

const number = (key: string, title: string, text: (row: StatementLine) => string) => ({
  key,
  title,
  align: 'right' as const,
  cell: (row: StatementLine) => <span className="ms-number">{text(row)}</span>,
});

function Running({ rows, error }: { rows: readonly RunningStatement[] | undefined; error: unknown }) {
  const speak = useWords(statementsText);
  return (
    <Panel title={speak('running')} flush>
      <DataTable<RunningStatement>
        caption={speak('running')}
        rows={rows}
        rowKey={(row) => String(row.pid)}
        error={error}
        empty={speak('noneRunning')}
        columns={[
          {
            key: 'session',
            title: speak('session'),
            cell: (row) => (
              <>
                <span className="ms-number">{row.pid}</span> {row.application}
                <span className="under">{row.role}</span>
              </>
            ),
          },
          {
            key: 'lasts',
            title: speak('lasts'),
            align: 'right',
            cell: (row) => <span className="ms-number">{msText(row.runningMs)}</span>,
          },
          { key: 'waits', title: speak('waitsFor'), minor: true, cell: (row) => row.waitsFor ?? '—' },
          { key: 'statement', title: speak('runs'), wide: true, cell: (row) => <StatementText text={row.statement} /> },
        ]}
      />
    </Panel>
  );
}
