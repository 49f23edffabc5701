import { diagnosisApi, type PlanNode } from '#contracts/operations/diagnosis.api.ts';
import { planNote } from '#contracts/operations/diagnosis.texts.ts';
import type { RecordView } from '#contracts/operations/records/records.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { countText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { Panel } from '../../parts/page.tsx';
import { InSight, Keep } from './diagnosis-parts.tsx';
import { diagnosisText, statementsText } from './diagnosis.text.ts';

const costText = (cost: number) => countText(cost >= 100 ? Math.round(cost) : Math.round(100 * cost) / 100);

/** How a listed statement is planned. */
export function PlanPanel({ id, role, fault, onClose }: { id: string; role: string; fault: RecordView | undefined; onClose: () => void }) {
  const speak = useWords(statementsText);
  const speakAll = useWords(diagnosisText);
  const plan = useQuery({
    queryKey: ['diagnosis', 'plan', id, role],
    queryFn: ({ signal }) => call(diagnosisApi.plan, { params: { query: id }, query: { role } }, { signal }),
    retry: false,
  });
  const { data } = plan;
  return (
    <InSight>
      <Panel title={speak('plan')} extra={<span className="quiet">{speak('planNote')}</span>}>
        {plan.error ? <ProblemAlert error={plan.error} onRetry={() => void plan.refetch()} /> : null}
        {plan.isPending ? <Skeleton active paragraph={{ rows: 4 }} title={false} /> : null}
        {data ? (
          <>
            <p className="mono said">{data.statement}</p>
            <dl className="facts facts--two">
              <div>
                <dt>{speak('role')}</dt>
                <dd>{data.role}</dd>
              </div>
              <div>
                <dt>{speak('totalCost')}</dt>
                <dd>{costText(data.cost)}</dd>
              </div>
              <div>
                <dt>{speak('bigScans')}</dt>
                <dd className={data.bigScans.length > 0 ? 'load__shed' : ''}>
                  {data.bigScans.map(({ table, rows }) => `${table}（${countText(Math.round(rows))}）`).join('、') || speak('noBigScans')}
                </dd>
              </div>
              <div>
                <dt>{speak('settings')}</dt>
                <dd className="mono">
                  {Object.entries(data.settings)
                    .map(([name, value]) => `${name}=${value}`)
                    .join(' ') || '—'}
                </dd>
              </div>
            </dl>
          </>
        ) : null}
        <div className="buttons">
          {data ? <Keep fault={fault} noteOf={() => planNote(data)} /> : null}
          <Button onClick={onClose}>{speakAll('close')}</Button>
        </div>
      </Panel>
      {data ? (
        <Panel flush>
          <DataTable<PlanNode & { readonly place: number }>
            caption={speak('plan')}
            rows={data.nodes.map((node, place) => ({ ...node, place }))}
            rowKey={(row) => String(row.place)}
            empty=""
            tone={(row) => (row.costliest ? 'yellow' : undefined)}
            columns={[
              {
                key: 'node',
                title: speak('node'),
                wide: true,
                cell: (row) => (
                  <div className="diagnosis__branch" style={{ paddingLeft: row.depth * 16 }}>
                    <b>{row.node}</b> <span className="mono">{row.on}</span>{' '}
                    {row.costliest ? <span className="ms-tag ms-tag--waiting">{speak('costliest')}</span> : null}
                    {row.condition ? <span className="under mono">{row.condition}</span> : null}
                  </div>
                ),
              },
              {
                key: 'own',
                title: speak('ownCost'),
                align: 'right',
                cell: (row) => <span className="ms-number">{costText(row.ownCost)}</span>,
              },
              { key: 'cost', title: speak('cost'), align: 'right', cell: (row) => <span className="ms-number">{costText(row.cost)}</span> },
              {
                key: 'rows',
                title: speak('expects'),
                align: 'right',
                cell: (row) => <span className="ms-number">{countText(row.rows)}</span>,
              },
            ]}
          />
        </Panel>
      ) : null}
    </InSight>
  );
}
