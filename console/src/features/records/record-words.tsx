import { kindFacts, type RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import type { RecordLine } from '#contracts/operations/records/records.api.ts';
import { Lamp } from '#ui/components/lamp.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { dueText, instantText } from '#ui/format.ts';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { recordsText } from './records.text.ts';

export function RecordState({ kind, state }: { kind: RecordKind; state: string }) {
  const tell = useSay();
  const facts = kindFacts(kind).lifecycle.states[state];
  return <span className={`ms-tag ms-tag--${facts?.tone ?? 'stopped'}`}>{facts ? tell(facts.name) : state}</span>;
}

export function RecordLevel({ kind, level }: { kind: RecordKind; level: number }) {
  const tell = useSay();
  const name = kindFacts(kind).levels[level];
  return <span className={level <= 2 ? 'record__grave' : ''}>{name ? tell(name) : level}</span>;
}

/** The clock that runs out next, by name and with the time it still has. */
export function RecordDue({ row }: { row: Pick<RecordLine, 'kind' | 'dueAt' | 'dueClock' | 'light' | 'paused' | 'endedAt'> }) {
  const speak = useWords(recordsText);
  const tell = useSay();
  const language = useLanguage();
  const nowMs = useNow();
  if (row.paused) return <span className="ms-tag ms-tag--stopped">{speak('paused')}</span>;
  if (!row.dueAt || row.endedAt) return <span className="ms-lamp">—</span>;
  const clock = row.dueClock ? kindFacts(row.kind).lifecycle.clocks[row.dueClock]?.name : undefined;
  return (
    <span title={instantText(row.dueAt)}>
      <Lamp light={row.light} text={`${clock ? `${tell(clock)} ` : ''}${dueText(row.dueAt, nowMs, language)}`} />
    </span>
  );
}
