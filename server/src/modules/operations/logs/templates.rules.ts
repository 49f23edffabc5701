import { createHash } from 'node:crypto';

/** Stands in a template where lines differ. */
export const HOLE = '<*>';

/** A template: what is alike in lines of a module. Its number is a hash of both, so it is the same on every node. */
export interface Template {
  readonly id: number;
  readonly module: string;
  readonly text: string;
  /** Whether counting made one of its holes. */
  readonly counted: boolean;
}

/** As queries and addresses name a template: 12 hexadecimal digits. */
export function templateName(id: number): string {
  return id.toString(16).padStart(12, '0');
}

export function templateNumber(name: string): number {
  return Number.parseInt(name, 16);
}

export function templateOf(module: string, text: string, counted = false): Template {
  const digest = createHash('sha256').update(`${module}\0${text}`).digest();
  return { id: digest.readUIntBE(0, 6), module, text, counted };
}

const WORDS_AT_MOST = 60;
const TEXT_AT_MOST = 1000;

// Values between quotes; addresses and paths; then every word with a digit in it: numbers, ids, instants, durations, versions.
const VALUES =
  /"[^"\n]{0,200}"|'[^'\n]{0,200}'|“[^”]{0,200}”|「[^」]{0,200}」|\b[a-z][a-z+]*:\/\/[^\s,;)\]}"']+|(?<![\w.])(?:\.{0,2}\/[\w.@%+:~-]+)+\/?|[A-Za-z_]*\d[\w.:%+-]*/g;

/** A message with a hole for every value that shows by its form. */
export function masked(message: string): string {
  const [line = ''] = message.split('\n', 1);
  const text = line
    .slice(0, TEXT_AT_MOST)
    .replaceAll(VALUES, HOLE)
    .replaceAll(/(?:<\*>[-:.,/]?){2,}/g, HOLE);
  const words = text.split(' ').filter(Boolean);
  return words.length > WORDS_AT_MOST ? `${words.slice(0, WORDS_AT_MOST).join(' ')} ${HOLE}` : words.join(' ');
}

export interface Templates {
  /** The template a message belongs to. */
  of(module: string, message: string): Template;
  /** How many things are remembered. */
  size(): number;
}

/** A place at which so many words were seen is a value, though its form does not show it: a name, a city. */
const WORDS_AT_A_PLACE = 8;
const KNOWN_AT_MOST = 5000;
/** In longer lines two places are not opened at once: there are too many pairs. */
const PAIRED_AT_MOST = 16;
const PLACES_AT_MOST = 40_000;

/**
 * Folds messages to templates, one after the other, as Drain does: values that show by their form become holes at once; a
 * place where lines of equal length differ in one word becomes a hole when its eighth word comes. What was folded so is
 * folded again where another place differs.
 *
 * The same messages in the same order give the same templates. `known` are those that counting made before: a node that
 * starts goes on where others are. What is remembered is bounded; when it is full, counting begins anew, and templates
 * with holes stay.
 */
export function createTemplates(known: readonly { readonly module: string; readonly text: string }[] = []): Templates {
  const byMasked = new Map<string, Template>();
  const places = new Map<string, Set<string>>();
  /** Templates with a hole that was found by counting, by module and text with the hole. */
  const wide = new Set<string>();
  let counted = 0;

  for (const { module, text } of known) wide.add(`${module}\0${text}`);

  function fold(module: string, text: string, was = false): Template {
    const words = text.split(' ');
    // Too short a line says too little for one of its words to be a value.
    if (words.length < 3) return templateOf(module, text, was);
    const known = wideOf(module, words);
    if (known !== null) return fold(module, known, true);
    for (let place = 0; place < words.length; place++) {
      const word = words[place]!;
      if (word === HOLE) continue;
      const open = words.with(place, HOLE).join(' ');
      const key = `${module}\0${open}`;
      if (counted >= PLACES_AT_MOST) {
        places.clear();
        counted = 0;
      }
      let seen = places.get(key);
      if (!seen) places.set(key, (seen = new Set()));
      if (!seen.has(word)) {
        seen.add(word);
        counted++;
      }
      if (seen.size >= WORDS_AT_A_PLACE && wide.size < KNOWN_AT_MOST) {
        wide.add(key);
        counted -= seen.size;
        places.delete(key);
        byMasked.clear();
        return fold(module, open, true);
      }
    }
    return templateOf(module, text, was);
  }

  /** The words with one place or two opened, where that is known. */
  function wideOf(module: string, words: readonly string[]): string | null {
    if (wide.size === 0) return null;
    const has = (open: readonly string[]) => wide.has(`${module}\0${open.join(' ')}`);
    const places = words.flatMap((word, place) => (word === HOLE ? [] : [place]));
    for (const place of places) if (has(words.with(place, HOLE))) return words.with(place, HOLE).join(' ');
    if (places.length > PAIRED_AT_MOST) return null;
    for (const [at, first] of places.entries())
      for (const second of places.slice(at + 1)) {
        const open = words.with(first, HOLE).with(second, HOLE);
        if (has(open)) return open.join(' ');
      }
    return null;
  }

  return {
    of(module, message) {
      const text = masked(message);
      const key = `${module}\0${text}`;
      const found = byMasked.get(key);
      if (found) return found;
      const template = fold(module, text);
      if (byMasked.size >= KNOWN_AT_MOST) byMasked.clear();
      byMasked.set(key, template);
      return template;
    },
    size: () => byMasked.size + counted + wide.size,
  };
}
