import type { ReactNode } from 'react';

/** Says that there is nothing, and what one may do about it. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="ms-empty">
      <p className="ms-empty__title">{title}</p>
      {children ? <div>{children}</div> : null}
    </div>
  );
}
