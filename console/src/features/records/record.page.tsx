import { CHANGE_CLASSES, CHANGE_SCOPES } from '#contracts/operations/records/change.lifecycle.ts';
import { CAUSES, EFFECTS } from '#contracts/operations/records/problem.lifecycle.ts';
import { kindFacts } from '#contracts/operations/records/records.lifecycles.ts';
import { RECORD_SOURCES } from '#contracts/operations/records/records.values.ts';
import type { RecordView } from '#contracts/operations/records/records.api.ts';
import type { Words } from '#contracts/base/text.ts';
import { ASSET_KINDS, assetsApi } from '#contracts/operations/assets.api.ts';
import { call } from '#ui/api/client.ts';
import { useMay } from '#ui/office/session.ts';
import { problemOf } from '#ui/api/problem.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { Lamp } from '#ui/components/lamp.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { dueText, instantText, shortInstantText } from '#ui/format.ts';
import { limitText } from '#ui/limits.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { ArrowLeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import { Panel } from '../../parts/page.tsx';
import { Timeline } from '../../parts/timeline.tsx';
import { Exposures } from './vulnerabilities.page.tsx';
import { RecordActions } from './record-actions.tsx';
import { RecordDue, RecordLevel, RecordState } from './record-words.tsx';
import { recordQuery } from './records.queries.ts';
import { factNames, recordsText, relationNames } from './records.text.ts';

const route = getRouteApi('/inside/records/$id');

/** One record of the operations centre: what it is, what was done, what this person may do. */
export function RecordPage() {
  const { id } = route.useParams();
  const { data: record, error, refetch } = useQuery(recordQuery(id));
  if (error && !record) {
    const problem = problemOf(error);
    return (
      <div className="page">
        {problem?.status === 404 ? <EmptyState title={problem.title} /> : <ProblemAlert error={error} onRetry={() => void refetch()} />}
      </div>
    );
  }
  if (!record) {
    return (
      <div className="page" aria-busy="true">
        <Skeleton active paragraph={{ rows: 10 }} />
      </div>
    );
  }
  return (
    <div className="page order">
      <Head record={record} />
      <div className="order__grid">
        <div className="order__side">
          <RecordActions key={record.id} record={record} />
          <Clocks record={record} />
          <Impact record={record} />
          <Tools record={record} />
          <Links record={record} />
        </div>
        <div className="order__main">
          <Content record={record} />
          {record.kind === 'vulnerability' ? <Exposures recordId={record.id} /> : null}
          <TimelinePanel record={record} />
        </div>
      </div>
    </div>
  );
}

function Head({ record }: { record: RecordView }) {
  const speak = useWords(recordsText);
  const tell = useSay();
  const router = useRouter();
  return (
    <header className="order__head">
      <div className="order__line">
        <Button type="text" icon={<ArrowLeftOutlined aria-hidden />} onClick={() => router.history.back()}>
          {speak('back')}
        </Button>
        <span className="order__number ms-number" data-testid="record-number">
          {record.number}
        </span>
        <span className="quiet">{tell(kindFacts(record.kind).lifecycle.name)}</span>
        <span data-testid="record-state">
          <RecordState kind={record.kind} state={record.state} />
        </span>
        <RecordLevel kind={record.kind} level={record.level} />
        <span className="order__due">
          <RecordDue row={record} />
        </span>
      </div>
      <h1>{record.title}</h1>
    </header>
  );
}

function Content({ record }: { record: RecordView }) {
  const speak = useWords(recordsText);
  const tell = useSay();
  const facts = (Object.keys(factNames) as (keyof typeof factNames)[]).flatMap((name) => {
    const value = factText(name, record.facts[name]);
    return value === null ? [] : [{ name: tell(factNames[name]), value: typeof value === 'string' ? value : tell(value) }];
  });
  return (
    <>
      <Panel title={speak('what')}>
        <p className="said">{record.body}</p>
        <dl className="facts facts--two">
          {(
            [
              ['reporter', record.reporter],
              ['source', tell(RECORD_SOURCES[record.source])],
              ['component', record.component ?? '—'],
              ['owner', record.owner ?? speak('nobody')],
              ['openedAt', instantText(record.openedAt)],
              ['endedAt', record.endedAt ? instantText(record.endedAt) : '—'],
            ] as const
          ).map(([name, value]) => (
            <div key={name}>
              <dt>{speak(name)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      {facts.length > 0 ? (
        <Panel title={speak('facts')}>
          <dl className="facts">
            {facts.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="said">{value}</dd>
              </div>
            ))}
          </dl>
        </Panel>
      ) : null}
    </>
  );
}

/** A fact as it is read; null where nothing is known. */
function factText(name: string, value: unknown): string | Words | null {
  if (value === undefined || value === null || value === '') return null;
  if (name === 'class') return CHANGE_CLASSES[value as keyof typeof CHANGE_CLASSES];
  if (name === 'scope') return CHANGE_SCOPES[value as keyof typeof CHANGE_SCOPES];
  if (name === 'cause' && typeof value === 'string' && value in CAUSES) return CAUSES[value as keyof typeof CAUSES];
  if (name === 'effect' && typeof value === 'string' && value in EFFECTS) return EFFECTS[value as keyof typeof EFFECTS];
  if (Array.isArray(value)) return value.length > 0 ? value.join('、') : null;
  if (typeof value === 'string' && name.endsWith('At')) return instantText(value);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

function Clocks({ record }: { record: RecordView }) {
  const speak = useWords(recordsText);
  const tell = useSay();
  const language = useLanguage();
  const nowMs = useNow();
  if (record.clocks.length === 0) return null;
  return (
    <Panel title={speak('clocks')} flush>
      <DataTable<RecordView['clocks'][number]>
        caption={speak('clocks')}
        rows={record.clocks}
        rowKey={(clock) => `${clock.name}${clock.startedAt}${clock.dueAt}`}
        empty={speak('none')}
        columns={[
          {
            key: 'name',
            title: speak('clock'),
            cell: (clock) => (
              <span>
                {tell(kindFacts(record.kind).lifecycle.clocks[clock.name]?.name ?? { zh: clock.name, en: clock.name })}
                <span className="under">{limitText(clock.limit, language)}</span>
              </span>
            ),
          },
          { key: 'due', title: speak('due'), cell: (clock) => <span className="ms-number">{shortInstantText(clock.dueAt, nowMs)}</span> },
          {
            key: 'outcome',
            title: speak('outcome'),
            cell: (clock) =>
              clock.result ? (
                <Lamp
                  light={clock.result === 'late' ? 'red' : clock.result === 'void' ? 'none' : 'green'}
                  text={speak(clock.result === 'late' ? 'late' : clock.result === 'void' ? 'void' : 'inTime')}
                />
              ) : clock.stoppedAt ? (
                speak('paused')
              ) : (
                <Lamp light={clock.light} text={dueText(clock.dueAt, nowMs, language)} />
              ),
          },
        ]}
      />
    </Panel>
  );
}

function Links({ record }: { record: RecordView }) {
  const speak = useWords(recordsText);
  return (
    <>
      {record.links.length > 0 ? (
        <Panel title={speak('links')}>
          <LinkList links={record.links} />
        </Panel>
      ) : null}
      {record.alike.length > 0 ? (
        <Panel title={speak('alike')}>
          <LinkList links={record.alike} />
        </Panel>
      ) : null}
    </>
  );
}

/** What stands on the thing a fault is about, down from the functions of the hotline. */
function Impact({ record }: { record: RecordView }) {
  const speak = useWords(recordsText);
  const may = useMay();
  const key = record.kind === 'fault' && may('operations.see') ? (record.component ?? '') : '';
  const { data } = useQuery({
    queryKey: ['assets', 'impact', key],
    queryFn: ({ signal }) => call(assetsApi.impact, { query: { key } }, { signal }),
    enabled: key !== '',
  });
  const tell = useSay();
  if (!data?.asset) return null;
  return (
    <Panel title={speak('impact')}>
      {data.impact.length === 0 ? <p className="quiet">{speak('noImpact')}</p> : null}
      <ul className="record__links" data-testid="impact">
        {data.impact.map((one) => (
          <li key={one.key}>
            <span className="quiet">{tell(ASSET_KINDS[one.kind])}</span>{' '}
            <Link to="/assets/$key" params={{ key: one.key }}>
              {one.name}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const BEFORE_MS = 900_000;

/** Where to look for the cause of a fault: each tool knows the fault it was opened for. */
function Tools({ record }: { record: RecordView }) {
  const speak = useWords(recordsText);
  const may = useMay();
  if (record.kind !== 'fault' || !may('operations.see')) return null;
  // What led to it lies before somebody saw it.
  const from = new Date(Date.parse(record.openedAt) - BEFORE_MS).toISOString();
  const span = { from, ...(record.endedAt ? { to: record.endedAt } : {}) };
  // Lines of the log name the node that wrote them as the register does.
  const source = /^[\w.-]+:\d+$/.test(record.component ?? '') ? ` source:${record.component}` : '';
  return (
    <Panel title={speak('tools')}>
      <ul className="record__links" data-testid="tools">
        {(
          [
            ['toolRequests', 'status>=500'],
            ['toolErrors', 'level>=error'],
          ] as const
        ).map(([name, q]) => (
          <li key={name}>
            <Link to="/logs" search={{ q: `${q}${source}`, ...span }}>
              {speak(name)}
            </Link>
          </li>
        ))}
        {(
          [
            ['toolStatements', 'statements'],
            ['toolLocks', 'locks'],
            ['toolProfiles', 'profiles'],
            ['toolMessages', 'messages'],
          ] as const
        ).map(([name, tab]) => (
          <li key={tab}>
            <Link to="/diagnosis" search={{ tab, fault: record.id }}>
              {speak(name)}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function LinkList({ links }: { links: RecordView['links'] }) {
  const tell = useSay();
  return (
    <ul className="record__links">
      {links.map((link) => (
        <li key={`${link.relation}${link.id}`}>
          <span className="quiet">{tell(relationNames[link.relation as keyof typeof relationNames][link.outward ? 'out' : 'in'])}</span>{' '}
          <Link to="/records/$id" params={{ id: link.id }}>
            <span className="ms-number">{link.number}</span> {link.title}
          </Link>{' '}
          <RecordState kind={link.kind} state={link.state} />
        </li>
      ))}
    </ul>
  );
}

function TimelinePanel({ record }: { record: RecordView }) {
  const speak = useWords(recordsText);
  return (
    <Panel title={speak('timeline')}>
      <Timeline lines={record.timeline} />
    </Panel>
  );
}
