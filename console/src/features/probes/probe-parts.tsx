import { ChangedProbe, NewProbe, probesApi, type ProbeView } from '#contracts/operations/probes.api.ts';
import { Lamp } from '#ui/components/lamp.tsx';
import { useMay } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { App, Button } from 'antd';
import { useAct } from '../../parts/act.ts';
import { Panel } from '../../parts/page.tsx';
import { SchemaForm, type FormSchema } from '../../parts/schema-form.tsx';
import { probesText } from './probes.text.ts';

/** How the last try went. */
export function LastTry({ probe }: { probe: ProbeView }) {
  const speak = useWords(probesText);
  if (!probe.enabled) return <span className="ms-tag ms-tag--stopped">{speak('paused')}</span>;
  if (!probe.last) return <span className="quiet">{speak('untried')}</span>;
  return <Lamp light={probe.last.good ? 'green' : 'red'} text={speak(probe.last.good ? 'good' : 'bad')} />;
}

export const shareText = (share: number | null) => (share === null ? '—' : `${(Math.floor(share * 10_000) / 100).toFixed(2)}%`);

/** Tries a probe now, pauses it, lets it go on. */
export function ProbeActs({ probe, onEdit, size = 'small' }: { probe: ProbeView; onEdit: () => void; size?: 'small' | 'middle' }) {
  const speak = useWords(probesText);
  const may = useMay();
  const { message } = App.useApp();
  const enable = useAct(probesApi.enable, 'probes');
  const attempt = useAct(probesApi.try, 'probes', ({ good, note }) => {
    const text = `${probe.name}：${note}`;
    void (good ? message.success(text) : message.error(text));
  });
  const fail = () => void message.error(speak('bad'));
  return (
    <span className="buttons buttons--tight">
      {may('operations.handle') ? (
        <Button size={size} loading={attempt.isPending} onClick={() => attempt.mutate({ params: { id: probe.id } }, { onError: fail })}>
          {speak('tryNow')}
        </Button>
      ) : null}
      {may('operations.decide') ? (
        <>
          <Button size={size} onClick={onEdit}>
            {speak('edit')}
          </Button>
          <Button
            size={size}
            loading={enable.isPending}
            onClick={() => enable.mutate({ params: { id: probe.id }, body: { enabled: !probe.enabled } }, { onError: fail })}
          >
            {speak(probe.enabled ? 'pause' : 'resume')}
          </Button>
        </>
      ) : null}
    </span>
  );
}

/** A new probe, or what a known one is changed to. */
export function ProbeForm({ probe, onClose }: { probe: ProbeView | null; onClose: () => void }) {
  const speak = useWords(probesText);
  const { message } = App.useApp();
  const onDone = () => {
    void message.success(speak('saved'));
    onClose();
  };
  const add = useAct(probesApi.add, 'probes', onDone);
  const change = useAct(probesApi.change, 'probes', onDone);
  const act = probe ? change : add;
  return (
    <Panel title={probe ? probe.name : speak('add')}>
      <SchemaForm
        schema={(probe ? ChangedProbe : NewProbe) as unknown as FormSchema}
        start={probe ? { ...probe } : { kind: 'http', everySeconds: 60, timeoutMs: 5000 }}
        sendName={speak('save')}
        busy={act.isPending}
        error={act.error}
        onSend={(body) => (probe ? change.mutate({ params: { id: probe.id }, body: body as never }) : add.mutate({ body: body as never }))}
        onClose={onClose}
      />
    </Panel>
  );
}
