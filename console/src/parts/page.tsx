import type { ReactNode } from 'react';

export interface PageProps {
  readonly title: ReactNode;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page's heading with its buttons, and what stands below. */
export function Page({ title, note, actions, children }: PageProps) {
  return (
    <div className="page">
      <div className="page__head">
        <h1>{title}</h1>
        {note ? <div className="page__note">{note}</div> : null}
        {actions ? <div className="page__actions">{actions}</div> : null}
      </div>
      {children}
    </div>
  );
}

/** A white panel with an optional heading. */
export function Panel({
  title,
  extra,
  children,
  flush,
}: {
  title?: ReactNode;
  extra?: ReactNode;
  children: ReactNode;
  /** The content brings its own margins, as tables do. */
  flush?: boolean;
}) {
  return (
    <section className={`panel${flush ? ' panel--flush' : ''}`}>
      {title ? (
        <div className="panel__head">
          <h2>{title}</h2>
          {extra}
        </div>
      ) : null}
      {children}
    </section>
  );
}
