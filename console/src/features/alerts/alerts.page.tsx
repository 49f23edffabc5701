import { ALERT_LEVELS, alertsApi, HUSHED_NAMES, NewVerdict, type AlertLevel, type AlertLine } from '#contracts/operations/alerts.api.ts';
import { Lamp } from '#ui/components/lamp.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { dueText, instantText, shortInstantText, spanText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { isTyping } from '#ui/office/keys.ts';
import { useMay } from '#ui/office/session.ts';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { App, Button, Input, Modal, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useAct } from '../../parts/act.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { SchemaForm, type FormSchema } from '../../parts/schema-form.tsx';
import { AlertLevelTag, labelsText, valueText } from './alert-words.tsx';
import { alertsFrom, type AlertsSearch } from './alerts-search.ts';
import { alertsQuery, rulesQuery } from './alerts.queries.ts';
import { alertsText } from './alerts.text.ts';

/** What rules find bad, now or in the past. What is shown stands in the address. */
export function AlertsPage() {
  const speak = useWords(alertsText);
  const may = useMay();
  const { message } = App.useApp();
  const search = alertsFrom({ ...useSearch({ from: '/inside/alerts' }) });
  const [judged, setJudged] = useState<AlertLine>();
  const list = useInfiniteQuery(alertsQuery(search));
  const acknowledge = useAct(alertsApi.acknowledge, 'alerts', () => void message.success(speak('acknowledged')));
  const judge = useAct(alertsApi.judge, 'alerts', () => setJudged(undefined));
  const box = useRef<HTMLDivElement>(null);
  useAcknowledgeKeys(box);
  const mayHandle = may('operations.handle');
  return (
    <Page title={speak('alerts')} note={mayHandle && !search.show ? <span>{speak('alertsNote')}</span> : null}>
      <Filters search={search} />
      <ProblemAlert error={acknowledge.error} />
      <div ref={box}>
        <Panel flush>
          <DataTable<AlertLine>
            caption={speak('alerts')}
            rows={list.data?.pages.flatMap((page) => page.items)}
            rowKey={(row) => row.id}
            error={list.data ? null : list.error}
            onRetry={() => void list.refetch()}
            empty={speak(search.show ? 'nonePast' : 'noneOpen')}
            stack
            tone={(row) => (row.endedAt || row.hushed || row.acknowledgedAt ? undefined : row.level <= 'P2' ? 'red' : 'yellow')}
            more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
            columns={[
              { key: 'level', title: speak('level'), cell: (row) => <AlertLevelTag level={row.level} /> },
              { key: 'rule', title: speak('rule'), wide: true, cell: (row) => <What row={row} /> },
              { key: 'component', title: speak('component'), cell: (row) => row.component ?? '—' },
              {
                key: 'value',
                title: speak('value'),
                align: 'right',
                minor: true,
                cell: (row) => <Value row={row} />,
              },
              { key: 'since', title: speak('span'), cell: (row) => <Since row={row} /> },
              {
                key: 'record',
                title: speak('record'),
                cell: (row) =>
                  row.record ? (
                    <Link to="/records/$id" params={{ id: row.record.id }} className="ms-number">
                      {row.record.number}
                    </Link>
                  ) : (
                    '—'
                  ),
              },
              { key: 'standing', title: speak('standing'), cell: (row) => <Standing row={row} /> },
              {
                key: 'acts',
                title: '',
                align: 'right',
                cell: (row) =>
                  !mayHandle ? null : row.endedAt ? (
                    <Button size="small" onClick={() => setJudged(row)}>
                      {speak('judge')}
                    </Button>
                  ) : row.acknowledgedAt ? null : (
                    <Button
                      size="small"
                      data-ack
                      loading={acknowledge.isPending && acknowledge.variables.params.id === row.id}
                      onClick={() => acknowledge.mutate({ params: { id: row.id } })}
                    >
                      {speak('acknowledge')}
                    </Button>
                  ),
              },
            ]}
          />
        </Panel>
      </div>
      {judged ? (
        <Modal open title={`${speak('judge')} ${judged.zh}`} footer={null} onCancel={() => setJudged(undefined)}>
          <SchemaForm
            schema={NewVerdict as FormSchema}
            start={{ verdict: judged.verdict ?? 'useful', reason: judged.verdictNote ?? '' }}
            sendName={speak('save')}
            busy={judge.isPending}
            error={judge.error}
            onSend={(body) => judge.mutate({ params: { id: judged.id }, body: body as never })}
          />
        </Modal>
      ) : null}
    </Page>
  );
}

/** j and k walk the alerts that nobody acknowledged, a acknowledges the one at hand. */
function useAcknowledgeKeys(box: React.RefObject<HTMLDivElement | null>) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const buttons = [...(box.current?.querySelectorAll<HTMLElement>('[data-ack]') ?? [])];
      const at = buttons.indexOf(document.activeElement as HTMLElement);
      if (event.key === 'j' || event.key === 'k') buttons[event.key === 'j' ? at + 1 : Math.max(0, at - 1)]?.focus();
      else if (event.key === 'a') buttons[at]?.click();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [box]);
}

function Filters({ search }: { search: AlertsSearch }) {
  const speak = useWords(alertsText);
  const tell = useSay();
  const navigate = useNavigate({ from: '/alerts' });
  const rules = useQuery(rulesQuery);
  const go = (change: { readonly [K in keyof AlertsSearch]: AlertsSearch[K] | undefined }) =>
    void navigate({ search: Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value)) as AlertsSearch });
  return (
    <div className="filters" role="search" aria-label={speak('alerts')}>
      <div className="filters__field">
        <label htmlFor="a-show">{speak('show')}</label>
        <Select
          id="a-show"
          value={search.show ?? 'open'}
          onChange={(show: 'open' | 'past') => go({ show: show === 'past' ? show : undefined })}
          options={(['open', 'past'] as const).map((value) => ({ value, label: speak(value) }))}
        />
      </div>
      <div className="filters__field">
        <label htmlFor="a-level">{speak('level')}</label>
        <Select
          id="a-level"
          allowClear
          placeholder={speak('all')}
          value={search.level}
          onChange={(level?: AlertLevel) => go({ level })}
          options={ALERT_LEVELS.map((value) => ({ value, label: value }))}
        />
      </div>
      <div className="filters__field">
        <label htmlFor="a-rule">{speak('rule')}</label>
        <Select
          id="a-rule"
          allowClear
          placeholder={speak('all')}
          value={search.rule}
          loading={rules.isPending}
          showSearch={{ optionFilterProp: 'label' }}
          onChange={(rule?: string) => go({ rule })}
          options={(rules.data?.items ?? []).map((rule) => ({ value: rule.key, label: tell(rule) }))}
        />
      </div>
      <div className="filters__field">
        <label htmlFor="a-component">{speak('component')}</label>
        <Input.Search
          id="a-component"
          allowClear
          maxLength={120}
          defaultValue={search.component ?? ''}
          onSearch={(text) => go({ component: text.trim() || undefined })}
        />
      </div>
    </div>
  );
}

function What({ row }: { row: AlertLine }) {
  const speak = useWords(alertsText);
  const tell = useSay();
  return (
    <>
      <b>{tell(row)}</b>
      {row.source === 'alertmanager' ? <span className="quiet"> {speak('foreign')}</span> : null}
      <span className="under">{labelsText(row.labels)}</span>
      {row.advice && !row.endedAt ? <span className="under">{row.advice}</span> : null}
    </>
  );
}

const AROUND_MS = 3_600_000;

/** What the rule compared, with the way to the series an hour before and after. */
function Value({ row }: { row: AlertLine }) {
  const speak = useWords(alertsText);
  const nowMs = useNow();
  const from = new Date(Date.parse(row.openedAt) - AROUND_MS).toISOString();
  const to = new Date(row.endedAt ? Math.min(nowMs, Date.parse(row.endedAt) + AROUND_MS) : nowMs).toISOString();
  return (
    <>
      <span className="ms-number">{row.value === null ? '—' : valueText(row.value)}</span>
      {row.series === null ? null : (
        <span className="under">
          <Link to="/charts" search={{ ids: String(row.series), rule: row.rule, from, to }}>
            {speak('chart')}
          </Link>
        </span>
      )}
    </>
  );
}

function Since({ row }: { row: AlertLine }) {
  const speak = useWords(alertsText);
  const language = useLanguage();
  const nowMs = useNow();
  const ms = (row.endedAt ? Date.parse(row.endedAt) : nowMs) - Date.parse(row.openedAt);
  const span = spanText(ms, language);
  return (
    <>
      <span className="ms-number">{shortInstantText(row.openedAt, nowMs)}</span>
      <span className="under">{row.endedAt ? speak('endedAfter', { span }) : span}</span>
    </>
  );
}

/** Whether somebody is at it, or why nobody is told. */
function Standing({ row }: { row: AlertLine }) {
  const speak = useWords(alertsText);
  const tell = useSay();
  const language = useLanguage();
  const nowMs = useNow();
  const told = row.told.filter(({ what }) => what === 'opened').map(({ route, at }) => `${route} ${instantText(at)}`);
  return (
    <>
      {row.verdict ? (
        <span className={`ms-tag ms-tag--${row.verdict === 'useful' ? 'done' : 'stopped'}`}>
          {speak(row.verdict === 'useful' ? 'useful' : 'invalid')}
        </span>
      ) : row.hushed ? (
        <span>
          {row.hushedWhy ? speak('hushed', { kind: tell(HUSHED_NAMES[row.hushed]), why: row.hushedWhy }) : tell(HUSHED_NAMES[row.hushed])}
        </span>
      ) : row.acknowledgedBy ? (
        <span>{speak('acknowledgedBy', { name: row.acknowledgedBy })}</span>
      ) : row.escalatedAt ? (
        <Lamp light="red" text={speak('escalated')} />
      ) : row.endedAt ? (
        '—'
      ) : row.ackDueAt ? (
        <Lamp
          light={Date.parse(row.ackDueAt) <= nowMs ? 'red' : 'green'}
          text={`${speak('toAck')} ${dueText(row.ackDueAt, nowMs, language)}`}
        />
      ) : (
        speak('toAck')
      )}
      {row.verdictNote ? <span className="under">{row.verdictNote}</span> : null}
      {told.length > 0 ? (
        <span className="under" title={told.join('\n')}>
          {speak('told')} {[...new Set(row.told.map(({ route }) => route))].join('、')}
        </span>
      ) : null}
    </>
  );
}
