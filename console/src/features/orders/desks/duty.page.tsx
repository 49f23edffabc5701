import { desksApi, DUTY_KINDS, type Duty, type DutyKind } from '#contracts/orders/desks.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { countText, instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { useWords } from '#ui/text.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import { toneOf, UrgencyTag, useOrderColumns } from '../../../parts/order-columns.tsx';
import { Page, Panel } from '../../../parts/page.tsx';
import { desksText } from './desks.text.ts';
import type { DutySearch } from './duty-search.ts';

const route = getRouteApi('/inside/duty');
type Kind = DutyKind | 'total';
const KINDS: readonly Kind[] = ['total', ...DUTY_KINDS];

/** What cannot wait until the next working day, to be left open on a screen: it follows what happens by itself. */
export function DutyPage() {
  const speak = useWords(desksText);
  const search = route.useSearch();
  const { data, error, refetch } = useQuery({
    queryKey: ['orders', 'duty', search],
    queryFn: ({ signal }) => call(desksApi.duty, { query: search }, { signal }),
    placeholderData: keepPreviousData,
    // What becomes pressing by the clock alone is told by nobody.
    refetchInterval: 60_000,
  });
  return (
    <Page
      title={speak('duty')}
      note={
        data ? (
          <>
            <span>
              {speak('dutyNote', { until: instantText(data.until) })}
              {data.provisional ? speak('provisional') : ''}
            </span>
            <span>{speak('asOf', { at: instantText(data.at).slice(11) })}</span>
          </>
        ) : null
      }
    >
      {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <div className="duty">
          <Kinds duty={data} search={search} />
          {data.capped ? <p className="quiet">{speak('capped')}</p> : null}
          <div className="duty__two">
            <Places duty={data} search={search} />
            <Pressing duty={data} />
          </div>
        </div>
      ) : error ? null : (
        <Skeleton active paragraph={{ rows: 8 }} title={false} />
      )}
    </Page>
  );
}

function useKindName(): (kind: Kind) => string {
  const speak = useWords(desksText);
  return (kind) => speak(kind === 'total' ? 'everything' : kind === 'due' ? 'dueSoon' : kind);
}

function withKind({ region }: DutySearch, kind: Kind): DutySearch {
  return { ...(kind === 'total' ? {} : { kind }), ...(region ? { region } : {}) };
}

/** One large figure for each kind, over the chosen place. */
function Kinds({ duty, search }: { duty: Duty; search: DutySearch }) {
  const speak = useWords(desksText);
  const nameOf = useKindName();
  const places = duty.places.filter(({ region }) => !search.region || region === search.region);
  return (
    <ul className="duty__kinds" aria-label={speak('kinds')}>
      {KINDS.map((kind) => {
        const count = places.reduce((sum, place) => sum + place[kind], 0);
        return (
          <li key={kind}>
            <Link
              to="/duty"
              search={withKind(search, kind)}
              replace
              activeOptions={{ exact: true }}
              className={`duty__kind${count > 0 ? ` duty__kind--${kind}` : ''}`}
            >
              <span>{nameOf(kind)}</span>
              <strong>{countText(count)}</strong>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

function Places({ duty, search }: { duty: Duty; search: DutySearch }) {
  const speak = useWords(desksText);
  const names = useNames();
  const nameOf = useKindName();
  const only = (region: string) => (duty.places[0]?.region.length === 6 ? names.region(region).split(' ').at(-1)! : names.region(region));
  return (
    <Panel
      title={speak('places')}
      extra={
        search.region ? (
          <Link to="/duty" search={search.kind ? { kind: search.kind } : {}} replace>
            {speak('allPlaces')}
          </Link>
        ) : null
      }
      flush
    >
      <DataTable
        caption={speak('places')}
        rows={duty.places.toSorted((a, b) => b.total - a.total)}
        rowKey={(place) => place.region}
        empty={speak('calm')}
        columns={[
          {
            key: 'place',
            title: speak('place'),
            cell: (place) => (
              <Link to="/duty" search={{ region: place.region }} replace activeOptions={{ exact: true }} className="order-link">
                {only(place.region)}
              </Link>
            ),
          },
          ...KINDS.map((kind) => ({
            key: kind,
            title: speak(`short-${kind}`),
            align: 'right' as const,
            cell: (place: Duty['places'][number]) =>
              place[kind] === 0 ? (
                <span className="count count--none">0</span>
              ) : (
                <Link
                  to="/duty"
                  search={withKind({ region: place.region }, kind)}
                  replace
                  activeOptions={{ exact: true }}
                  className="count"
                  aria-label={speak('of', { who: only(place.region), what: nameOf(kind), count: place[kind] })}
                >
                  {countText(place[kind])}
                </Link>
              ),
          })),
        ]}
      />
    </Panel>
  );
}

function Pressing({ duty }: { duty: Duty }) {
  const speak = useWords(desksText);
  const navigate = useNavigate();
  const columns = useOrderColumns();
  const of = (...keys: string[]) => columns.filter(({ key }) => keys.includes(key));
  const { items, matching } = duty;
  return (
    <Panel
      title={speak('pressing')}
      extra={
        <span className="quiet">
          {matching > items.length ? speak('shown', { count: countText(matching), shown: items.length }) : null}
        </span>
      }
      flush
    >
      <DataTable<Duty['items'][number]>
        stack
        caption={speak('pressing')}
        rows={items}
        rowKey={(row) => row.id}
        empty={speak('calm')}
        tone={toneOf}
        onOpen={(row) => void navigate({ to: '/orders/$id', params: { id: row.id } })}
        columns={[
          {
            key: 'why',
            title: speak('why'),
            cell: ({ urgency, handedTo }) => (
              <span className="duty__why">
                <UrgencyTag urgency={urgency} />
                {handedTo ? <span className="ms-tag ms-tag--danger">{speak('handedTo', { to: handedTo })}</span> : null}
              </span>
            ),
          },
          ...of('number'),
          ...of('due'),
          ...of('title'),
        ]}
      />
    </Panel>
  );
}
