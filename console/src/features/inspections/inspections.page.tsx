import { inspectionsApi, type InspectionBoard, type InspectionLine } from '#contracts/operations/inspections.api.ts';
import { inspectionNames } from '#contracts/operations/inspections.text.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { countText, instantText, shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { FindingTable } from './findings.tsx';
import { PastInspections } from './past-inspections.tsx';
import { inspectionsText } from './inspections.text.ts';
import { ScoreChart } from './score-chart.tsx';

/** What inspections are due, what they found, how they went. */
export function InspectionsPage() {
  const speak = useWords(inspectionsText);
  const board = useQuery({
    queryKey: ['inspections', 'board'],
    queryFn: ({ signal }) => call(inspectionsApi.board, {}, { signal }),
    refetchInterval: 30_000,
  });
  const { data } = board;
  return (
    <Page title={speak('title')} note={<span>{speak('note')}</span>} actions={data ? <StartNow templates={data.next} /> : null}>
      {board.error ? <ProblemAlert error={board.error} onRetry={() => void board.refetch()} /> : null}
      {board.isPending ? <Skeleton active paragraph={{ rows: 8 }} title={false} /> : null}
      {data ? (
        <>
          <Panel title={speak('waiting')} flush>
            <Waiting lines={data.waiting} />
          </Panel>
          <Panel title={speak('findings')} flush>
            <FindingTable findings={data.findings} empty={speak('noFindings')} />
          </Panel>
          <div className="pair">
            <Panel title={speak('scores')}>
              <ScoreChart scores={data.scores} />
            </Panel>
            <Panel title={speak('objects')} flush>
              <Objects board={data} />
            </Panel>
            <Panel title={speak('next')} flush>
              <Next board={data} />
            </Panel>
          </div>
          <Past templates={data.next} />
        </>
      ) : null}
    </Page>
  );
}

function StartNow({ templates }: { templates: InspectionBoard['next'] }) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  const may = useMay();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [template, setTemplate] = useState('daily');
  const start = useMutation({
    mutationFn: () => call(inspectionsApi.start, { body: { template } }),
    onSuccess: async ({ number }) => {
      void message.success(speak('started', { number }));
      await queries.invalidateQueries({ queryKey: ['inspections'] });
    },
    onError: (error) => void message.error(error.message),
  });
  if (!may('operations.handle')) return null;
  return (
    <>
      <Select
        aria-label={speak('template')}
        value={template}
        onChange={setTemplate}
        style={{ minWidth: 160 }}
        options={templates.map((one) => ({ value: one.template, label: tell(one.name) }))}
      />
      <Button type="primary" loading={start.isPending} onClick={() => start.mutate()}>
        {speak('startNow')}
      </Button>
    </>
  );
}

function Waiting({ lines }: { lines: readonly InspectionLine[] }) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  const navigate = useNavigate();
  const nowMs = useNow();
  const late = ({ signBy }: InspectionLine) => signBy !== null && Date.parse(signBy) < nowMs;
  return (
    <DataTable<InspectionLine>
      caption={speak('waiting')}
      rows={lines}
      rowKey={(line) => line.id}
      empty={speak('nothingWaiting')}
      tone={(line) => (late(line) ? 'red' : undefined)}
      stack
      columns={[
        {
          key: 'template',
          title: speak('template'),
          wide: true,
          cell: (line) => (
            <Link to="/inspections/$id" params={{ id: line.id }}>
              {tell(line.name)} <span className="mono">{line.number}</span>
            </Link>
          ),
        },
        { key: 'due', title: speak('due'), cell: (line) => shortInstantText(line.dueAt, nowMs) },
        { key: 'signBy', title: speak('signBy'), cell: (line) => (line.signBy ? shortInstantText(line.signBy, nowMs) : '—') },
        { key: 'open', title: speak('open'), align: 'right', cell: (line) => `${line.open} / ${line.items}` },
        { key: 'bad', title: speak('bad'), align: 'right', cell: (line) => `${line.red} / ${line.yellow}` },
        {
          key: 'walk',
          title: '',
          cell: (line) => (
            <Button type="primary" onClick={() => void navigate({ to: '/inspections/$id/walk', params: { id: line.id } })}>
              {speak('walk')}
            </Button>
          ),
        },
      ]}
    />
  );
}

function Objects({ board }: { board: InspectionBoard }) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  return (
    <DataTable
      caption={speak('objects')}
      rows={board.objects}
      rowKey={(row) => row.object}
      empty={speak('noFindings')}
      tone={(row) => (row.open > 0 ? 'yellow' : undefined)}
      columns={[
        { key: 'object', title: speak('object'), cell: (row) => tell(inspectionNames.objects[row.object]) },
        { key: 'open', title: speak('openNow'), align: 'right', cell: (row) => countText(row.open) },
        { key: 'found', title: speak('found'), align: 'right', cell: (row) => countText(row.found) },
        { key: 'closed', title: speak('closed'), align: 'right', cell: (row) => countText(row.closed) },
      ]}
    />
  );
}

function Next({ board }: { board: InspectionBoard }) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  return (
    <DataTable
      caption={speak('next')}
      rows={board.next}
      rowKey={(row) => row.template}
      empty=""
      columns={[
        { key: 'template', title: speak('template'), cell: (row) => tell(row.name) },
        {
          key: 'at',
          title: speak('due'),
          cell: (row) => (row.at ? `${instantText(row.at)}${row.provisional ? ` (${speak('provisional')})` : ''}` : speak('notSoon')),
        },
      ]}
    />
  );
}

function Past({ templates }: { templates: InspectionBoard['next'] }) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  const [template, setTemplate] = useState('');
  return (
    <Panel
      title={speak('past')}
      flush
      extra={
        <Select
          aria-label={speak('template')}
          value={template}
          onChange={setTemplate}
          style={{ minWidth: 150 }}
          options={[{ value: '', label: speak('all') }, ...templates.map((one) => ({ value: one.template, label: tell(one.name) }))]}
        />
      }
    >
      <PastInspections filter={template ? { template } : {}} />
    </Panel>
  );
}
