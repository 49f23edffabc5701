/** What opens the progress page of one appeal. */
export interface ProgressKey {
  readonly number: string;
  readonly code: string;
}

const STORE = 'minsheng.portal.progress';

/** Kept for this tab only, so that a reload works and the next person at the computer finds nothing. */
export function saveKey(key: ProgressKey | undefined): void {
  try {
    if (key) sessionStorage.setItem(STORE, JSON.stringify(key));
    else sessionStorage.removeItem(STORE);
  } catch {
    // Then a reload asks for them again.
  }
}

export function loadKey(): ProgressKey | undefined {
  try {
    const text = sessionStorage.getItem(STORE);
    return text === null ? undefined : (JSON.parse(text) as ProgressKey);
  } catch {
    return undefined;
  }
}

/** Number and code as they are read out and typed: spaces, dashes and full-width digits fall away. */
export function tidy(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s\-–—]/g, '');
}
