import {
  inspectionsApi,
  VERDICTS,
  type InspectionItem,
  type InspectionReport,
  type Verdict,
} from '#contracts/operations/inspections.api.ts';
import { inspectionNames } from '#contracts/operations/inspections.text.ts';
import { call } from '#ui/api/client.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { isTyping } from '#ui/office/keys.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Input, Skeleton } from 'antd';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { OutcomeTag } from './inspection-parts.tsx';
import { inspectionsText } from './inspections.text.ts';

const route = getRouteApi('/inside/inspections/$id/walk');

/** One item after the other, with large buttons; made for a telephone, and for the keys of a desk. */
export function WalkPage() {
  const { id } = route.useParams();
  const speak = useWords(inspectionsText);
  const tell = useSay();
  const { data, error, refetch } = useQuery({
    queryKey: ['inspections', 'one', id],
    queryFn: ({ signal }) => call(inspectionsApi.byId, { params: { id } }, { signal }),
  });
  return (
    <Page
      title={data ? `${speak('walk')}：${tell(data.line.name)}` : speak('walk')}
      note={
        <Link to="/inspections/$id" params={{ id }}>
          {speak('toReport')}
        </Link>
      }
    >
      {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
      {data ? <Walk report={data} /> : error ? null : <Skeleton active paragraph={{ rows: 8 }} />}
    </Page>
  );
}

function Walk({ report }: { report: InspectionReport }) {
  const speak = useWords(inspectionsText);
  const items = report.items.filter((item) => item.kind === 'manual');
  const firstOpen = items.findIndex((item) => item.outcome === 'open');
  const [at, setAt] = useState(Math.max(0, firstOpen));
  const left = items.filter((item) => item.outcome === 'open').length;
  const move = (by: number) => setAt((place) => Math.min(items.length - 1, Math.max(0, place + by)));
  const onArrow = useEffectEvent((event: KeyboardEvent) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowLeft') move(-1);
    if (event.key === 'ArrowRight') move(1);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onArrow(event);
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, []);
  const item = items[at];
  if (!item) return <EmptyState title={speak('nothingToWalk')} />;
  /** To the next item that is open, from here on and then from the beginning. */
  const goOn = () => {
    const after = items.findIndex((one, place) => place > at && one.outcome === 'open');
    const next = after >= 0 ? after : items.findIndex((one, place) => place !== at && one.outcome === 'open');
    if (next >= 0) setAt(next);
  };
  return (
    <div className="walk">
      <p className="walk__progress" data-testid="progress">
        {speak('progress', { at: at + 1, count: items.length, left })}
      </p>
      <progress max={items.length} value={items.length - left} aria-label={speak('progress', { at: at + 1, count: items.length, left })} />
      <Item
        key={`${item.code}/${item.revision}`}
        inspectionId={report.line.id}
        item={item}
        done={report.line.state === 'done'}
        onAnswered={goOn}
      />
      <div className="walk__move">
        <Button size="large" disabled={at === 0} onClick={() => move(-1)}>
          ← {speak('previous')}
        </Button>
        <Button size="large" disabled={at === items.length - 1} onClick={() => move(1)}>
          {speak('following')} →
        </Button>
      </div>
      {left === 0 && report.line.state === 'waiting' ? <Sign report={report} count={items.length} /> : null}
      <p className="faint walk__keys">{speak('keysNote')}</p>
    </div>
  );
}

const DANGER: Readonly<Record<Verdict, 'primary' | 'danger' | 'default'>> = {
  ok: 'primary',
  abnormal: 'danger',
  'not-applicable': 'default',
};

function Item({
  inspectionId,
  item,
  done,
  onAnswered,
}: {
  inspectionId: string;
  item: InspectionItem;
  done: boolean;
  onAnswered: () => void;
}) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  const queries = useQueryClient();
  const [said, setSaid] = useState(item.said ?? '');
  const [note, setNote] = useState(item.note ?? '');
  const [mute, setMute] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const key = ['inspections', 'one', inspectionId];
  const answer = useMutation({
    mutationFn: (verdict: Verdict) =>
      call(inspectionsApi.answer, {
        params: { id: inspectionId, code: item.code },
        body: {
          verdict,
          revision: item.revision,
          ...(said.trim() ? { said: said.trim() } : {}),
          ...(note.trim() ? { note: note.trim() } : {}),
        },
      }),
    onSuccess: (kept) => {
      onAnswered();
      queries.setQueryData<InspectionReport>(key, (before) =>
        before ? { ...before, items: before.items.map((one) => (one.code === kept.code ? kept : one)) } : before,
      );
    },
    // Somebody else was here: what he said is shown, and what was typed stays.
    onError: () => queries.invalidateQueries({ queryKey: key }),
  });
  const give = (verdict: Verdict) => {
    if (done || answer.isPending) return;
    if (verdict === 'abnormal' && !note.trim()) {
      setMute(true);
      field.current?.focus();
      return;
    }
    answer.mutate(verdict);
  };
  const onDigit = useEffectEvent((event: KeyboardEvent) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const verdict = VERDICTS[Number(event.key) - 1];
    if (!verdict) return;
    event.preventDefault();
    give(verdict);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onDigit(event);
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, []);
  return (
    <Panel>
      <div className="walk__item" data-testid="walk-item">
        <p className="faint">{tell(inspectionNames.objects[item.object])}</p>
        <h2>{tell(item.name)}</h2>
        {item.how ? <p className="walk__how">{tell(item.how)}</p> : null}
        {item.outcome === 'open' ? null : (
          <p>
            <OutcomeTag outcome={item.outcome} /> <span className="faint">{item.by}</span>
          </p>
        )}
        <ProblemAlert error={answer.error} />
        <label>
          {speak('said')}
          <Input size="large" value={said} maxLength={100} disabled={done} onChange={(event) => setSaid(event.target.value)} />
        </label>
        <label>
          {speak('remark')}
          <Input.TextArea
            ref={(area) => {
              field.current = area?.resizableTextArea?.textArea ?? null;
            }}
            rows={2}
            value={note}
            maxLength={500}
            disabled={done}
            {...(mute ? { status: 'error' as const } : {})}
            onChange={(event) => {
              setNote(event.target.value);
              setMute(false);
            }}
          />
        </label>
        {mute ? (
          <p role="alert" className="load__shed">
            {speak('remarkNeeded')}
          </p>
        ) : null}
        <div className="walk__verdicts">
          {VERDICTS.map((verdict) => (
            <Button
              key={verdict}
              size="large"
              disabled={done}
              loading={answer.isPending && answer.variables === verdict}
              {...(DANGER[verdict] === 'danger' ? { danger: true } : { type: DANGER[verdict] as 'primary' | 'default' })}
              onClick={() => give(verdict)}
            >
              {tell(inspectionNames.verdicts[verdict])}
            </Button>
          ))}
        </div>
        {item.outcome === 'open' ? null : (
          <p className="faint">
            {speak('advice')}：{tell(item.advice)}
          </p>
        )}
      </div>
    </Panel>
  );
}

function Sign({ report, count }: { report: InspectionReport; count: number }) {
  const speak = useWords(inspectionsText);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [note, setNote] = useState('');
  const { id } = report.line;
  const sign = useMutation({
    mutationFn: () => call(inspectionsApi.sign, { params: { id }, body: note.trim() ? { note: note.trim() } : {} }),
    onSuccess: async (line) => {
      void message.success(speak('signed', { score: line.score ?? '' }));
      await queries.invalidateQueries({ queryKey: ['inspections'] });
      await navigate({ to: '/inspections/$id', params: { id } });
    },
  });
  return (
    <Panel title={speak('sign')}>
      <p>{speak('allAnswered', { count })}</p>
      <ProblemAlert error={sign.error} />
      <label>
        {speak('signNote')}
        <Input.TextArea rows={2} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      <p>
        <Button type="primary" size="large" block loading={sign.isPending} onClick={() => sign.mutate()}>
          {speak('sign')}
        </Button>
      </p>
    </Panel>
  );
}
