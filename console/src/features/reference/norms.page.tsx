import type { NormRow } from '#contracts/reference/norms.api.ts';
import { normsApi } from '#contracts/reference/norms.api.ts';
import { call } from '#ui/api/client.ts';
import { StateTag } from '#ui/components/state-tag.tsx';
import { instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useDictionary } from '#ui/office/dictionary.ts';
import { useMay, useMe } from '#ui/office/session.ts';
import { citiesOf } from '#ui/regions.ts';
import { useWords } from '#ui/text.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { useNormWords } from './norm-words.tsx';
import { normsText } from './norms.text.ts';

/** Every version of every norm that one sees, newest first. */
export function NormsPage() {
  const speak = useWords(normsText);
  const words = useNormWords();
  const may = useMay();
  const me = useMe();
  const navigate = useNavigate();
  const { regions } = useDictionary();
  const [region, setRegion] = useState<string>();
  const list = useInfiniteQuery({
    queryKey: ['norms', region ?? ''],
    queryFn: ({ pageParam, signal }) =>
      call(normsApi.list, { query: { limit: 50, ...(region ? { region } : {}), ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
  const own = me.region ? me.region.slice(0, 4) : '32';
  return (
    <Page
      title={speak('norms')}
      note={<span>{speak('note')}</span>}
      actions={
        may('reference.draft-norms') ? (
          <Button type="primary" onClick={() => void navigate({ to: '/norms/draft/$region', params: { region: own } })}>
            {speak(own === '32' ? 'draftProvince' : 'draftCity')}
          </Button>
        ) : null
      }
    >
      <div className="filters" role="search" aria-label={speak('norms')}>
        <div className="filters__field">
          <label htmlFor="n-region">{speak('whose')}</label>
          <Select
            id="n-region"
            allowClear
            placeholder={speak('all')}
            options={['32', ...citiesOf(regions).map((city) => city.code.slice(0, 4))].map((value) => ({
              value,
              label: words.region(value),
            }))}
            value={region}
            onChange={(chosen?: string) => setRegion(chosen)}
          />
        </div>
      </div>
      <Panel flush>
        <DataTable<NormRow>
          caption={speak('norms')}
          rows={list.data?.pages.flatMap((page) => page.items)}
          rowKey={(norm) => norm.id}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={speak('noNorms')}
          onOpen={(norm) => void navigate({ to: '/norms/$id', params: { id: norm.id } })}
          more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
          columns={[
            { key: 'whose', title: speak('whose'), cell: (norm) => words.region(norm.region) },
            {
              key: 'version',
              title: speak('version'),
              cell: (norm) => (norm.version === null ? speak('none') : speak('versionNo', { version: norm.version })),
            },
            {
              key: 'state',
              title: speak('state'),
              cell: (norm) => (
                <>
                  <StateTag of="norm" state={norm.state} />{' '}
                  {norm.inForce ? <span className="ms-tag ms-tag--working">{speak('inForce')}</span> : null}
                </>
              ),
            },
            {
              key: 'title',
              title: speak('titleField'),
              wide: true,
              cell: (norm) => (
                <>
                  <Link to="/norms/$id" params={{ id: norm.id }} className="order-link">
                    {norm.title}
                  </Link>
                  <span className="under">{norm.source}</span>
                </>
              ),
            },
            {
              key: 'effective',
              title: speak('effective'),
              cell: (norm) => <span className="ms-number">{norm.effectiveFrom ? instantText(norm.effectiveFrom) : speak('none')}</span>,
            },
            {
              key: 'drafted',
              title: speak('drafted'),
              minor: true,
              cell: (norm) => (
                <>
                  {norm.draftedBy}
                  <span className="under ms-number">{instantText(norm.draftedAt)}</span>
                </>
              ),
            },
            {
              key: 'approved',
              title: speak('approved'),
              minor: true,
              cell: (norm) =>
                norm.approvedAt ? (
                  <>
                    {norm.approvedBy}
                    <span className="under ms-number">{instantText(norm.approvedAt)}</span>
                  </>
                ) : (
                  speak('none')
                ),
            },
          ]}
        />
      </Panel>
    </Page>
  );
}
