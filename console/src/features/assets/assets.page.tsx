import { ASSET_KINDS, AssetInput, assetsApi, type AssetKind, type AssetLine } from '#contracts/operations/assets.api.ts';
import { ASSET_KEY } from '#contracts/operations/software.api.ts';
import { call } from '#ui/api/client.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { SchemaForm, type FormSchema } from '../../parts/schema-form.tsx';
import { HealthTag } from './asset-words.tsx';
import { assetsText } from './assets.text.ts';

/** The register: everything the platform stands on, as far as it is known. */
export function AssetsPage() {
  const speak = useWords(assetsText);
  const tell = useSay();
  const may = useMay();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const [kind, setKind] = useState<AssetKind>();
  const [isRetired, setRetired] = useState(false);
  const [q, setQ] = useState('');
  const filter = { ...(kind ? { kind } : {}), ...(q ? { q } : {}), ...(isRetired ? { retired: 'true' as const } : {}) };
  const list = useQuery({
    queryKey: ['assets', 'list', filter],
    queryFn: ({ signal }) => call(assetsApi.list, { query: filter }, { signal }),
    refetchInterval: 15_000,
  });
  return (
    <Page
      title={speak('title')}
      note={<span>{speak('note')}</span>}
      actions={
        may('operations.handle') && !adding ? (
          <Button type="primary" onClick={() => setAdding(true)}>
            {speak('add')}
          </Button>
        ) : null
      }
    >
      {adding ? <NewAsset onClose={() => setAdding(false)} /> : null}
      <div className="filters" role="search" aria-label={speak('title')}>
        <div className="filters__field">
          <label htmlFor="a-kind">{speak('kind')}</label>
          <Select
            id="a-kind"
            allowClear
            placeholder={speak('all')}
            value={kind}
            onChange={(chosen?: AssetKind) => setKind(chosen)}
            options={Object.entries(ASSET_KINDS).map(([value, name]) => ({ value: value as AssetKind, label: tell(name) }))}
          />
        </div>
        <div className="filters__field">
          <label htmlFor="a-show">{speak('show')}</label>
          <Select
            id="a-show"
            value={isRetired}
            onChange={setRetired}
            options={[
              { value: false, label: speak('inUse') },
              { value: true, label: speak('retired') },
            ]}
          />
        </div>
        <div className="filters__field">
          <label htmlFor="a-q">{speak('search')}</label>
          <Input.Search id="a-q" allowClear maxLength={100} onSearch={setQ} />
        </div>
      </div>
      <Panel flush>
        <DataTable<AssetLine>
          caption={speak('title')}
          rows={list.data?.items}
          rowKey={(row) => row.key}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={speak('none')}
          stack
          onOpen={(row) => void navigate({ to: '/assets/$key', params: { key: row.key } })}
          tone={(row) => (row.health === 'bad' ? 'red' : row.health === 'warning' ? 'yellow' : undefined)}
          columns={[
            {
              key: 'name',
              title: speak('name'),
              wide: true,
              cell: (row) => (
                <>
                  <Link to="/assets/$key" params={{ key: row.key }} className="order-link">
                    {row.name}
                  </Link>
                  <span className="under">{row.key}</span>
                </>
              ),
            },
            { key: 'kind', title: speak('kind'), cell: (row) => tell(ASSET_KINDS[row.kind]) },
            { key: 'health', title: speak('health'), cell: (row) => <HealthTag health={row.health} /> },
            { key: 'owner', title: speak('owner'), cell: (row) => row.owner ?? '—' },
            { key: 'room', title: speak('room'), minor: true, cell: (row) => row.room ?? '—' },
            { key: 'expires', title: speak('expires'), minor: true, cell: (row) => row.expiresOn ?? '—' },
            { key: 'warranty', title: speak('warranty'), minor: true, cell: (row) => row.warrantyUntil ?? '—' },
            { key: 'origin', title: speak('origin'), minor: true, cell: (row) => speak(row.foundAt ? 'found' : 'byHand') },
          ]}
        />
      </Panel>
    </Page>
  );
}

function NewAsset({ onClose }: { onClose: () => void }) {
  const speak = useWords(assetsText);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [key, setKey] = useState('');
  const [isBad, setBad] = useState(false);
  const save = useMutation({
    mutationFn: (input: Readonly<Record<string, unknown>>) =>
      call(assetsApi.put, { params: { key }, body: { version: 0, input: input as AssetInput } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['assets'] });
      void message.success(speak('saved'));
      void navigate({ to: '/assets/$key', params: { key } });
    },
  });
  return (
    <Panel title={speak('add')}>
      <div className="filters__field">
        <label htmlFor="asset-key">{speak('key')}</label>
        <Input
          id="asset-key"
          value={key}
          maxLength={ASSET_KEY.maxLength}
          placeholder={speak('keyHint')}
          {...(isBad ? { status: 'error' as const } : {})}
          onChange={({ target }) => setKey(target.value.trim())}
        />
        {isBad ? (
          <span className="form-error" role="alert">
            {speak('keyBad')}
          </span>
        ) : null}
      </div>
      <SchemaForm
        schema={AssetInput as unknown as FormSchema}
        start={{ kind: 'host' }}
        sendName={speak('save')}
        busy={save.isPending}
        error={save.error}
        onSend={(input) => {
          const fits = new RegExp(ASSET_KEY.pattern).test(key) && key.length >= ASSET_KEY.minLength;
          setBad(!fits);
          if (fits) save.mutate(input);
        }}
        onClose={onClose}
      />
    </Panel>
  );
}
