import type { NormView, TrialCity, TrialOrder } from '#contracts/reference/norms.api.ts';
import { normsApi } from '#contracts/reference/norms.api.ts';
import { call } from '#ui/api/client.ts';
import { NumberText } from '#ui/components/number.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { countText, dayText, instantText, shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { useWords } from '#ui/text.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Select } from 'antd';
import { useState } from 'react';
import { Panel } from '../../parts/page.tsx';
import { useNormWords } from './norm-words.tsx';
import { normsText } from './norms.text.ts';

const WHATS = ['due', 'lamp', 'fields', 'reply'] as const;
type What = (typeof WHATS)[number];
const WHAT_WORDS = { due: 'due', lamp: 'lamp', fields: 'fields', reply: 'replies' } as const;

/** What the draft would have changed of last month's orders: by city, then order by order. */
export function NormTrial({ norm }: { norm: NormView }) {
  const speak = useWords(normsText);
  const names = useNames();
  const { trial } = norm;
  if (!trial) {
    return (
      <Panel title={speak('trial')}>
        <p className="quiet">{speak('noTrial')}</p>
      </Panel>
    );
  }
  const month = dayText(trial.from).slice(0, 7);
  const sum = (name: keyof Omit<TrialCity, 'region'>) => trial.totals.reduce((total, city) => total + city[name], 0);
  if (trial.state !== 'done') {
    return (
      <Panel title={speak('trial')}>
        <p role="status">{speak('trialRunning', { month, orders: countText(sum('orders')) })}</p>
      </Panel>
    );
  }
  const count = (name: keyof Omit<TrialCity, 'region'>, title: string) => ({
    key: name,
    title,
    align: 'right' as const,
    cell: (city: TrialCity) => countText(city[name]),
  });
  const facts = {
    month,
    orders: countText(sum('orders')),
    changed: countText(sum('changed')),
    by: trial.startedBy,
    at: instantText(trial.startedAt),
  };
  return (
    <>
      <Panel title={speak('trial')} extra={<span className="quiet">{speak('trialNote', facts)}</span>} flush>
        <DataTable<TrialCity>
          caption={speak('trial')}
          rows={trial.totals}
          rowKey={(city) => city.region}
          empty={speak('noOrders')}
          columns={[
            { key: 'city', title: speak('city'), wide: true, cell: (city) => names.region(city.region) },
            count('orders', speak('orders')),
            count('changed', speak('changed')),
            ...WHATS.map((what) => count(what, speak(WHAT_WORDS[what]))),
          ]}
        />
      </Panel>
      {sum('changed') > 0 ? <ChangedOrders normId={norm.id} trialId={trial.id} cities={trial.totals.map((city) => city.region)} /> : null}
    </>
  );
}

function ChangedOrders({ normId, trialId, cities }: { normId: string; trialId: string; cities: readonly string[] }) {
  const speak = useWords(normsText);
  const names = useNames();
  const [what, setWhat] = useState<What>();
  const [region, setRegion] = useState<string>();
  const query = { ...(what ? { what } : {}), ...(region ? { region } : {}) };
  const list = useInfiniteQuery({
    queryKey: ['norms', 'trial', trialId, query],
    queryFn: ({ pageParam, signal }) =>
      call(
        normsApi.trialOrders,
        { params: { id: normId }, query: { ...query, limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
  return (
    <Panel
      title={speak('changed')}
      extra={
        <span className="buttons">
          <Select
            aria-label={speak('city')}
            allowClear
            placeholder={speak('city')}
            className="norm__filter"
            options={cities.map((value) => ({ value, label: names.region(value) }))}
            value={region}
            onChange={(chosen?: string) => setRegion(chosen)}
          />
          <Select
            aria-label={speak('what')}
            allowClear
            placeholder={speak('what')}
            className="norm__filter"
            options={WHATS.map((value) => ({ value, label: speak(WHAT_WORDS[value]) }))}
            value={what}
            onChange={(chosen?: What) => setWhat(chosen)}
          />
        </span>
      }
      flush
    >
      <DataTable<TrialOrder>
        caption={speak('changed')}
        rows={list.data?.pages.flatMap((page) => page.items)}
        rowKey={(order) => order.orderId}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={speak('noChanges')}
        more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
        columns={[
          {
            key: 'order',
            title: speak('order'),
            cell: (order) => (
              <>
                <Link to="/orders/$id" params={{ id: order.orderId }} className="order-link">
                  <NumberText number={order.number} />
                </Link>
                <span className="under">{names.region(order.region)}</span>
              </>
            ),
          },
          { key: 'what', title: speak('what'), wide: true, cell: (order) => <Changes order={order} /> },
        ]}
      />
    </Panel>
  );
}

function Changes({ order }: { order: TrialOrder }) {
  const nowMs = useNow();
  const speak = useWords(normsText);
  const words = useNormWords();
  const lamp = (light: string | null) => speak(light === 'red' ? 'lampRed' : light === 'yellow' ? 'lampYellow' : 'lampGreen');
  const demand = (of: string) => {
    const name = of.split(':')[0] ?? of;
    if (name === 'text') return speak('replies');
    return name in normsText ? speak(name as keyof typeof normsText) : name === 'attachments' ? speak('attachment') : name;
  };
  return (
    <ul>
      {order.changes.map((change) => {
        const key = `${change.what}/${change.of}`;
        if (change.what === 'due')
          return (
            <li key={key}>
              {words.clock(change.of)} {speak('due')}：<span className="ms-number">{shortInstantText(change.old ?? '', nowMs)}</span> →{' '}
              <strong className="ms-number">{shortInstantText(change.new ?? '', nowMs)}</strong>
            </li>
          );
        if (change.what === 'lamp')
          return (
            <li key={key}>
              {words.clock(change.of)} {speak('lamp')}：{lamp(change.old)} → <strong>{lamp(change.new)}</strong>
            </li>
          );
        const lacking = speak('lacking', { what: demand(change.of) });
        return (
          <li key={key}>
            {speak(WHAT_WORDS[change.what])}：{change.old ? lacking : speak('fulfilled')} →{' '}
            <strong>{change.new ? lacking : speak('fulfilled')}</strong>
          </li>
        );
      })}
    </ul>
  );
}
