import type { CitizenView } from '#contracts/appeals/appeals.api.ts';
import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useLanguage, useWords } from '#ui/text.ts';
import type { FormEvent } from 'react';
import { useEffect, useState } from 'react';
import { Field } from '../../parts/field.tsx';
import type { ProgressKey } from '../../parts/progress-key.ts';
import { loadKey, saveKey, tidy } from '../../parts/progress-key.ts';
import { progressText } from './progress.text.ts';
import { Status } from './status.tsx';

export function ProgressPage() {
  const speak = useWords(progressText);
  const language = useLanguage();
  const [key, setKey] = useState(loadKey);
  const [view, setView] = useState<CitizenView>();
  const [error, setError] = useState<unknown>();
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (!key) return undefined;
    const abort = new AbortController();
    call(appealsApi.lookUp, { body: key }, { signal: abort.signal })
      .then((found) => {
        saveKey(key);
        setView(found);
        setError(undefined);
      })
      .catch((failure: unknown) => {
        if (abort.signal.aborted) return;
        setError(failure);
        setView(undefined);
      });
    return () => abort.abort();
    // The language is part of what the server answers with.
  }, [key, round, language]);

  if (key && view) {
    return (
      <Status
        view={view}
        access={key}
        onChange={setView}
        onRefresh={() => setRound(round + 1)}
        onOther={() => {
          saveKey(undefined);
          setKey(undefined);
          setView(undefined);
        }}
      />
    );
  }
  return (
    <LookUp
      known={key}
      busy={Boolean(key) && !error}
      error={error}
      onLook={(next) => {
        setError(undefined);
        setKey({ ...next });
      }}
      title={speak('title')}
    />
  );
}

interface LookUpProps {
  readonly known: ProgressKey | undefined;
  readonly busy: boolean;
  readonly error: unknown;
  readonly title: string;
  readonly onLook: (key: ProgressKey) => void;
}

function LookUp({ known, busy, error, title, onLook }: LookUpProps) {
  const speak = useWords(progressText);
  const [number, setNumber] = useState(known?.number ?? '');
  const [code, setCode] = useState(known?.code ?? '');
  const [faults, setFaults] = useState<{ number?: string; code?: string }>({});

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next = { number: tidy(number), code: tidy(code) };
    const digits = next.number.length;
    const found = {
      ...(/^\d{22}$/.test(next.number) ? {} : { number: speak('numberWrong', { count: digits }) }),
      ...(next.code ? {} : { code: speak('codeMissing') }),
    };
    setFaults(found);
    const first = found.number ? 'number' : found.code ? 'code' : undefined;
    if (first) document.getElementById(first)?.focus();
    else onLook(next);
  };

  return (
    <form className="sheet" onSubmit={submit} noValidate>
      <h1 tabIndex={-1}>{title}</h1>
      <p className="soft">{speak('lead')}</p>
      <ProblemAlert incident="serious" error={error} hideFields />
      <Field id="number" label={speak('number')} hint={speak('numberHint')} error={faults.number}>
        {(given) => (
          <input
            {...given}
            className="digits"
            inputMode="numeric"
            autoComplete="off"
            maxLength={40}
            value={number}
            onChange={(event) => setNumber(event.target.value)}
          />
        )}
      </Field>
      <Field id="code" label={speak('code')} error={faults.code}>
        {(given) => (
          <input
            {...given}
            className="digits"
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={20}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
      </Field>
      <button type="submit" className="button button--main" disabled={busy}>
        {speak(busy ? 'looking' : 'look')}
      </button>
      <p className="soft">{speak('lost')}</p>
    </form>
  );
}
