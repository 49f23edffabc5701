import { sloApi, type SloState } from '#contracts/operations/slo.api.ts';
import { call } from '#ui/api/client.ts';
import { countText, dayText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { BudgetCurve } from './budget-curve.tsx';
import { sloText } from './slo.text.ts';

/** From this rate on each window alerts, as the rules that ship say. */
const ALERTS_FROM = { '1h': 14.4, '6h': 6, '3d': 1 } as const;

const percentText = (part: number) => `${Number((part * 100).toFixed(3))}%`;

/** Every objective of the platform, what is left of its error budget this month, and how fast it burns. */
export function SlosPage() {
  const speak = useWords(sloText);
  const tell = useSay();
  const [month, setMonth] = useState(() => dayText(new Date().toISOString()).slice(0, 7));
  const list = useQuery({
    queryKey: ['slos', month],
    queryFn: ({ signal }) => call(sloApi.list, { query: { month } }, { signal }),
    refetchInterval: 60_000,
  });
  return (
    <Page title={speak('title')} note={<span>{speak('note')}</span>}>
      <div className="filters" role="search" aria-label={speak('title')}>
        <div className="filters__field">
          <label htmlFor="slo-month">{speak('month')}</label>
          <Input
            id="slo-month"
            type="month"
            value={month}
            // An emptied field is no month; the last one stands.
            onChange={({ target: { value } }) => /^\d{4}-\d{2}$/.test(value) && setMonth(value)}
          />
        </div>
      </div>
      <Panel flush>
        <DataTable<SloState>
          caption={speak('title')}
          rows={list.data?.items}
          rowKey={(row) => row.key}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={speak('empty')}
          tone={(row) => (row.left === null ? undefined : row.left < 0 ? 'red' : row.left < 0.25 ? 'yellow' : undefined)}
          columns={[
            { key: 'name', title: speak('objective'), wide: true, cell: (row) => tell(row.name) },
            { key: 'target', title: speak('target'), align: 'right', cell: (row) => <Told text={percentText(row.target)} /> },
            {
              key: 'value',
              title: speak('value'),
              align: 'right',
              cell: (row) => (
                <Told
                  text={row.value === null ? speak('none') : percentText(row.value)}
                  bad={row.value !== null && row.value < row.target}
                />
              ),
            },
            {
              key: 'events',
              title: speak('events'),
              align: 'right',
              minor: true,
              cell: (row) => <Told text={`${countText(row.bad)} / ${countText(row.all)}`} />,
            },
            {
              key: 'left',
              title: speak('left'),
              align: 'right',
              cell: (row) => <Told text={row.left === null ? speak('none') : leftText(row.left)} bad={row.left !== null && row.left < 0} />,
            },
            {
              key: 'curve',
              title: speak('curve'),
              minor: true,
              cell: (row) => (
                <BudgetCurve
                  month={month}
                  curve={row.curve}
                  label={speak('curveOf', { name: tell(row.name), left: row.left === null ? speak('none') : leftText(row.left) })}
                />
              ),
            },
            {
              key: 'burn',
              title: speak('burn'),
              align: 'right',
              cell: (row) =>
                (['1h', '6h', '3d'] as const).map((window, at) => (
                  <span key={window}>
                    {at > 0 ? ' / ' : ''}
                    <Told text={rateText(row.burn[window])} bad={(row.burn[window] ?? 0) > ALERTS_FROM[window]} />
                  </span>
                )),
            },
          ]}
        />
      </Panel>
      <p className="quiet">{speak('rules')}</p>
    </Page>
  );
}

const rateText = (rate: number | null) => (rate === null ? '—' : String(Number(rate.toFixed(1))));
/** Whole percents: a budget is no finer. */
const leftText = (left: number) => `${Math.round(left * 100)}%`;

function Told({ text, bad = false }: { text: string; bad?: boolean }) {
  return <span className={`ms-number${bad ? ' load__shed' : ''}`}>{text}</span>;
}
