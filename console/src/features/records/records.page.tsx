import { OPENED_BY_HAND, recordsApi, type OpenedByHand, type RecordFilter } from '#contracts/operations/records/records.api.ts';
import { kindFacts, type RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import { call } from '#ui/api/client.ts';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { RecordTable } from './record-table.tsx';
import { myRecordsQuery, recordsQuery } from './records.queries.ts';
import { recordsText } from './records.text.ts';
import { SchemaForm, type FormSchema } from '../../parts/schema-form.tsx';

export const FaultsPage = () => <RecordsPage kind="fault" opens="openFault" />;
export const ProblemsPage = () => <RecordsPage kind="problem" opens="openProblem" />;
export const ChangesPage = () => <RecordsPage kind="change" opens="openChange" />;

type Opening = 'openFault' | 'openProblem' | 'openChange';
type Show = 'open' | 'mine' | 'ended' | 'all';

/** The records of one kind, with what opens another. */
function RecordsPage({ kind, opens }: { kind: OpenedByHand; opens: Opening }) {
  const speak = useWords(recordsText);
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const mayOpen = may(opens === 'openChange' ? 'operations.handle' : 'operations.report');
  return (
    <Page
      title={speak(kindFacts(kind).plural as 'faults')}
      actions={
        mayOpen && !adding ? (
          <Button type="primary" onClick={() => setAdding(true)}>
            {speak(opens)}
          </Button>
        ) : null
      }
    >
      {adding ? <OpenForm kind={kind} opens={opens} onClose={() => setAdding(false)} /> : null}
      <FilteredRecords kind={kind} empty={speak('none')} />
    </Page>
  );
}

/** The records of one kind with their filters. */
export function FilteredRecords({ kind, empty }: { kind: RecordKind; empty: string }) {
  const speak = useWords(recordsText);
  const tell = useSay();
  const [show, setShow] = useState<Show>('open');
  const [level, setLevel] = useState<number>();
  const [q, setQ] = useState('');
  const [byDue, setByDue] = useState(kind === 'vulnerability');
  const isOpen = show === 'open' || show === 'mine';
  const filter: RecordFilter = {
    kind,
    ...(isOpen ? { open: 'true', ...(byDue ? { sort: 'due' } : {}) } : show === 'ended' ? { open: 'false' } : {}),
    ...(show === 'mine' ? { owner: 'me' } : {}),
    ...(level ? { level } : {}),
    ...(q ? { q } : {}),
  };
  const list = useInfiniteQuery(recordsQuery(filter));
  const { plural, levels } = kindFacts(kind);
  return (
    <>
      <div className="filters" role="search" aria-label={speak(plural as 'faults')}>
        <div className="filters__field">
          <label htmlFor="r-show">{speak('show')}</label>
          <Select
            id="r-show"
            value={show}
            onChange={(chosen: Show) => setShow(chosen)}
            options={(['open', 'mine', 'ended', 'all'] as const).map((value) => ({ value, label: speak(value) }))}
          />
        </div>
        <div className="filters__field">
          <label htmlFor="r-level">{speak('level')}</label>
          <Select
            id="r-level"
            allowClear
            placeholder={speak('all')}
            value={level}
            onChange={(chosen?: number) => setLevel(chosen)}
            options={Object.entries(levels).map(([value, name]) => ({ value: Number(value), label: tell(name) }))}
          />
        </div>
        {isOpen ? (
          <div className="filters__field">
            <label htmlFor="r-sort">{speak('sort')}</label>
            <Select
              id="r-sort"
              value={byDue}
              onChange={setByDue}
              options={[
                { value: true, label: speak('dueFirst') },
                { value: false, label: speak('newestFirst') },
              ]}
            />
          </div>
        ) : null}
        <div className="filters__field">
          <label htmlFor="r-q">{speak('search')}</label>
          <Input.Search id="r-q" allowClear maxLength={50} onSearch={setQ} />
        </div>
      </div>
      <RecordTable list={list} caption={speak(plural as 'faults')} empty={q || level ? speak('none') : empty} />
    </>
  );
}

/** What one reported oneself; for everybody in the back office, on a phone, too. */
export function MyRecordsPage() {
  const speak = useWords(recordsText);
  const [adding, setAdding] = useState<'openFault' | 'openProblem'>();
  const list = useInfiniteQuery(myRecordsQuery());
  return (
    <Page
      title={speak('myRecords')}
      note={<span>{speak('myNote')}</span>}
      actions={
        adding ? null : (
          <>
            <Button type="primary" onClick={() => setAdding('openFault')}>
              {speak('reportFault')}
            </Button>
            <Button onClick={() => setAdding('openProblem')}>{speak('reportProblem')}</Button>
          </>
        )
      }
    >
      {adding ? <OpenForm kind={adding === 'openFault' ? 'fault' : 'problem'} opens={adding} onClose={() => setAdding(undefined)} /> : null}
      <RecordTable list={list} caption={speak('myRecords')} empty={speak('noneMine')} />
    </Page>
  );
}

function OpenForm({ kind, opens, onClose }: { kind: OpenedByHand; opens: Opening; onClose: () => void }) {
  const speak = useWords(recordsText);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const open = useMutation({
    mutationFn: (body: Readonly<Record<string, unknown>>) =>
      call(recordsApi[opens], { body } as never) as Promise<{ id: string; number: string }>,
    onSuccess: async ({ id, number }) => {
      await queries.invalidateQueries({ queryKey: ['records'] });
      void message.success(speak('sent', { number }));
      void navigate({ to: '/records/$id', params: { id } });
    },
  });
  return (
    <Panel title={speak(opens)}>
      <SchemaForm
        schema={OPENED_BY_HAND[kind] as unknown as FormSchema}
        start={{ level: 3, source: 'phone', class: 'normal', scope: 'application' }}
        sendName={speak('send')}
        busy={open.isPending}
        error={open.error}
        onSend={(body) => open.mutate(body)}
        onClose={onClose}
      />
    </Panel>
  );
}
