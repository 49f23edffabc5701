import type { Entry } from '#contracts/reference/catalogue.api.ts';
import { catalogueApi } from '#contracts/reference/catalogue.api.ts';
import { entryLifecycle, type EntryAction } from '#contracts/reference/norm.lifecycle.ts';
import { call } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay, useMe } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { App, Button, Skeleton } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { catalogueText } from './catalogue.text.ts';
import { DecisionModal, type Decided } from './decision-modal.tsx';
import { EntryForm } from './entry-form.tsx';
import { EntryState, useEntryWords } from './entry-words.tsx';
import { ObjectionTable } from './objection-table.tsx';

const route = getRouteApi('/inside/catalogue/$id');

/** One entry of the catalogue: its versions, what units object to it, and what may be done about it. */
export function EntryPage() {
  const { id } = route.useParams();
  const speak = useWords(catalogueText);
  const words = useEntryWords();
  const me = useMe();
  const { data, error, refetch } = useQuery({
    queryKey: ['catalogue', 'one', id],
    queryFn: ({ signal }) => call(catalogueApi.byId, { params: { id } }, { signal }),
  });
  const latest = data?.versions[0];
  if (!data || !latest) {
    return (
      <Page title={speak('catalogue')}>
        {problemOf(error)?.status === 404 ? (
          <EmptyState title={problemOf(error)?.title ?? ''}>
            <Link to="/catalogue">{speak('catalogue')}</Link>
          </EmptyState>
        ) : error ? (
          <ProblemAlert error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton active paragraph={{ rows: 8 }} />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={`${words.category(latest.category)}：${words.owner(latest)}`}
      note={
        <>
          <Link to="/catalogue">{speak('catalogue')}</Link>
          <span>{words.region(latest.region)}</span>
          <span>{speak(latest.role)}</span>
          <span data-testid="entry-state">
            <EntryState entry={latest} />
          </span>
        </>
      }
    >
      <EntryActions versions={data.versions} />
      {me.scope === 'province' || me.scope === 'city' ? (
        <Panel title={speak('objections')} flush>
          <ObjectionTable objections={data.objections} withCategory={false} />
        </Panel>
      ) : null}
      <Panel title={speak('history')} flush>
        <Versions versions={data.versions} />
      </Panel>
    </Page>
  );
}

/** Whose entry it is: the province changes all, a city what lies in its own region. */
function useAnswersFor(): (region: string) => boolean {
  const me = useMe();
  return (region) => me.scope === 'province' || (me.scope === 'city' && region.startsWith(me.region?.replace(/00$/, '') ?? '-'));
}

function EntryActions({ versions }: { versions: readonly Entry[] }) {
  const speak = useWords(catalogueText);
  const tell = useSay();
  const may = useMay();
  const me = useMe();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const answersFor = useAnswersFor();
  const [deciding, setDeciding] = useState<EntryAction>();
  const [drafting, setDrafting] = useState<'version' | 'objections' | 'own'>();
  const latest = versions.find((version) => version.state !== 'withdrawn') ?? versions[0]!;
  const act = useMutation({
    mutationFn: ({ action, decided: { opinion, effectiveFrom } }: { action: EntryAction; decided: Decided }) => {
      const { id, version } = latest;
      const params = { id };
      return action === 'approve'
        ? call(catalogueApi.approve, { params, body: { version, input: { opinion, effectiveFrom } } })
        : call(catalogueApi.withdraw, { params, body: { version, input: { opinion } } });
    },
    onSuccess: async (_, { action }) => {
      setDeciding(undefined);
      await queries.invalidateQueries({ queryKey: ['catalogue'] });
      void message.success(speak('done', { action: tell(entryLifecycle.actions[action].name) }));
    },
  });
  const own = answersFor(latest.region);
  const waits = latest.state === 'proposed';
  const mayDraft = may('reference.draft-catalogue') && !waits;
  const mayWithdraw =
    own && may('reference.draft-catalogue') && (waits || (latest.state === 'approved' && !latest.inForce && isFuture(latest)));
  const mayApprove = own && may('reference.approve-catalogue') && waits;
  const ownCity = mayDraft && !own && me.scope === 'city';
  if (!mayApprove && !mayWithdraw && !mayDraft) return null;
  const decide = (action: EntryAction) => {
    act.reset();
    setDeciding(action);
  };
  return (
    <Panel>
      <div className="buttons" role="group">
        {mayApprove ? (
          <Button type="primary" onClick={() => decide('approve')}>
            {tell(entryLifecycle.actions.approve.name)}
          </Button>
        ) : null}
        {mayDraft && own ? <Button onClick={() => setDrafting('version')}>{speak('newVersion')}</Button> : null}
        {mayDraft && latest.objections > 0 && own ? (
          <Button type="primary" onClick={() => setDrafting('objections')}>
            {speak('fromObjections')}
          </Button>
        ) : null}
        {ownCity ? <Button onClick={() => setDrafting('own')}>{speak('ownEntry')}</Button> : null}
        {mayWithdraw ? (
          <Button danger onClick={() => decide('withdraw')}>
            {tell(entryLifecycle.actions.withdraw.name)}
          </Button>
        ) : null}
      </div>
      {drafting ? (
        <div className="action">
          <EntryForm
            key={drafting}
            follows={drafting === 'own' ? undefined : latest}
            // Whoever drafts with objections in sight answers them: the own city's entry those of its own region.
            answers={drafting === 'version' || latest.objections === 0 ? undefined : latest.id}
            start={drafting === 'own' ? { category: latest.category, role: latest.role } : {}}
            onDone={() => setDrafting(undefined)}
            onClose={() => setDrafting(undefined)}
          />
        </div>
      ) : null}
      {deciding ? (
        <DecisionModal
          title={tell(entryLifecycle.actions[deciding].name)}
          withInstant={deciding === 'approve'}
          busy={act.isPending}
          error={act.error}
          onDecide={(decided) => act.mutate({ action: deciding, decided })}
          onClose={() => setDeciding(undefined)}
        />
      ) : null}
    </Panel>
  );
}

function isFuture(entry: Entry): boolean {
  return entry.effectiveFrom !== null && Date.parse(entry.effectiveFrom) > Date.now();
}

function Versions({ versions }: { versions: readonly Entry[] }) {
  const speak = useWords(catalogueText);
  const words = useEntryWords();
  const who = (name: string | null, at: string | null) =>
    name === null ? (
      speak('none')
    ) : (
      <>
        {name}
        {at ? <span className="under ms-number">{instantText(at)}</span> : null}
      </>
    );
  return (
    <DataTable<Entry>
      caption={speak('history')}
      rows={versions}
      rowKey={(entry) => String(entry.version)}
      empty={speak('none')}
      columns={[
        { key: 'version', title: speak('version'), cell: (entry) => speak('versionNo', { version: entry.version }) },
        { key: 'state', title: speak('state'), cell: (entry) => <EntryState entry={entry} /> },
        { key: 'owner', title: speak('unit'), cell: (entry) => words.owner(entry) },
        {
          key: 'why',
          title: speak('reason'),
          wide: true,
          cell: (entry) => (
            <>
              {entry.reason}
              <span className="under">
                {speak('legalSource')}：{entry.legalSource}
              </span>
              {entry.opinion ? (
                <span className="under">
                  {speak('opinion')}：{entry.opinion}
                </span>
              ) : null}
            </>
          ),
        },
        { key: 'proposed', title: speak('proposedBy'), minor: true, cell: (entry) => who(entry.proposedBy, entry.proposedAt) },
        { key: 'approved', title: speak('approvedBy'), minor: true, cell: (entry) => who(entry.approvedBy, null) },
        {
          key: 'effective',
          title: speak('effective'),
          cell: (entry) => <span className="ms-number">{entry.effectiveFrom ? instantText(entry.effectiveFrom) : speak('none')}</span>,
        },
      ]}
    />
  );
}
