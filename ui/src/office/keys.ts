import { useEffect } from 'react';

/** Whether a key belongs to a field somebody types into, and so is no shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName);
}

/** The digits choose of what is offered, in its order, but not while somebody types; Escape goes back. */
export function useDigitKeys<T>(offered: readonly T[], onChoose: (chosen: T) => void, onEscape: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) return onEscape();
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const next = offered[Number(event.key) - 1];
      if (next === undefined) return;
      event.preventDefault();
      onChoose(next);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
