import { LOAD_CLASSES, loadNames } from '#contracts/base/load.ts';
import type { NodeLoad } from '#contracts/load/load.api.ts';
import { loadApi } from '#contracts/load/load.api.ts';
import { call } from '#ui/api/client.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { countText, instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { Figure } from '../../parts/figure.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { loadText } from './load.text.ts';

const TONE = { normal: 'done', diversion: 'waiting', priority: 'danger' } as const;

export function LoadPage() {
  const speak = useWords(loadText);
  const nodes = useQuery({
    queryKey: ['load'],
    queryFn: ({ signal }) => call(loadApi.nodes, {}, { signal }),
    refetchInterval: 5000,
  });
  const items = nodes.data?.items;
  return (
    <Page title={speak('title')} note={<span>{speak('note', { diversion: percentText(items?.[0]?.diversionFrom ?? 0.8) })}</span>}>
      {nodes.error ? <ProblemAlert error={nodes.error} onRetry={() => void nodes.refetch()} /> : null}
      {nodes.isPending ? <Skeleton active paragraph={{ rows: 6 }} title={false} /> : null}
      {items?.length === 0 ? <EmptyState title={speak('empty')} /> : null}
      {items?.map((node) => (
        <Node key={node.node} node={node} />
      ))}
    </Page>
  );
}

function Node({ node }: { node: NodeLoad }) {
  const speak = useWords(loadText);
  const tell = useSay();
  return (
    <Panel
      title={<span className="mono">{node.node}</span>}
      extra={
        <span className={`ms-tag ms-tag--${TONE[node.band]}`} data-testid="band">
          {speak(node.band)}
        </span>
      }
    >
      {node.needsCapacity && node.highSince ? (
        <div className="ms-problem" role="alert">
          <p className="ms-problem__title">{speak('needsCapacity', { since: instantText(node.highSince) })}</p>
        </div>
      ) : null}
      <div className="load">
        <dl className="load__figures">
          <Figure name={speak('share')} value={percentText(node.share)} />
          <Figure name={speak('limit')} value={`${countText(node.limit)} / ${countText(node.ceiling)}`} />
          <Figure name={speak('waitMs')} value={speak('ms', { ms: Math.round(node.waitMs) })} />
          <Figure name={speak('consoles')} value={countText(node.consoles)} />
          <Figure name={speak('waiting')} value={countText(node.waiting)} />
          <Figure name={speak('waitingPages')} value={countText(node.waitingPages)} />
        </dl>
        <Recent node={node} />
      </div>
      <DataTable
        caption={`${node.node} ${speak('sinceStart')}`}
        rows={LOAD_CLASSES}
        rowKey={(kind) => kind}
        empty={speak('empty')}
        columns={[
          { key: 'kind', title: speak('kind'), cell: (kind) => tell(loadNames[kind]) },
          { key: 'atWork', title: speak('atWork'), align: 'right', cell: (kind) => countText(node.atWork[kind]) },
          { key: 'served', title: speak('served'), align: 'right', cell: (kind) => countText(node.served[kind]) },
          {
            key: 'shed',
            title: speak('shed'),
            align: 'right',
            cell: (kind) => <span className={node.shed[kind] > 0 ? 'load__shed' : ''}>{countText(node.shed[kind])}</span>,
          },
        ]}
      />
    </Panel>
  );
}

/** A bar for each ten seconds; the two lines are where diversion and priority begin. */
function Recent({ node }: { node: NodeLoad }) {
  const speak = useWords(loadText);
  const full = Math.max(1, ...node.recent.map(({ share }) => share));
  const height = (share: number) => `${(Math.min(share, full) / full) * 100}%`;
  return (
    <figure className="recent">
      <figcaption>{speak('recent')}</figcaption>
      <div
        className="recent__bars"
        role="img"
        aria-label={`${speak('recent')}: ${percentText(Math.max(0, ...node.recent.map(({ share }) => share)))}`}
      >
        <i className="recent__line" style={{ bottom: height(node.diversionFrom) }} />
        <i className="recent__line recent__line--priority" style={{ bottom: height(node.priorityFrom) }} />
        {node.recent.map(({ at, share, shed }) => (
          <span
            key={at}
            className={share >= node.priorityFrom ? 'recent__bar--priority' : share >= node.diversionFrom ? 'recent__bar--diversion' : ''}
            style={{ height: height(share) }}
            title={speak('recentAt', { at: instantText(at).slice(11), share: percentText(share), shed })}
          />
        ))}
      </div>
    </figure>
  );
}

function percentText(share: number): string {
  return `${Math.round(share * 100)}%`;
}
