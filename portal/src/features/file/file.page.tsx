import { fieldFaults, problemOf } from '#ui/api/problem.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { goneUploads, useUploading } from '#ui/uploads.ts';
import type { FormEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { ContactFields } from './contact-fields.tsx';
import type { Draft } from './draft.ts';
import { emptyDraft, forgetDraft, isDraftKept, loadDraft, saveDraft } from './draft.ts';
import type { FieldName } from './file.checks.ts';
import { checkDraft, FIELD_ORDER, fieldOf } from './file.checks.ts';
import { fileText } from './file.text.ts';
import { FilesField } from './files-field.tsx';
import { KindField, MatterFields, TimeField } from './matter-fields.tsx';
import { PlaceFields } from './place-fields.tsx';
import { useFiling } from './use-filing.ts';

export function FilePage() {
  const speak = useWords(fileText);
  const [draft, setDraft] = useState(loadDraft);
  const [restored, setRestored] = useState(isDraftKept);
  const [faults, setFaults] = useState<Partial<Record<FieldName, string>>>({});
  const filing = useFiling();
  const uploading = useUploading();
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => saveDraft(draft), [draft]);

  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setFaults((before) => {
      const left = { ...before };
      for (const name of Object.keys(part)) delete left[name as FieldName];
      // Choosing anonymity takes away what was asked of the contact.
      if (part.anonymous) {
        delete left.name;
        delete left.phone;
      }
      return left;
    });
  };

  const showFaults = (found: Partial<Record<FieldName, string>>) => {
    setFaults(found);
    const first = FIELD_ORDER.find((name) => found[name]);
    if (!first) return;
    requestAnimationFrame(() => {
      const place = document.getElementById(first);
      const target = place?.querySelector<HTMLElement>('input') ?? place;
      target?.focus();
      place?.scrollIntoView({ block: 'center' });
    });
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = checkDraft(draft, Date.now());
    if (Object.keys(found).length > 0) {
      showFaults(Object.fromEntries(Object.entries(found).map(([name, fault]) => [name, speak(fault)])));
      return;
    }
    setFaults({});
    const error = await filing.file(draft);
    const gone = goneUploads(error);
    if (gone.length > 0) change({ files: draft.files.filter((_, place) => !gone.includes(place)) });
    const refused: Partial<Record<FieldName, string>> = {};
    for (const { path, message } of fieldFaults(problemOf(error))) {
      const name = fieldOf(path);
      if (name) refused[name] ??= message;
    }
    showFaults(refused);
  };

  const locked = filing.busy || filing.unanswered;
  const parts = { draft, change, faults };
  const count = Object.keys(faults).length;
  return (
    <form ref={form} className="sheet" onSubmit={(event) => void submit(event)} noValidate>
      <h1 tabIndex={-1}>{speak('title')}</h1>
      <p className="soft">
        {speak('lead')} {speak('danger')}
      </p>
      {restored ? (
        <p className="note" role="status">
          {speak('restored')}{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              forgetDraft();
              setDraft(emptyDraft);
              setRestored(false);
            }}
          >
            {speak('startOver')}
          </button>
        </p>
      ) : null}
      <fieldset className="bare" disabled={locked}>
        <KindField {...parts} />
        <MatterFields {...parts} />
        <PlaceFields {...parts} />
        <TimeField {...parts} />
        <FilesField {...parts} />
        <ContactFields {...parts} />
      </fieldset>
      {count > 0 ? (
        <p className="field__error" role="alert">
          {speak('mend', { count })}
        </p>
      ) : null}
      <FilingTrouble filing={filing} hideFields={count > 0} />
      <button type="submit" className="button button--main" disabled={filing.busy || uploading}>
        {uploading ? speak('stillUploading') : filing.busy ? speak('submitting') : speak(filing.unanswered ? 'again' : 'submit')}
      </button>
    </form>
  );
}

function FilingTrouble({ filing, hideFields }: { filing: ReturnType<typeof useFiling>; hideFields: boolean }) {
  const speak = useWords(fileText);
  if (filing.busy) return null;
  if (filing.unanswered) {
    return (
      <div className="note note--strong" role="alert">
        <p>{speak('unanswered')}</p>
        <button type="button" className="link" onClick={filing.giveUpPending}>
          {speak('editAnyway')}
        </button>
      </div>
    );
  }
  if (problemOf(filing.error)?.code === 'base.idempotency-mismatch') {
    return (
      <div className="note note--strong" role="alert">
        <p>{speak('usedBefore')}</p>
        <button type="button" className="link" onClick={filing.giveUpPending}>
          {speak('asNew')}
        </button>
      </div>
    );
  }
  return <ProblemAlert incident="serious" error={filing.error} hideFields={hideFields} />;
}
