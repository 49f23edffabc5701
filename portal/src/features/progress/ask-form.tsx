import type { CitizenView } from '#contracts/appeals/appeals.api.ts';
import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import type { FormEvent } from 'react';
import { useState } from 'react';
import { Field } from '../../parts/field.tsx';
import type { ProgressKey } from '../../parts/progress-key.ts';
import { progressText } from './progress.text.ts';

interface AskProps {
  readonly view: CitizenView;
  readonly access: ProgressKey;
  readonly onChange: (view: CitizenView) => void;
}

/** What else the citizen may ask for now: that it goes faster, or that it is taken back. */
export function Asks({ view, access, onChange }: AskProps) {
  const speak = useWords(progressText);
  const [chosen, setChosen] = useState<'urge' | 'withdraw'>();
  const [said, setSaid] = useState<'urged' | 'withdrawn'>();
  const open = (['urge', 'withdraw'] as const).filter((each) => (each === 'urge' ? view.urgeable : view.withdrawable));
  if (open.length === 0 && !said && !view.withdrawalAsked) return null;
  return (
    <section className="sheet no-print">
      <h2>{speak('asks')}</h2>
      {said ? (
        <p className="note" role="status">
          {speak(said === 'withdrawn' && view.withdrawalAsked ? 'withdrawalWaits' : said)}
        </p>
      ) : view.withdrawalAsked ? (
        <p className="note">{speak('withdrawalWaits')}</p>
      ) : null}
      {open.length > 0 ? (
        <div className="row">
          {open.map((each) => (
            <button
              key={each}
              type="button"
              className={chosen === each ? 'button button--main' : 'button'}
              aria-expanded={chosen === each}
              onClick={() => setChosen(chosen === each ? undefined : each)}
            >
              {speak(each)}
            </button>
          ))}
        </div>
      ) : null}
      {chosen && open.includes(chosen) ? (
        <AskForm
          key={chosen}
          what={chosen}
          access={access}
          onDone={(next) => {
            setSaid(chosen === 'urge' ? 'urged' : 'withdrawn');
            setChosen(undefined);
            onChange(next);
          }}
        />
      ) : null}
    </section>
  );
}

function AskForm({ what, access, onDone }: { what: 'urge' | 'withdraw'; access: ProgressKey; onDone: (view: CitizenView) => void }) {
  const speak = useWords(progressText);
  const [words, setWords] = useState('');
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const said = words.trim();
  const isShort = [...said].length < 2;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (isShort || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      onDone(
        await (what === 'urge'
          ? call(appealsApi.urge, { body: { ...access, note: said } })
          : call(appealsApi.withdraw, { body: { ...access, reason: said } })),
      );
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <p className="soft">{speak(what === 'urge' ? 'urgeLead' : 'withdrawLead')}</p>
      <Field
        id="ask"
        label={speak(what === 'urge' ? 'urgeNote' : 'withdrawReason')}
        error={asked && isShort ? speak('askShort') : undefined}
      >
        {(given) => <textarea {...given} rows={3} maxLength={500} value={words} onChange={(event) => setWords(event.target.value)} />}
      </Field>
      <ProblemAlert incident="serious" error={error} />
      <button type="submit" className="button button--main" disabled={busy}>
        {speak(busy ? 'submitting' : what === 'urge' ? 'urgeSend' : 'withdrawSend')}
      </button>
    </form>
  );
}
