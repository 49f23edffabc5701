import type { Words } from '#contracts/base/text.ts';
import { useSyncExternalStore } from 'react';

/** Words by name; parameters stand in braces, as in the error texts of the contracts. */
export type Dictionary = Readonly<Record<string, Words>>;
export type Language = keyof Words;
type Params = Readonly<Record<string, string | number>>;

const STORAGE_KEY = 'minsheng.language';
const listeners = new Set<() => void>();
let current: Language = remembered();

function remembered(): Language {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'zh';
  } catch {
    // Storage may be forbidden by the browser; Chinese stands.
    return 'zh';
  }
}

export function language(): Language {
  return current;
}

export function setLanguage(next: Language): void {
  current = next;
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en';
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // The choice then lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

/** The words in a language with their parameters filled in. */
export function say(words: Words, params: Params = {}, as: Language = current): string {
  return words[as].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** Speaks a dictionary in the chosen language; the component follows the language switch. */
export function useWords<D extends Dictionary>(dictionary: D): (key: keyof D & string, params?: Params) => string {
  const chosen = useLanguage();
  return (key, params) => {
    const words = dictionary[key];
    return words ? say(words, params, chosen) : key;
  };
}

/** Says loose words (states, code lists) in the chosen language. */
export function useSay(): (words: Words, params?: Params) => string {
  const chosen = useLanguage();
  return (words, params) => say(words, params, chosen);
}
