import { PROBE_KINDS, type ProbeView } from '#contracts/operations/probes.api.ts';
import { useNow } from '#ui/components/use-now.ts';
import { shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { Sparkline } from '../../parts/sparkline.tsx';
import { LastTry, ProbeActs, ProbeForm, shareText } from './probe-parts.tsx';
import { probesQuery } from './probes.queries.ts';
import { probesText } from './probes.text.ts';

/** What is tried from outside, how the last try went and the last day. */
export function ProbesPage() {
  const speak = useWords(probesText);
  const tell = useSay();
  const may = useMay();
  const nowMs = useNow();
  const [edited, setEdited] = useState<ProbeView | 'new'>();
  const probes = useQuery(probesQuery);
  return (
    <Page
      title={speak('probes')}
      note={<span>{speak('note')}</span>}
      actions={
        may('operations.decide') && !edited ? (
          <Button type="primary" onClick={() => setEdited('new')}>
            {speak('add')}
          </Button>
        ) : null
      }
    >
      {edited ? (
        <ProbeForm
          key={edited === 'new' ? edited : edited.id}
          probe={edited === 'new' ? null : edited}
          onClose={() => setEdited(undefined)}
        />
      ) : null}
      <Panel flush>
        <DataTable<ProbeView>
          caption={speak('probes')}
          rows={probes.data?.items}
          rowKey={(probe) => probe.id}
          error={probes.data ? null : probes.error}
          onRetry={() => void probes.refetch()}
          empty={speak('none')}
          stack
          tone={(probe) => (probe.enabled && probe.last?.good === false ? 'red' : undefined)}
          columns={[
            {
              key: 'name',
              title: speak('name'),
              cell: (probe) => (
                <>
                  <Link to="/probes/$id" params={{ id: probe.id }} className="order-link">
                    {probe.name}
                  </Link>
                  <span className="under mono">{probe.key}</span>
                </>
              ),
            },
            {
              key: 'target',
              title: speak('target'),
              wide: true,
              cell: (probe) => (
                <>
                  <span className="mono">{probe.target}</span>
                  <span className="under">
                    {tell(PROBE_KINDS[probe.kind])} · {speak('seconds', { count: probe.everySeconds })}
                    {probe.component ? ` · ${probe.component}` : ''}
                  </span>
                </>
              ),
            },
            {
              key: 'last',
              title: speak('last'),
              wide: true,
              cell: (probe) => (
                <>
                  <LastTry probe={probe} />
                  {probe.last ? (
                    <span className="under">
                      {shortInstantText(probe.last.at, nowMs)} {probe.last.note}
                    </span>
                  ) : null}
                </>
              ),
            },
            {
              key: 'took',
              title: speak('took'),
              align: 'right',
              cell: (probe) => <span className="ms-number">{probe.last ? speak('millis', { count: probe.last.tookMs }) : '—'}</span>,
            },
            { key: 'day', title: speak('day'), minor: true, cell: (probe) => <Day probe={probe} /> },
            {
              key: 'share',
              title: speak('share'),
              align: 'right',
              cell: (probe) => <span className="ms-number">{shareText(probe.share)}</span>,
            },
            { key: 'acts', title: '', align: 'right', cell: (probe) => <ProbeActs probe={probe} onEdit={() => setEdited(probe)} /> },
          ]}
        />
      </Panel>
    </Page>
  );
}

function Day({ probe }: { probe: ProbeView }) {
  const speak = useWords(probesText);
  const told = probe.tookMs.filter((value) => value !== null);
  if (told.length === 0) return <>—</>;
  const words = { last: speak('millis', { count: told.at(-1)! }), most: speak('millis', { count: Math.max(...told) }) };
  return <Sparkline values={probe.tookMs} label={speak('dayLine', words)} />;
}
