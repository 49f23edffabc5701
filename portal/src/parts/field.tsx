import type { ReactNode } from 'react';

export interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly optional?: string | undefined;
  readonly children: (given: FieldHandles) => ReactNode;
}

/** What the control takes so that its label, hint and fault are read out with it. */
export interface FieldHandles {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

export function Field({ id, label, hint, error, optional, children }: FieldProps) {
  return (
    <div className={`field${error ? ' field--wrong' : ''}`}>
      <label htmlFor={id}>
        {label}
        {optional ? <span className="field__optional">{optional}</span> : null}
      </label>
      {hint ? (
        <p className="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {children(handles(id, hint, error))}
      <FieldError id={id} error={error} />
    </div>
  );
}

/** A set of choices under one question. */
export function FieldGroup({ id, label, hint, error, optional, children }: Omit<FieldProps, 'children'> & { children: ReactNode }) {
  const described = handles(id, hint, error);
  return (
    <fieldset
      id={id}
      tabIndex={-1}
      className={`field${error ? ' field--wrong' : ''}`}
      {...(described['aria-describedby'] ? { 'aria-describedby': described['aria-describedby'] } : {})}
    >
      <legend>
        {label}
        {optional ? <span className="field__optional">{optional}</span> : null}
      </legend>
      {hint ? (
        <p className="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {children}
      <FieldError id={id} error={error} />
    </fieldset>
  );
}

function FieldError({ id, error }: { id: string; error: string | undefined }) {
  if (!error) return null;
  return (
    <p className="field__error" id={`${id}-error`}>
      {error}
    </p>
  );
}

function handles(id: string, hint: string | undefined, error: string | undefined): FieldHandles {
  const about = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return {
    id,
    ...(about ? { 'aria-describedby': about } : {}),
    ...(error ? { 'aria-invalid': true as const } : {}),
  };
}
