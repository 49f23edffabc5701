import { recordActionRoute, recordsApi, type RecordView } from '#contracts/operations/records/records.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useMay } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useAct } from '../../parts/act.ts';
import { diagnosisText } from './diagnosis.text.ts';

/** Milliseconds as people read them: 0.42 ms, 830 ms, 12.4 s. */
export function msText(ms: number): string {
  if (ms >= 100_000) return `${Math.round(ms / 1000)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms >= 10 ? Math.round(ms) : ms.toFixed(2)} ms`;
}

export const percentText = (part: number): string => `${(100 * part).toFixed(part >= 0.1 ? 0 : 1)} %`;

/** The fault that the page was opened for; undefined where for none. */
export function useFault(id: string | undefined) {
  return useQuery({
    queryKey: ['records', 'one', id ?? ''],
    queryFn: ({ signal }) => call(recordsApi.byId, { params: { id: id! } }, { signal }),
    enabled: id !== undefined,
  });
}

/** A statement in two lines; all of it where it is pointed at. */
export function StatementText({ text }: { text: string }) {
  return (
    <span className="mono two-lines" title={text}>
      {text || '—'}
    </span>
  );
}

/** What was chosen below stands here above it: it comes into sight. */
export function InSight({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What it gives is a promise in newer browsers, which must not be taken for the effect's end.
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={box} className="diagnosis__shown">
      {children}
    </div>
  );
}

/** Keeps what was found in the fault's timeline, as a note that may be changed before; null where nothing is found by now. */
export function Keep({ fault, noteOf }: { fault: RecordView | undefined; noteOf: (() => string) | null }) {
  const speak = useWords(diagnosisText);
  const may = useMay();
  const { message } = App.useApp();
  const [note, setNote] = useState<string>();
  const keep = useAct(recordActionRoute('fault', 'inform'), 'records', () => {
    void message.success(speak('kept'));
    setNote(undefined);
  });
  if (!fault || !may('operations.handle') || !fault.actions.some(({ action, refusal }) => action === 'inform' && !refusal)) return null;
  if (note === undefined) return noteOf ? <Button onClick={() => setNote(noteOf())}>{speak('keep')}</Button> : null;
  return (
    <div className="diagnosis__keep">
      <Input.TextArea
        className="mono"
        aria-label={speak('keepTitle', { number: fault.number })}
        autoFocus
        maxLength={2000}
        autoSize={{ minRows: 4, maxRows: 14 }}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <ProblemAlert error={keep.error} />
      <div className="buttons">
        <Button
          type="primary"
          loading={keep.isPending}
          disabled={note.trim().length < 4}
          onClick={() => keep.mutate({ params: { id: fault.id }, body: { version: fault.version, input: { note: note.trim() } } } as never)}
        >
          {speak('keep')}
        </Button>
        <Button onClick={() => setNote(undefined)}>{speak('close')}</Button>
      </div>
    </div>
  );
}

/** Asks for the reason of an act that stays on record. */
export function ReasonForm({
  sendName,
  note,
  danger = false,
  busy,
  error,
  children,
  onSend,
  onClose,
}: {
  sendName: string;
  note?: string;
  danger?: boolean;
  busy: boolean;
  error: unknown;
  children?: ReactNode;
  onSend: (reason: string) => void;
  onClose: () => void;
}) {
  const speak = useWords(diagnosisText);
  return (
    <Form<{ reason: string }> layout="vertical" requiredMark={false} onFinish={({ reason }) => onSend(reason.trim())}>
      {note ? <p className="quiet">{note}</p> : null}
      {children}
      <Form.Item name="reason" label={speak('reason')} rules={[{ required: true, whitespace: true, min: 4, message: speak('required') }]}>
        <Input maxLength={200} autoFocus />
      </Form.Item>
      <ProblemAlert error={error} />
      <div className="buttons">
        <Button type="primary" htmlType="submit" danger={danger} loading={busy}>
          {sendName}
        </Button>
        <Button onClick={onClose}>{speak('close')}</Button>
      </div>
    </Form>
  );
}
