import type { Unit } from '#contracts/reference/reference.api.ts';
import { referenceApi } from '#contracts/reference/reference.api.ts';
import { call } from '#ui/api/client.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { RegionFields } from '#ui/office/region-fields.tsx';
import { useWords } from '#ui/text.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Input, Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { referenceText } from './reference.text.ts';

const LEVELS = ['province', 'city', 'county', 'street'] as const;
type Level = (typeof LEVELS)[number];

export function UnitsPage() {
  const speak = useWords(referenceText);
  const names = useNames();
  const [typed, setTyped] = useState('');
  const [region, setRegion] = useState<string>();
  const [level, setLevel] = useState<Level>();
  const q = useDeferredValue(typed.trim());
  const query = {
    ...(q ? { q } : {}),
    ...(region ? { region } : {}),
    ...(level ? { level } : {}),
  };
  const list = useInfiniteQuery({
    queryKey: ['units', 'page', query],
    queryFn: ({ pageParam, signal }) =>
      call(referenceApi.units, { query: { ...query, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
  return (
    <Page title={speak('units')}>
      <div className="filters" role="search" aria-label={speak('units')}>
        <div className="filters__field">
          <label htmlFor="u-q">{speak('search')}</label>
          <Input id="u-q" allowClear maxLength={50} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
        <div className="filters__field">
          <label htmlFor="u-region">{speak('region')}</label>
          <RegionFields id="u-region" withStreet={false} allowClear placeholder={speak('all')} value={region} onChange={setRegion} />
        </div>
        <div className="filters__field">
          <label htmlFor="u-level">{speak('level')}</label>
          <Select
            id="u-level"
            allowClear
            placeholder={speak('all')}
            options={LEVELS.map((value) => ({ value, label: speak(value) }))}
            value={level}
            onChange={(chosen?: Level) => setLevel(chosen)}
          />
        </div>
      </div>
      <Panel flush>
        <DataTable<Unit>
          caption={speak('units')}
          rows={list.data?.pages.flatMap((page) => page.items)}
          rowKey={(unit) => unit.code}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={speak('noUnits')}
          more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
          columns={[
            {
              key: 'code',
              title: speak('code'),
              cell: (unit) => <span className="ms-number">{unit.code}</span>,
            },
            { key: 'name', title: speak('name'), wide: true, cell: (unit) => unit.name },
            { key: 'short', title: speak('shortName'), minor: true, cell: (unit) => unit.shortName },
            { key: 'level', title: speak('level'), cell: (unit) => speak(unit.level) },
            { key: 'region', title: speak('region'), cell: (unit) => names.region(unit.region) },
          ]}
        />
      </Panel>
    </Page>
  );
}
