import { useWords } from '#ui/text.ts';
import { Field, FieldGroup } from '../../parts/field.tsx';
import { fileText } from './file.text.ts';
import type { PartProps } from './place-fields.tsx';

export function ContactFields({ draft, change, faults }: PartProps) {
  const speak = useWords(fileText);
  return (
    <FieldGroup id="who" label={speak('who')} hint={speak('whoHint')}>
      <div className="choices choices--two">
        <label className="choice">
          <input type="radio" name="anonymous" checked={!draft.anonymous} onChange={() => change({ anonymous: false })} />
          <span>{speak('leaveContact')}</span>
        </label>
        <label className="choice">
          <input type="radio" name="anonymous" checked={draft.anonymous} onChange={() => change({ anonymous: true })} />
          <span>{speak('stayAnonymous')}</span>
        </label>
      </div>
      {draft.anonymous ? (
        <p className="note">{speak('anonymousNote')}</p>
      ) : (
        <>
          <div className="pair">
            <Field id="name" label={speak('name')} error={faults.name}>
              {(given) => (
                <input
                  {...given}
                  maxLength={50}
                  autoComplete="name"
                  value={draft.name}
                  onChange={(event) => change({ name: event.target.value })}
                />
              )}
            </Field>
            <Field id="phone" label={speak('phone')} error={faults.phone}>
              {(given) => (
                <input
                  {...given}
                  type="tel"
                  inputMode="tel"
                  maxLength={20}
                  autoComplete="tel"
                  placeholder={speak('phoneHint')}
                  value={draft.phone}
                  onChange={(event) => change({ phone: event.target.value })}
                />
              )}
            </Field>
          </div>
          <label className="choice">
            <input type="checkbox" checked={draft.confidential} onChange={(event) => change({ confidential: event.target.checked })} />
            <span>
              <strong>{speak('confidential')}</strong>
              <small>{speak('confidentialNote')}</small>
            </span>
          </label>
        </>
      )}
    </FieldGroup>
  );
}
