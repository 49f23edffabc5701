import type { Entry } from '#contracts/reference/catalogue.api.ts';
import { catalogueApi } from '#contracts/reference/catalogue.api.ts';
import { call } from '#ui/api/client.ts';
import { CategorySelect } from '#ui/office/category-select.tsx';
import { DataTable } from '#ui/office/data-table.tsx';
import { RegionFields } from '#ui/office/region-fields.tsx';
import { useMay, useMe } from '#ui/office/session.ts';
import { UnitPicker } from '#ui/office/unit-picker.tsx';
import { useWords } from '#ui/text.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { catalogueText } from './catalogue.text.ts';
import { EntryForm } from './entry-form.tsx';
import { EntryState, useEntryWords } from './entry-words.tsx';
import { ObjectionTable } from './objection-table.tsx';

type Only = 'objected' | 'proposed';

/** Which unit owns which matter where: searched by category, region and unit, with what units object to. */
export function CataloguePage() {
  const speak = useWords(catalogueText);
  const words = useEntryWords();
  const may = useMay();
  const me = useMe();
  const navigate = useNavigate();
  const [category, setCategory] = useState<string>();
  const [region, setRegion] = useState<string>();
  const [unit, setUnit] = useState<string>();
  const [only, setOnly] = useState<Only>();
  const [adding, setAdding] = useState(false);
  const query = { ...(category ? { category } : {}), ...(region ? { region } : {}), ...(unit ? { unit } : {}), ...(only ? { only } : {}) };
  const list = useInfiniteQuery({
    queryKey: ['catalogue', 'list', query],
    queryFn: ({ pageParam, signal }) =>
      call(catalogueApi.list, { query: { ...query, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
  const seesObjections = me.scope === 'province' || me.scope === 'city';
  const gaps = useQuery({
    queryKey: ['catalogue', 'gaps'],
    queryFn: ({ signal }) => call(catalogueApi.unmatched, {}, { signal }),
    enabled: seesObjections,
  });
  const open = (entry: Entry) => void navigate({ to: '/catalogue/$id', params: { id: entry.id } });
  return (
    <Page
      title={speak('catalogue')}
      note={<span>{speak('note')}</span>}
      actions={
        may('reference.draft-catalogue') && !adding ? (
          <Button type="primary" onClick={() => setAdding(true)}>
            {speak('newEntry')}
          </Button>
        ) : null
      }
    >
      {adding ? (
        <Panel title={speak('newEntry')}>
          <EntryForm onDone={open} onClose={() => setAdding(false)} />
        </Panel>
      ) : null}
      <div className="filters" role="search" aria-label={speak('catalogue')}>
        <div className="filters__field">
          <label htmlFor="c-category">{speak('category')}</label>
          <CategorySelect id="c-category" value={category} onChange={setCategory} placeholder={speak('all')} />
        </div>
        <div className="filters__field">
          <label htmlFor="c-region">{speak('region')}</label>
          <RegionFields
            id="c-region"
            withStreet={false}
            cityAsPrefix
            allowClear
            placeholder={speak('all')}
            value={region}
            onChange={setRegion}
          />
        </div>
        <div className="filters__field">
          <label htmlFor="c-unit">{speak('unit')}</label>
          <UnitPicker id="c-unit" value={unit} onChange={setUnit} />
        </div>
        {seesObjections ? (
          <div className="filters__field">
            <label htmlFor="c-only">{speak('show')}</label>
            <Select
              id="c-only"
              allowClear
              placeholder={speak('all')}
              options={(['objected', 'proposed'] as const).map((value) => ({ value, label: speak(value) }))}
              value={only}
              onChange={(chosen?: Only) => setOnly(chosen)}
            />
          </div>
        ) : null}
      </div>
      <Panel flush>
        <DataTable<Entry>
          caption={speak('catalogue')}
          rows={list.data?.pages.flatMap((page) => page.items)}
          rowKey={(entry) => entry.id}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={speak('noEntries')}
          onOpen={open}
          tone={(entry) => (entry.objections > 0 ? 'yellow' : undefined)}
          more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
          columns={[
            {
              key: 'category',
              title: speak('category'),
              cell: (entry) => (
                <Link to="/catalogue/$id" params={{ id: entry.id }} className="order-link">
                  {words.category(entry.category)}
                </Link>
              ),
            },
            { key: 'region', title: speak('region'), cell: (entry) => words.region(entry.region) },
            {
              key: 'unit',
              title: speak('unit'),
              wide: true,
              cell: (entry) => (
                <>
                  {words.owner(entry)} <span className="quiet">{speak(entry.role)}</span>
                </>
              ),
            },
            { key: 'source', title: speak('legalSource'), minor: true, cell: (entry) => <span className="clip">{entry.legalSource}</span> },
            { key: 'version', title: speak('version'), cell: (entry) => speak('versionNo', { version: entry.version }) },
            { key: 'state', title: speak('state'), cell: (entry) => <EntryState entry={entry} /> },
            ...(seesObjections
              ? [
                  {
                    key: 'objections',
                    title: speak('objections'),
                    align: 'right' as const,
                    cell: (entry: Entry) => (entry.objections > 0 ? <strong>{entry.objections}</strong> : speak('none')),
                  },
                ]
              : []),
          ]}
        />
      </Panel>
      {gaps.data && gaps.data.items.length > 0 ? (
        <Panel title={speak('gaps')} flush>
          <ObjectionTable objections={gaps.data.items} withCategory />
        </Panel>
      ) : null}
    </Page>
  );
}
