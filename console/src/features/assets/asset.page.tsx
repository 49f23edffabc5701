import { ASSET_KINDS, AssetInput, assetsApi, type AssetView } from '#contracts/operations/assets.api.ts';
import { call } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { countText, instantText, shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { App, Button, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { SchemaForm, type FormSchema } from '../../parts/schema-form.tsx';
import { AssetLinks, assetQuery, HealthTag, topologyQuery } from './asset-words.tsx';
import { assetsText } from './assets.text.ts';

const route = getRouteApi('/inside/assets/$key');

/** One asset: what it is, what it stands on, and what its failure reaches. */
export function AssetPage() {
  const speak = useWords(assetsText);
  const tell = useSay();
  const may = useMay();
  const { key } = route.useParams();
  const { data: asset, error, refetch } = useQuery(assetQuery(key));
  const [editing, setEditing] = useState(false);
  if (!asset) {
    const problem = problemOf(error);
    return (
      <div className="page" aria-busy={!error}>
        {problem?.status === 404 ? <EmptyState title={problem.title} /> : null}
        {error && problem?.status !== 404 ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
        {error ? null : <Skeleton active paragraph={{ rows: 10 }} />}
      </div>
    );
  }
  return (
    <Page
      title={asset.name}
      note={
        <span>
          {tell(ASSET_KINDS[asset.kind])} <span className="ms-number">{asset.key}</span>{' '}
          {asset.retiredAt ? <span className="ms-tag ms-tag--stopped">{speak('retired')}</span> : <HealthTag health={asset.health} />}
        </span>
      }
      actions={may('operations.handle') && !editing ? <Actions asset={asset} onEdit={() => setEditing(true)} /> : null}
    >
      {editing ? <EditForm asset={asset} onClose={() => setEditing(false)} /> : null}
      <div className="order__grid">
        <div className="order__main">
          <Facts asset={asset} />
          <Alerts asset={asset} />
        </div>
        <div className="order__side">
          <Panel title={speak('impact')}>
            <AssetLinks items={asset.impact} empty={speak('noImpact')} />
          </Panel>
          <StandsOn key={asset.key} asset={asset} />
          <Panel title={speak('records')}>
            {asset.records.length === 0 ? <p className="quiet">{speak('noRecords')}</p> : null}
            <ul className="record__links">
              {asset.records.map((one) => (
                <li key={one.id}>
                  <Link to="/records/$id" params={{ id: one.id }}>
                    <span className="ms-number">{one.number}</span> {one.title}
                  </Link>
                </li>
              ))}
            </ul>
          </Panel>
        </div>
      </div>
    </Page>
  );
}

/** What is sent anew with every change: all that is written down of it. */
function inputOf(asset: AssetView): AssetInput {
  const { kind, name, owner, room, serial, supplier, warrantyUntil, expiresOn, note } = asset;
  const known = Object.entries({ owner, room, serial, supplier, warrantyUntil, expiresOn, note }).filter(([, value]) => value !== null);
  return { kind, name, ...Object.fromEntries(known) };
}

function useSave(asset: AssetView, onSaved?: () => void) {
  const speak = useWords(assetsText);
  const queries = useQueryClient();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: ({ input, retired }: { input: AssetInput; retired: boolean }) =>
      call(assetsApi.put, { params: { key: asset.key }, body: { version: asset.version, retired, input } }),
    onSuccess: () => {
      void message.success(speak('saved'));
      onSaved?.();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['assets'] }),
  });
}

function Actions({ asset, onEdit }: { asset: AssetView; onEdit: () => void }) {
  const speak = useWords(assetsText);
  const save = useSave(asset);
  const isRetired = asset.retiredAt !== null;
  return (
    <>
      <ProblemAlert error={save.error} />
      <Button type="primary" onClick={onEdit}>
        {speak('edit')}
      </Button>
      <Button danger={!isRetired} loading={save.isPending} onClick={() => save.mutate({ input: inputOf(asset), retired: !isRetired })}>
        {speak(isRetired ? 'restore' : 'retire')}
      </Button>
    </>
  );
}

function EditForm({ asset, onClose }: { asset: AssetView; onClose: () => void }) {
  const speak = useWords(assetsText);
  // What stood on the screen when the form was opened.
  const [seen] = useState(asset);
  const save = useSave(seen, onClose);
  return (
    <Panel title={speak('edit')}>
      <SchemaForm
        schema={AssetInput as unknown as FormSchema}
        start={inputOf(seen)}
        sendName={speak('save')}
        busy={save.isPending}
        error={save.error}
        onSend={(input) => save.mutate({ input: input as AssetInput, retired: seen.retiredAt !== null })}
        onClose={onClose}
      />
    </Panel>
  );
}

function Facts({ asset }: { asset: AssetView }) {
  const speak = useWords(assetsText);
  const lines = [
    ['owner', asset.owner],
    ['room', asset.room],
    ['serial', asset.serial],
    ['supplier', asset.supplier],
    ['warranty', asset.warrantyUntil],
    ['expires', asset.expiresOn],
    ['origin', asset.foundAt ? `${speak('found')} ${instantText(asset.foundAt)}` : `${speak('byHand')} ${asset.changedBy}`],
    ['components', asset.components > 0 ? countText(asset.components) : null],
    ['noteField', asset.note],
  ] as const;
  return (
    <Panel title={speak('facts')}>
      <dl className="facts facts--two">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{speak(name)}</dt>
            <dd className="said">{value ?? '—'}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Alerts({ asset }: { asset: AssetView }) {
  const speak = useWords(assetsText);
  const tell = useSay();
  const nowMs = useNow();
  return (
    <Panel title={speak('alerts')} flush>
      <DataTable<AssetView['alerts'][number]>
        caption={speak('alerts')}
        rows={asset.alerts}
        rowKey={(row) => row.id}
        empty={speak('noAlerts')}
        stack
        columns={[
          { key: 'level', title: speak('level'), cell: (row) => row.level },
          { key: 'alert', title: speak('alert'), wide: true, cell: (row) => tell(row) },
          {
            key: 'since',
            title: speak('since'),
            cell: (row) => <span className="ms-number">{shortInstantText(row.openedAt, nowMs)}</span>,
          },
          {
            key: 'told',
            title: speak('told'),
            cell: (row) => speak(row.hushed === 'inhibited' ? 'inhibited' : row.hushed ? 'hushed' : 'toldYes'),
          },
        ]}
      />
    </Panel>
  );
}

function StandsOn({ asset }: { asset: AssetView }) {
  const speak = useWords(assetsText);
  const may = useMay();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<string[]>();
  const topology = useQuery({ ...topologyQuery, enabled: chosen !== undefined });
  const found = new Set(asset.standsOn.filter((one) => one.found).map(({ key }) => key));
  const save = useMutation({
    mutationFn: (standsOn: string[]) => call(assetsApi.relate, { params: { key: asset.key }, body: { standsOn } }),
    onSuccess: () => setChosen(undefined),
    onSettled: () => queries.invalidateQueries({ queryKey: ['assets'] }),
  });
  return (
    <Panel
      title={speak('standsOn')}
      extra={
        may('operations.handle') && chosen === undefined ? (
          <Button size="small" onClick={() => setChosen(asset.standsOn.filter((one) => !one.found).map(({ key }) => key))}>
            {speak('changeRelations')}
          </Button>
        ) : null
      }
    >
      <AssetLinks items={asset.standsOn} empty={speak('noStandsOn')} />
      {chosen === undefined ? null : (
        <>
          <Select
            mode="multiple"
            aria-label={speak('standsOn')}
            style={{ width: '100%', marginTop: 8 }}
            value={chosen}
            loading={topology.isPending}
            onChange={(keys: string[]) => setChosen(keys)}
            showSearch={{ optionFilterProp: 'label' }}
            options={(topology.data?.nodes ?? [])
              .filter(({ key }) => key !== asset.key && !found.has(key))
              .map(({ key, name }) => ({ value: key, label: `${name}（${key}）` }))}
          />
          <ProblemAlert error={save.error} />
          <div className="buttons">
            <Button type="primary" loading={save.isPending} onClick={() => save.mutate(chosen)}>
              {speak('save')}
            </Button>
            <Button onClick={() => setChosen(undefined)}>{speak('back')}</Button>
          </div>
        </>
      )}
    </Panel>
  );
}
