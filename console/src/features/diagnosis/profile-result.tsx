import {
  diagnosisApi,
  PROFILE_KINDS,
  type ProfiledFunction,
  type ProfileLine,
  type ProfileSummary,
} from '#contracts/operations/diagnosis.api.ts';
import { profileNote } from '#contracts/operations/diagnosis.texts.ts';
import type { RecordView } from '#contracts/operations/records/records.api.ts';
import { addressOf, call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { bytesText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { Figure } from '../../parts/figure.tsx';
import { Panel } from '../../parts/page.tsx';
import { InSight, Keep, msText, percentText } from './diagnosis-parts.tsx';
import { profilesText } from './diagnosis.text.ts';
import { FlameGraph } from './flame-graph.tsx';

/** A profile as it stands: being waited for, failed, or with what it shows. */
export function ProfileResult({ line, fault }: { line: ProfileLine; fault: RecordView | undefined }) {
  const speak = useWords(profilesText);
  const tell = useSay();
  const isDone = line.state === 'done';
  const view = useQuery({
    queryKey: ['diagnosis', 'profile', line.id],
    queryFn: ({ signal }) => call(diagnosisApi.profile, { params: { id: line.id } }, { signal }),
    enabled: isDone,
    // Once it is done it does not change.
    staleTime: Infinity,
  });
  const summary = view.data?.summary;
  return (
    <InSight>
      <Panel title={`${speak('result')}：${line.node}，${tell(PROFILE_KINDS[line.kind])}`}>
        {isDone ? null : (
          <p role="status">
            {speak(line.state)}
            {line.failure ? `：${line.failure}` : ''}
          </p>
        )}
        {view.error ? <ProblemAlert error={view.error} onRetry={() => void view.refetch()} /> : null}
        {(isDone && view.isPending) || line.state === 'waiting' || line.state === 'running' ? (
          <Skeleton active paragraph={{ rows: 4 }} title={false} />
        ) : null}
        {view.data && summary ? (
          <>
            <Vitals line={line} summary={summary} />
            <div className="buttons">
              <Keep fault={fault} noteOf={() => profileNote(view.data)} />
              <Button href={addressOf(diagnosisApi.profileFile, { id: line.id })} download>
                {speak('download')} .{line.kind}profile（{bytesText(line.bytes ?? 0)}）
              </Button>
            </div>
          </>
        ) : null}
      </Panel>
      {summary ? (
        <>
          <Panel title={speak('top')} flush>
            <TopTable line={line} summary={summary} />
          </Panel>
          {summary.flame.length > 0 ? (
            <Panel title={speak('flame')} extra={<span className="quiet">{speak('flameNote')}</span>}>
              <FlameGraph frames={summary.flame} />
            </Panel>
          ) : null}
        </>
      ) : null}
    </InSight>
  );
}

function Vitals({ line, summary: { vitals, all, idle } }: { line: ProfileLine; summary: ProfileSummary }) {
  const speak = useWords(profilesText);
  return (
    <dl className="load__figures">
      <Figure name={speak('utilisation')} value={percentText(vitals.utilisation)} bad={vitals.utilisation > 0.9} />
      <Figure name={speak('delay')} value={msText(vitals.delayP99Ms)} bad={vitals.delayP99Ms > 500} />
      <Figure name={speak('longest')} value={msText(vitals.delayMaxMs)} />
      <Figure name={speak('collections')} value={speak('times', { count: vitals.collections, ms: msText(vitals.collectingMs) })} />
      <Figure name={speak('heap')} value={bytesText(vitals.heapBytes)} />
      <Figure name={speak('resident')} value={bytesText(vitals.residentBytes)} />
      {line.kind === 'cpu' ? (
        <Figure name={speak('idle')} value={percentText(all > 0 ? idle / all : 0)} />
      ) : (
        <Figure name={speak('sampled')} value={bytesText(all)} />
      )}
    </dl>
  );
}

function TopTable({ line, summary: { top, all } }: { line: ProfileLine; summary: ProfileSummary }) {
  const speak = useWords(profilesText);
  const amount = (value: number) => (line.kind === 'cpu' ? msText(value / 1000) : bytesText(value));
  const figure = (value: number) => (
    <span className="ms-number">
      {amount(value)} · {percentText(all > 0 ? value / all : 0)}
    </span>
  );
  return (
    <DataTable<ProfiledFunction>
      caption={speak('top')}
      rows={top}
      rowKey={(row) => `${row.name}${row.place}`}
      empty={speak('noTop')}
      columns={[
        {
          key: 'function',
          title: speak('function'),
          wide: true,
          cell: (row) => (
            <>
              <b className="mono">{row.name}</b>
              {row.place ? <span className="under mono">{row.place}</span> : null}
            </>
          ),
        },
        { key: 'self', title: speak('self'), align: 'right', cell: (row) => figure(row.self) },
        { key: 'total', title: speak('total'), align: 'right', cell: (row) => figure(row.total) },
      ]}
    />
  );
}
