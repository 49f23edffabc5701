import type { NormView } from '#contracts/reference/norms.api.ts';
import { normsApi } from '#contracts/reference/norms.api.ts';
import { call } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { StateTag } from '#ui/components/state-tag.tsx';
import { instantText } from '#ui/format.ts';
import { useMe } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import { Page, Panel } from '../../parts/page.tsx';
import { NormActions } from './norm-actions.tsx';
import { NormDifference, NormRules } from './norm-content.tsx';
import { NormTrial } from './norm-trial.tsx';
import { useNormWords } from './norm-words.tsx';
import { normsText } from './norms.text.ts';

const route = getRouteApi('/inside/norms/$id');
const POLL_MS = 1000;

/** One norm; while it is being tried the page follows the trial. */
export function normQuery(id: string) {
  return {
    queryKey: ['norms', 'one', id],
    queryFn: ({ signal }: { signal: AbortSignal }) => call(normsApi.byId, { params: { id } }, { signal }),
    refetchInterval: ({ state }: { state: { data: NormView | undefined } }) =>
      state.data?.state === 'trying' ? POLL_MS : (false as const),
  };
}

export function NormPage() {
  const { id } = route.useParams();
  const speak = useWords(normsText);
  const words = useNormWords();
  const me = useMe();
  const { data: norm, error, refetch } = useQuery(normQuery(id));
  if (error && !norm) {
    return (
      <Page title={speak('norms')}>
        {problemOf(error)?.status === 404 ? (
          <EmptyState title={problemOf(error)?.title ?? ''}>
            <Link to="/norms">{speak('norms')}</Link>
          </EmptyState>
        ) : (
          <ProblemAlert error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }
  if (!norm) {
    return (
      <Page title={speak('norms')}>
        <Skeleton active paragraph={{ rows: 10 }} />
      </Page>
    );
  }
  const seesTrial = me.scope === 'province' || me.scope === 'city';
  return (
    <Page
      title={norm.title}
      note={
        <>
          <Link to="/norms">{speak('norms')}</Link>
          <span>{words.region(norm.region)}</span>
          {norm.version === null ? null : <span>{speak('versionNo', { version: norm.version })}</span>}
          <span data-testid="norm-state">
            <StateTag of="norm" state={norm.state} />{' '}
            {norm.inForce ? <span className="ms-tag ms-tag--working">{speak('inForce')}</span> : null}
          </span>
        </>
      }
    >
      <Panel>
        <dl className="facts facts--norm">
          <div>
            <dt>{speak('source')}</dt>
            <dd>{norm.source}</dd>
          </div>
          <div>
            <dt>{speak('drafted')}</dt>
            <dd>
              {norm.draftedBy} <span className="ms-number">{instantText(norm.draftedAt)}</span>
            </dd>
          </div>
          <div>
            <dt>{speak('approved')}</dt>
            <dd>
              {norm.approvedBy ?? speak('none')} <span className="ms-number">{norm.approvedAt ? instantText(norm.approvedAt) : ''}</span>
            </dd>
          </div>
          <div>
            <dt>{speak('effective')}</dt>
            <dd className="ms-number">{norm.effectiveFrom ? instantText(norm.effectiveFrom) : speak('none')}</dd>
          </div>
          {norm.opinion ? (
            <div>
              <dt>{speak('opinion')}</dt>
              <dd>{norm.opinion}</dd>
            </div>
          ) : null}
        </dl>
        <NormActions norm={norm} />
      </Panel>
      {norm.before ? <NormDifference before={norm.before} after={norm.content} /> : null}
      {seesTrial && (norm.trial || norm.state !== 'approved') ? <NormTrial norm={norm} /> : null}
      <NormRules content={norm.content} />
    </Page>
  );
}
