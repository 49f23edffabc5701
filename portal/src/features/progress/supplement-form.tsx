import type { CitizenRecord, Uploaded } from '#contracts/appeals/attachments.api.ts';
import { attachmentsApi } from '#contracts/appeals/attachments.api.ts';
import { call } from '#ui/api/client.ts';
import { FilePicker } from '#ui/components/file-picker.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { goneUploads, stillThere, useUploading, useUploads } from '#ui/uploads.ts';
import type { FormEvent } from 'react';
import { useEffect, useState } from 'react';
import { Field } from '../../parts/field.tsx';
import type { ProgressKey } from '../../parts/progress-key.ts';
import { progressText } from './progress.text.ts';

interface Draft {
  readonly content: string;
  readonly files: readonly Uploaded[];
}

const nothing: Draft = { content: '', files: [] };

/** What the citizen wants to add. What was typed outlasts a reload in this tab. */
export function SupplementForm({ access, onAdded }: { access: ProgressKey; onAdded: (record: CitizenRecord) => void }) {
  const speak = useWords(progressText);
  const store = `minsheng.portal.supplement.${access.number}`;
  const [draft, setDraft] = useState(() => load(store));
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [error, setError] = useState<unknown>();
  const uploading = useUploading();
  const uploads = useUploads('portal', draft.files, (files) => setDraft((before) => ({ ...before, files })));
  const isEmpty = draft.content.trim() === '' && draft.files.length === 0;

  useEffect(() => keep(store, draft), [store, draft]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    setDone(false);
    if (isEmpty || busy || uploading) return;
    setBusy(true);
    setError(undefined);
    try {
      const attachments = draft.files.map(({ ticket }) => ticket);
      const body = { ...access, content: draft.content.trim(), ...(attachments.length > 0 ? { attachments } : {}) };
      onAdded(await call(attachmentsApi.supplementOnPortal, { body }));
      setDraft(nothing);
      setAsked(false);
      setDone(true);
    } catch (failure) {
      const gone = goneUploads(failure);
      if (gone.length > 0) setDraft((before) => ({ ...before, files: before.files.filter((_, place) => !gone.includes(place)) }));
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="sheet no-print" onSubmit={(event) => void submit(event)} noValidate>
      <h2>{speak('supplement')}</h2>
      <p className="soft">{speak('supplementLead')}</p>
      <Field id="supplement" label={speak('supplementContent')} error={asked && isEmpty ? speak('supplementEmpty') : undefined}>
        {(given) => (
          <textarea
            {...given}
            rows={4}
            maxLength={2000}
            value={draft.content}
            onChange={(event) => setDraft({ ...draft, content: event.target.value })}
          />
        )}
      </Field>
      <div className="field">
        <FilePicker id="supplement-files" uploads={uploads} camera buttonClass="button" disabled={busy} />
      </div>
      <ProblemAlert incident="serious" error={error} labels={{ content: speak('supplementContent') }} />
      {done ? (
        <p className="note" role="status">
          {speak('supplementDone')}
        </p>
      ) : null}
      <button type="submit" className="button button--main" disabled={busy || uploading}>
        {speak(uploading ? 'stillUploading' : busy ? 'submitting' : 'supplementSend')}
      </button>
    </form>
  );
}

function load(store: string): Draft {
  try {
    const text = sessionStorage.getItem(store);
    const draft = text === null ? nothing : (JSON.parse(text) as Draft);
    return { ...draft, files: stillThere(draft.files, Date.now()) };
  } catch {
    return nothing;
  }
}

function keep(store: string, draft: Draft): void {
  try {
    if (draft.content === '' && draft.files.length === 0) sessionStorage.removeItem(store);
    else sessionStorage.setItem(store, JSON.stringify(draft));
  } catch {
    // A full or forbidden storage costs the draft, not the supplement.
  }
}
