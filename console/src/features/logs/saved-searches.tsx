import type { LogSearch } from '#contracts/operations/logs.api.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { Panel } from '../../parts/page.tsx';
import { useSavedSearches, useSearchActs } from './logs.queries.ts';
import { logsText } from './logs.text.ts';

/** The searches one keeps and those that colleagues share; a watched one is counted for the alerts. */
export function SavedSearches() {
  const speak = useWords(logsText);
  const may = useMay();
  const list = useSavedSearches();
  const { watch, remove } = useSearchActs();
  return (
    <Panel title={speak('saved')} flush>
      <ProblemAlert error={watch.error ?? remove.error} />
      <DataTable<LogSearch>
        caption={speak('saved')}
        rows={list.data?.items}
        rowKey={(row) => row.id}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={speak('noSaved')}
        columns={[
          {
            key: 'name',
            title: speak('name'),
            cell: (row) => (
              <>
                <Link to="/logs" search={{ q: row.query }}>
                  {row.name}
                </Link>
                <span className="under">{row.own ? speak('own') : speak('by', { name: row.by })}</span>
              </>
            ),
          },
          { key: 'query', title: speak('query'), wide: true, cell: (row) => <span className="mono">{row.query}</span> },
          {
            key: 'watched',
            title: speak('state'),
            minor: true,
            cell: (row) => (row.watched ? <span className="ms-tag ms-tag--done">{speak('watched')}</span> : null),
          },
          {
            key: 'acts',
            title: '',
            align: 'right',
            cell: (row) => (
              <span className="buttons">
                {may('operations.handle') ? (
                  <Button
                    size="small"
                    loading={watch.isPending && watch.variables.id === row.id}
                    onClick={() => watch.mutate({ id: row.id, watched: !row.watched })}
                  >
                    {speak(row.watched ? 'unwatch' : 'watch')}
                  </Button>
                ) : null}
                {row.own && !row.watched ? (
                  <Button size="small" loading={remove.isPending && remove.variables === row.id} onClick={() => remove.mutate(row.id)}>
                    {speak('remove')}
                  </Button>
                ) : null}
              </span>
            ),
          },
        ]}
      />
    </Panel>
  );
}

/** Gives what is looked for a name. */
export function SaveSearch({ query, onDone }: { query: string; onDone: () => void }) {
  const speak = useWords(logsText);
  const { save } = useSearchActs();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  return (
    <Panel title={speak('save')}>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) save.mutate({ name: name.trim(), query, shared }, { onSuccess: onDone });
        }}
      >
        <div className="filters__field">
          <label htmlFor="log-search-name">{speak('name')}</label>
          <Input id="log-search-name" autoFocus maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
        </div>
        <div className="filters__field">
          <Checkbox checked={shared} onChange={(event) => setShared(event.target.checked)}>
            {speak('shared')}
          </Checkbox>
        </div>
        <div className="filters__buttons">
          <Button type="primary" htmlType="submit" loading={save.isPending} disabled={name.trim() === ''}>
            {speak('doSave')}
          </Button>
          <Button onClick={onDone}>{speak('cancel')}</Button>
        </div>
      </form>
      <p className="mono">{query}</p>
      <ProblemAlert error={save.error} />
    </Panel>
  );
}
