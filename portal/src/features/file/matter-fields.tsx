import { appealTypes } from '#ui/codes.ts';
import { beijingLocal } from '#ui/format.ts';
import { say, useLanguage, useWords } from '#ui/text.ts';
import { useState } from 'react';
import { Field, FieldGroup } from '../../parts/field.tsx';
import { fileText, kindText } from './file.text.ts';
import type { PartProps } from './place-fields.tsx';

// Numeric keys would be put first by the language itself; the order is ours.
const KINDS = ['02', '03', '01', '04', '05', '06', '99'] as const;

export function KindField({ draft, change, faults }: PartProps) {
  const speak = useWords(fileText);
  useLanguage();
  return (
    <FieldGroup id="type" label={speak('type')} error={faults.type}>
      <div className="choices">
        {KINDS.map((code) => {
          const name = appealTypes[code];
          return (
            <label className="choice" key={code}>
              <input type="radio" name="type" value={code} checked={draft.type === code} onChange={() => change({ type: code })} />
              <span>
                <strong>{name ? say(name) : code}</strong>
                <small>{say(kindText[code])}</small>
              </span>
            </label>
          );
        })}
      </div>
    </FieldGroup>
  );
}

export function MatterFields({ draft, change, faults }: PartProps) {
  const speak = useWords(fileText);
  return (
    <>
      <Field id="content" label={speak('content')} hint={speak('contentHint')} error={faults.content}>
        {(given) => (
          <>
            <textarea
              {...given}
              rows={7}
              maxLength={5000}
              value={draft.content}
              onChange={(event) => change({ content: event.target.value })}
            />
            <p className="field__count" aria-hidden="true">
              {speak('count', { count: [...draft.content].length })}
            </p>
          </>
        )}
      </Field>
      <Field id="expectation" label={speak('expectation')} optional={speak('optional')} error={faults.expectation}>
        {(given) => (
          <textarea
            {...given}
            rows={2}
            maxLength={500}
            value={draft.expectation}
            onChange={(event) => change({ expectation: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

export function TimeField({ draft, change, faults }: PartProps) {
  const speak = useWords(fileText);
  // As of when the form was opened; sending checks again.
  const [latest] = useState(() => beijingLocal(Date.now()));
  return (
    <Field id="eventAt" label={speak('eventAt')} optional={speak('optional')} error={faults.eventAt}>
      {(given) => (
        <input
          {...given}
          type="datetime-local"
          max={latest}
          value={draft.eventAt}
          onChange={(event) => change({ eventAt: event.target.value })}
        />
      )}
    </Field>
  );
}
