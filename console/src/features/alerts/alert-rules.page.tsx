import { alertsApi, ALERT_LEVELS, type AlertRule, type Judgement, type RuleView } from '#contracts/operations/alerts.api.ts';
import type { Words } from '#contracts/base/text.ts';
import { matchersText } from '#contracts/operations/matchers.ts';
import { addressOf } from '#ui/api/client.ts';
import { Lamp } from '#ui/components/lamp.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Modal, Radio } from 'antd';
import { useMemo, useState } from 'react';
import { useAct } from '../../parts/act.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { SchemaForm, type FormSchema } from '../../parts/schema-form.tsx';
import { AlertLevelTag, useRuleWords, useSecondsText } from './alert-words.tsx';
import { rulesQuery } from './alerts.queries.ts';
import { alertsText } from './alerts.text.ts';

/** What is judged, by which bound, how soon it is told, and what it finds now. */
export function AlertRulesPage() {
  const speak = useWords(alertsText);
  const tell = useSay();
  const may = useMay();
  const nowMs = useNow();
  const wordsOf = useRuleWords();
  const spanOf = useSecondsText();
  const rules = useQuery(rulesQuery);
  const [edited, setEdited] = useState<RuleView | 'new'>();
  const mayDecide = may('operations.decide');
  return (
    <Page
      title={speak('rules')}
      actions={
        <>
          {mayDecide ? (
            <Button type="primary" onClick={() => setEdited('new')}>
              {speak('addRule')}
            </Button>
          ) : null}
          <Button href={addressOf(alertsApi.rulesFile, {}, {})}>{speak('download')}</Button>
        </>
      }
    >
      <Panel flush>
        <DataTable<RuleView>
          caption={speak('rules')}
          rows={rules.data?.items}
          rowKey={(rule) => rule.key}
          error={rules.data ? null : rules.error}
          onRetry={() => void rules.refetch()}
          empty={speak('noRules')}
          stack
          tone={(rule) => (rule.enabled && rule.open > 0 ? (rule.level <= 'P2' ? 'red' : 'yellow') : undefined)}
          columns={[
            { key: 'level', title: speak('level'), cell: (rule) => <AlertLevelTag level={rule.level} /> },
            {
              key: 'name',
              title: speak('name'),
              cell: (rule) => (
                <>
                  <b>{tell(rule)}</b>
                  <span className="under mono">{rule.key}</span>
                </>
              ),
            },
            {
              key: 'judges',
              title: speak('judges'),
              wide: true,
              cell: (rule) => (
                <>
                  {wordsOf(rule)}
                  <span className="under mono">
                    {rule.metric}
                    {rule.matchers.length > 0 ? `{${matchersText(rule.matchers)}}` : ''}
                  </span>
                </>
              ),
            },
            {
              key: 'state',
              title: speak('state'),
              cell: (rule) =>
                !rule.enabled ? (
                  <span className="ms-tag ms-tag--stopped">{speak('disabled')}</span>
                ) : rule.open > 0 ? (
                  <Link to="/alerts" search={{ rule: rule.key }}>
                    <Lamp light="red" text={speak('firing', { count: rule.open })} />
                  </Link>
                ) : (
                  <Lamp light="green" text={speak('quiet')} />
                ),
            },
            {
              key: 'latency',
              title: speak('latency'),
              align: 'right',
              minor: true,
              cell: (rule) => <span className="ms-number">{spanOf(rule.toldWithinSeconds)}</span>,
            },
            {
              key: 'last',
              title: speak('lastOpened'),
              minor: true,
              cell: (rule) =>
                rule.lastOpenedAt ? (
                  <Link to="/alerts" search={{ rule: rule.key, show: 'past' }} className="ms-number">
                    {shortInstantText(rule.lastOpenedAt, nowMs)}
                  </Link>
                ) : (
                  <span className="quiet">{speak('never')}</span>
                ),
            },
            {
              key: 'changed',
              title: speak('changed'),
              minor: true,
              cell: (rule) => (
                <>
                  {rule.changedBy}
                  <span className="under ms-number">{shortInstantText(rule.changedAt, nowMs)}</span>
                </>
              ),
            },
            {
              key: 'acts',
              title: '',
              align: 'right',
              cell: (rule) =>
                mayDecide ? (
                  <Button size="small" onClick={() => setEdited(rule)}>
                    {speak('edit')}
                  </Button>
                ) : null,
            },
          ]}
        />
      </Panel>
      {edited ? <RuleForm rule={edited === 'new' ? null : edited} onClose={() => setEdited(undefined)} /> : null}
    </Page>
  );
}

type Kind = Judgement['kind'];
const KINDS = {
  static: { zh: '数值', en: 'the value' },
  rate: { zh: '增速', en: 'its rate' },
  baseline: { zh: '同期偏离', en: 'the distance from the usual' },
  absence: { zh: '无数据', en: 'absence' },
} as const satisfies Record<Kind, Words>;

function RuleForm({ rule, onClose }: { rule: RuleView | null; onClose: () => void }) {
  const speak = useWords(alertsText);
  const tell = useSay();
  const { message } = App.useApp();
  const [kind, setKind] = useState<Kind>(rule?.judgement.kind ?? 'static');
  const put = useAct(alertsApi.putRule, 'alerts', () => {
    void message.success(speak('saved'));
    onClose();
  });
  const schema = useMemo(() => formOf(kind, rule === null), [kind, rule]);
  return (
    <Modal open title={rule ? tell(rule) : speak('addRule')} footer={null} width={640} onCancel={onClose}>
      <Radio.Group
        aria-label={speak('judges')}
        value={kind}
        onChange={({ target }) => setKind(target.value as Kind)}
        options={(Object.keys(KINDS) as Kind[]).map((value) => ({ value, label: tell(KINDS[value]) }))}
      />
      <SchemaForm
        schema={schema}
        start={
          rule
            ? { ...rule, ...rule.judgement }
            : { enabled: true, level: 'P3', op: 'above', overSeconds: 300, forSeconds: 60, matchers: [] }
        }
        sendName={speak('save')}
        busy={put.isPending}
        error={put.error}
        onSend={(input) => put.mutate(putOf(input as unknown as Typed, kind, rule))}
        onClose={onClose}
      />
    </Modal>
  );
}

/** A rule as it is typed: what it compares lies beside the rest. */
interface Typed extends Omit<AlertRule, 'judgement' | 'advice'> {
  readonly enabled: boolean;
  readonly op?: 'above' | 'below';
  readonly bound?: number;
  readonly back?: number;
  readonly overSeconds?: number;
  readonly advice?: string;
}

function putOf({ key, enabled, op, bound, back, overSeconds, advice = '', ...facts }: Typed, kind: Kind, rule: RuleView | null) {
  const compared = { op, bound, ...(back === undefined ? {} : { back }), ...(kind === 'rate' ? { overSeconds } : {}) };
  const judgement = (kind === 'absence' ? { kind } : { kind, ...compared }) as Judgement;
  return { params: { key: rule?.key ?? key }, body: { ...facts, advice, enabled, version: rule?.version ?? 0, judgement } };
}

/** What is asked of a rule that judges so. */
function formOf(kind: Kind, isNew: boolean): FormSchema {
  const compares = kind !== 'absence';
  const { key, op, bound, back, overSeconds, forSeconds, advice, ...facts } = FIELDS;
  return {
    properties: {
      ...(isNew ? { key } : {}),
      ...facts,
      ...(compares ? { op, bound, back } : {}),
      ...(kind === 'rate' ? { overSeconds } : {}),
      forSeconds,
      advice,
    },
    required: ['key', 'zh', 'en', 'level', 'metric', 'op', 'bound', 'overSeconds', 'forSeconds'],
  };
}

const FIELDS = {
  key: { type: 'string', maxLength: 60, 'x-name': { zh: '标识（小写字母、数字与连字符）', en: 'Key: small letters, digits, hyphens' } },
  enabled: { type: 'boolean', 'x-name': { zh: '启用', en: 'Enabled' } },
  zh: { type: 'string', maxLength: 100, 'x-name': { zh: '名称', en: 'Name in Chinese' } },
  en: { type: 'string', maxLength: 100, 'x-name': { zh: '英文名称', en: 'Name in English' } },
  level: {
    type: 'string',
    enum: ALERT_LEVELS,
    'x-name': { zh: '级别', en: 'Level' },
    'x-choices': Object.fromEntries(ALERT_LEVELS.map((level) => [level, { zh: level, en: level }])),
  },
  metric: { type: 'string', maxLength: 120, 'x-name': { zh: '指标', en: 'Metric' } },
  matchers: { type: 'array', 'x-name': { zh: '匹配标签', en: 'Matchers' } },
  op: {
    type: 'string',
    'x-name': { zh: '方向', en: 'Side' },
    'x-choices': { above: { zh: '高于', en: 'above' }, below: { zh: '低于', en: 'below' } },
  },
  bound: { type: 'number', 'x-name': { zh: '阈值', en: 'Bound' } },
  back: { type: 'number', 'x-name': { zh: '恢复阈值', en: 'Back behind' } },
  overSeconds: { type: 'integer', minimum: 30, maximum: 3600, 'x-name': { zh: '增速统计时段（秒）', en: 'Rate over (s)' } },
  forSeconds: { type: 'integer', minimum: 0, maximum: 86_400, 'x-name': { zh: '持续（秒）', en: 'For (s)' } },
  advice: { type: 'string', maxLength: 500, 'x-name': { zh: '处置建议', en: 'What to do' } },
} as const satisfies FormSchema['properties'];
