import {
  ASSET_KEY,
  INVENTORY_ORIGINS,
  softwareApi,
  type Inventory,
  type InventoryOutcome,
  type SoftwareLine,
} from '#contracts/operations/software.api.ts';
import { call, upload } from '#ui/api/client.ts';
import { useNow } from '#ui/components/use-now.ts';
import { countText, shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { CheckedUpload } from '../../parts/checked-upload.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { softwareText } from './software.text.ts';

const PAGE = 50;
const SHOWS = {
  all: {},
  onlyVulnerable: { vulnerable: 'true' },
  running: { development: 'false' },
  building: { development: 'true' },
} as const;
type Show = keyof typeof SHOWS;

const inventoriesQuery = {
  queryKey: ['software', 'inventories'],
  queryFn: ({ signal }: { signal: AbortSignal }) => call(softwareApi.inventories, {}, { signal }),
};

/** What software stands where, and what is known to be vulnerable of it. */
export function SoftwarePage() {
  const speak = useWords(softwareText);
  const may = useMay();
  const [uploading, setUploading] = useState(false);
  const inventories = useQuery(inventoriesQuery);
  return (
    <Page
      title={speak('title')}
      note={<span>{speak('note')}</span>}
      actions={
        <>
          {may('operations.handle') && !uploading ? (
            <Button type="primary" onClick={() => setUploading(true)}>
              {speak('upload')}
            </Button>
          ) : null}
          <Button href={softwareApi.sbom.path} download>
            {speak('sbom')}
          </Button>
        </>
      }
    >
      {uploading ? <UploadForm onClose={() => setUploading(false)} /> : null}
      <Components inventories={inventories.data?.items ?? []} />
      <Panel title={speak('sources')} flush>
        <Sources rows={inventories.data?.items} error={inventories.error} onRetry={() => void inventories.refetch()} />
      </Panel>
    </Page>
  );
}

function UploadForm({ onClose }: { onClose: () => void }) {
  const speak = useWords(softwareText);
  const queries = useQueryClient();
  const [asset, setAsset] = useState('');
  const [isBad, setBad] = useState(false);
  return (
    <Panel title={speak('upload')}>
      <CheckedUpload<InventoryOutcome>
        accept=".json,.cdx"
        hint={speak('uploadHint')}
        isReady={() => {
          const fits = new RegExp(ASSET_KEY.pattern).test(asset) && asset.length >= ASSET_KEY.minLength;
          setBad(!fits);
          return fits;
        }}
        send={(file, dryRun) => upload(softwareApi.takeInventory, { query: { asset, ...(dryRun ? { dryRun } : {}) } }, file)}
        onKept={() => void queries.invalidateQueries({ queryKey: ['software'] })}
        onClose={onClose}
        counts={({ components, passedOver }) => [
          [speak('read'), components],
          [speak('passedOver'), passedOver],
        ]}
      >
        <div className="filters__field">
          <label htmlFor="software-asset">{speak('asset')}</label>
          <Input
            id="software-asset"
            value={asset}
            maxLength={ASSET_KEY.maxLength}
            placeholder={speak('assetHint')}
            {...(isBad ? { status: 'error' as const } : {})}
            onChange={({ target }) => setAsset(target.value.trim())}
          />
          {isBad ? (
            <span className="form-error" role="alert">
              {speak('assetMissing')}
            </span>
          ) : null}
        </div>
      </CheckedUpload>
    </Panel>
  );
}

function Components({ inventories }: { inventories: readonly Inventory[] }) {
  const speak = useWords(softwareText);
  const nowMs = useNow();
  const [q, setQ] = useState('');
  const [asset, setAsset] = useState<string>();
  const [show, setShow] = useState<Show>('all');
  const filter = { ...(q ? { q } : {}), ...(asset ? { asset } : {}), ...SHOWS[show] };
  const list = useInfiniteQuery({
    queryKey: ['software', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      call(softwareApi.list, { query: { ...filter, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
  const assets = [...new Set(inventories.map((one) => one.asset))];
  return (
    <>
      <div className="filters" role="search" aria-label={speak('title')}>
        <div className="filters__field">
          <label htmlFor="s-show">{speak('show')}</label>
          <Select
            id="s-show"
            value={show}
            onChange={(chosen: Show) => setShow(chosen)}
            options={(Object.keys(SHOWS) as Show[]).map((value) => ({ value, label: speak(value) }))}
          />
        </div>
        <div className="filters__field">
          <label htmlFor="s-asset">{speak('asset')}</label>
          <Select
            id="s-asset"
            allowClear
            placeholder={speak('all')}
            value={asset}
            onChange={(chosen?: string) => setAsset(chosen)}
            options={assets.map((value) => ({ value, label: value }))}
          />
        </div>
        <div className="filters__field">
          <label htmlFor="s-q">{speak('search')}</label>
          <Input.Search id="s-q" allowClear maxLength={100} onSearch={(text) => setQ(text.trim())} />
        </div>
      </div>
      <Panel flush>
        <DataTable<SoftwareLine>
          caption={speak('title')}
          rows={list.data?.pages.flatMap((page) => page.items)}
          rowKey={(row) => row.purl}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={speak('none')}
          stack
          tone={(row) => (row.findings.some(({ level }) => level <= 2) ? 'red' : row.findings.length > 0 ? 'yellow' : undefined)}
          more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
          columns={[
            {
              key: 'name',
              title: speak('component'),
              wide: true,
              cell: (row) => (
                <span title={row.purl}>
                  {row.name}
                  {row.development ? <span className="under">{speak('building')}</span> : null}
                </span>
              ),
            },
            { key: 'version', title: speak('version'), cell: (row) => <span className="ms-number">{row.version}</span> },
            { key: 'ecosystem', title: speak('ecosystem'), minor: true, cell: (row) => row.ecosystem ?? '—' },
            { key: 'findings', title: speak('findings'), cell: (row) => <Findings row={row} /> },
            {
              key: 'where',
              title: speak('where'),
              cell: (row) => (
                <span title={row.assets.join('\n')}>
                  {row.places > 1 ? speak('andMore', { first: row.assets[0]!, count: row.places }) : row.assets[0]}
                </span>
              ),
            },
            { key: 'licence', title: speak('licence'), minor: true, cell: (row) => row.licences.join('、') || '—' },
            {
              key: 'firstSeen',
              title: speak('firstSeen'),
              minor: true,
              cell: (row) => <span className="ms-number">{shortInstantText(row.firstSeenAt, nowMs)}</span>,
            },
          ]}
        />
      </Panel>
    </>
  );
}

function Findings({ row }: { row: SoftwareLine }) {
  if (row.findings.length === 0) return <span className="quiet">—</span>;
  return (
    <>
      {row.findings.slice(0, 3).map(({ recordId, key, number, level }) => (
        <div key={recordId} className={level <= 2 ? 'record__grave' : ''}>
          <Link to="/records/$id" params={{ id: recordId }} title={number}>
            {key}
          </Link>
        </div>
      ))}
      {row.findings.length > 3 ? <span className="quiet">+{row.findings.length - 3}</span> : null}
    </>
  );
}

function Sources({ rows, error, onRetry }: { rows: readonly Inventory[] | undefined; error: unknown; onRetry: () => void }) {
  const speak = useWords(softwareText);
  const tell = useSay();
  const nowMs = useNow();
  return (
    <DataTable<Inventory>
      caption={speak('sources')}
      rows={rows}
      rowKey={(row) => `${row.asset}/${row.origin}`}
      error={error}
      onRetry={onRetry}
      empty={speak('noSources')}
      stack
      columns={[
        { key: 'asset', title: speak('asset'), wide: true, cell: (row) => row.asset },
        { key: 'origin', title: speak('origin'), cell: (row) => tell(INVENTORY_ORIGINS[row.origin]) },
        { key: 'components', title: speak('components'), align: 'right', cell: (row) => countText(row.components) },
        { key: 'vulnerable', title: speak('vulnerable'), align: 'right', cell: (row) => countText(row.vulnerable) },
        { key: 'passedOver', title: speak('passedOver'), align: 'right', minor: true, cell: (row) => countText(row.passedOver) },
        {
          key: 'takenAt',
          title: speak('takenAt'),
          cell: (row) => <span className="ms-number">{shortInstantText(row.takenAt, nowMs)}</span>,
        },
        { key: 'takenBy', title: speak('takenBy'), minor: true, cell: (row) => row.takenBy },
      ]}
    />
  );
}
