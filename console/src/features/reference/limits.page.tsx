import type { LimitRule } from '#contracts/reference/reference.api.ts';
import { referenceApi } from '#contracts/reference/reference.api.ts';
import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import { call } from '#ui/api/client.ts';
import { useNow } from '#ui/components/use-now.ts';
import { instantText } from '#ui/format.ts';
import { limitText } from '#ui/limits.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { useMay } from '#ui/office/session.ts';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Select } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { LimitForm } from './limit-form.tsx';
import { referenceText } from './reference.text.ts';

export function LimitsPage() {
  const speak = useWords(referenceText);
  const tell = useSay();
  const names = useNames();
  const language = useLanguage();
  const may = useMay();
  const nowMs = useNow();
  const [history, setHistory] = useState(false);
  const [type, setType] = useState<string>();
  const [adding, setAdding] = useState(false);
  const list = useQuery({
    queryKey: ['limits', history],
    queryFn: ({ signal }) => call(referenceApi.limits, { query: history ? { history } : {} }, { signal }),
  });
  const rows = list.data?.items.filter((rule) => !type || rule.appealType === type);
  const standing = (rule: LimitRule) => {
    if (Date.parse(rule.effectiveFrom) > nowMs) return 'future';
    return rule.effectiveUntil && Date.parse(rule.effectiveUntil) <= nowMs ? 'past' : 'always';
  };
  return (
    <Page
      title={speak('limits')}
      note={<span>{speak('limitsNote')}</span>}
      actions={
        may('reference.change-limits') && !adding ? (
          <Button type="primary" onClick={() => setAdding(true)}>
            {speak('addLimit')}
          </Button>
        ) : null
      }
    >
      {adding ? (
        <Panel title={speak('addLimit')}>
          <LimitForm onClose={() => setAdding(false)} />
        </Panel>
      ) : null}
      <div className="filters" role="search" aria-label={speak('limits')}>
        <div className="filters__field">
          <label htmlFor="l-type">{speak('type')}</label>
          <Select
            id="l-type"
            allowClear
            placeholder={speak('all')}
            options={names.codes('appeal_type')}
            value={type}
            onChange={(chosen?: string) => setType(chosen)}
          />
        </div>
        <Checkbox checked={history} onChange={(event) => setHistory(event.target.checked)}>
          {speak('history')}
        </Checkbox>
      </div>
      {history ? (
        <Panel flush>
          <DataTable<LimitRule>
            caption={speak('limits')}
            rows={rows}
            rowKey={(rule) => `${rule.id}/${rule.version}`}
            error={list.error}
            onRetry={() => void list.refetch()}
            empty={speak('noLimits')}
            columns={[
              {
                key: 'type',
                title: speak('type'),
                cell: (rule) => names.code('appeal_type', rule.appealType),
              },
              {
                key: 'urgency',
                title: speak('urgency'),
                cell: (rule) => names.code('urgency', rule.urgency),
              },
              {
                key: 'clock',
                title: speak('clock'),
                cell: (rule) => tell(orderLifecycle.clocks[rule.clock].name),
              },
              {
                key: 'limit',
                title: speak('limit'),
                cell: (rule) => limitText(`${rule.amount} ${rule.mode}`, language),
              },
              {
                key: 'version',
                title: speak('version'),
                cell: (rule) => (
                  <>
                    v{rule.version} <span className="under">{speak(standing(rule))}</span>
                  </>
                ),
              },
              {
                key: 'from',
                title: speak('from'),
                cell: (rule) => <span className="ms-number">{instantText(rule.effectiveFrom)}</span>,
              },
              {
                key: 'until',
                title: speak('until'),
                minor: true,
                cell: (rule) => <span className="ms-number">{rule.effectiveUntil ? instantText(rule.effectiveUntil) : '—'}</span>,
              },
              { key: 'source', title: speak('source'), wide: true, cell: (rule) => rule.source },
            ]}
          />
        </Panel>
      ) : (
        <Matrix rows={rows} error={list.error} onRetry={() => void list.refetch()} />
      )}
    </Page>
  );
}

interface Line {
  readonly key: string;
  readonly appealType: string;
  readonly urgency: number;
  readonly byClock: ReadonlyMap<string, LimitRule>;
}

/** The rules in force, one line per type and urgency, one column per clock. */
function Matrix(props: { rows: readonly LimitRule[] | undefined; error: unknown; onRetry: () => void }) {
  const speak = useWords(referenceText);
  const tell = useSay();
  const names = useNames();
  const language = useLanguage();
  const grouped = Map.groupBy(props.rows ?? [], (rule) => `${rule.appealType}/${rule.urgency}`);
  const lines = [...grouped.values()]
    .flatMap((rules): Line[] => {
      const [first] = rules;
      if (!first) return [];
      const { appealType, urgency } = first;
      const byClock = new Map(rules.map((rule) => [rule.clock, rule]));
      return [{ key: `${appealType}/${urgency}`, appealType, urgency, byClock }];
    })
    .toSorted((a, b) => a.key.localeCompare(b.key));
  return (
    <Panel flush>
      <DataTable<Line>
        caption={speak('limits')}
        rows={props.rows ? lines : undefined}
        rowKey={(line) => line.key}
        error={props.error}
        onRetry={props.onRetry}
        empty={speak('noLimits')}
        columns={[
          {
            key: 'type',
            title: speak('type'),
            cell: (line) => names.code('appeal_type', line.appealType),
          },
          {
            key: 'urgency',
            title: speak('urgency'),
            cell: (line) => names.code('urgency', line.urgency),
          },
          ...Object.entries(orderLifecycle.clocks).map(([clock, { name }]) => ({
            key: clock,
            title: tell(name),
            cell: (line: Line) => {
              const rule = line.byClock.get(clock);
              return rule ? (
                <span title={`${rule.source} v${rule.version}`}>{limitText(`${rule.amount} ${rule.mode}`, language)}</span>
              ) : (
                '—'
              );
            },
          })),
        ]}
      />
    </Panel>
  );
}
