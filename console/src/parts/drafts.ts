import type { Draft } from '#contracts/drafts/drafts.api.ts';
import { draftsApi } from '#contracts/drafts/drafts.api.ts';
import { call } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { useMe } from '#ui/office/session.ts';
import { newUuid } from '#ui/uuid.ts';
import { useEffect, useMemo, useSyncExternalStore } from 'react';

/** What stands in a form. */
export type Typed = Record<string, unknown>;

/**
 * How a form's draft stands.
 *
 * `offered`: an earlier one was found and waits to be taken or discarded; nothing is saved over it meanwhile.
 * `overtaken`: another window saved, sent or discarded it since this one looked. `unsaved`: tried, and tried again soon.
 */
export interface DraftState {
  readonly phase: 'resting' | 'offered' | 'typing' | 'saved' | 'unsaved' | 'overtaken';
  readonly savedAt?: string | undefined;
  /** What lies on the server and is not what stands here. */
  readonly found?: Draft | undefined;
  /** Something was typed that is not saved while this phase lasts. */
  readonly held?: boolean;
}

export interface FormDraft {
  readonly state: DraftState;
  /** What was typed on this page before the form was closed. */
  readonly typed: Typed | undefined;
  /** Takes what stands in the form now; it is saved when the typing rests. */
  keep(typed: Typed): void;
  /** Goes on with what was found; gives its words. */
  take(): Typed;
  /** Goes on with what stands here, over what was found. */
  insist(): void;
  /** Gives up the draft, found or own. */
  discard(): Promise<void>;
  /** Before the words are sent: nothing more is saved, and what is on its way has arrived. */
  settle(): Promise<void>;
  /** They were refused: goes on saving. */
  resume(): void;
  /** They were taken, and the draft with them. */
  done(): void;
}

const RESTED_MS = 1000;
const AGAIN_MS = 2000;
const AGAIN_AT_MOST_MS = 30_000;

type Entry = Omit<FormDraft, 'state' | 'typed'> & {
  state: DraftState;
  typed: Typed | undefined;
  look(): Promise<void>;
  saveNow(): void;
  listen(listener: () => void): () => void;
};

/** Every form's draft by person and place: it outlives its form, so that leaving the page loses nothing either. */
const entries = new Map<string, Entry>();

function createEntry(account: string, place: string): Entry {
  const listeners = new Set<() => void>();
  /** The revision that this window goes on from; undefined until it is known. */
  let seen: string | null | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let againMs = AGAIN_MS;
  let sending: Promise<void> | undefined;
  let paused = false;

  const tell = (state: DraftState) => {
    entry.state = state;
    for (const listener of listeners) listener();
  };
  const later = (work: () => void, ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
  const again = (work: () => void) => {
    later(work, againMs);
    againMs = Math.min(AGAIN_AT_MOST_MS, againMs * 2);
  };
  const params = { params: { place } };

  async function look(): Promise<void> {
    // What was typed here is newer than what this window saved; another window's saving shows at the next save.
    if (entry.typed && seen !== undefined) return;
    try {
      const { draft } = await call(draftsApi.find, params);
      const had = seen;
      seen = draft?.revision ?? null;
      if (draft && draft.revision !== had) tell({ phase: 'offered', found: draft, held: entry.typed !== undefined });
      else if (!draft && !entry.typed) tell({ phase: 'resting' });
      if (!draft && entry.typed) save();
    } catch {
      if (entry.typed) tell({ phase: 'unsaved' });
      again(() => void look());
    }
  }

  function save(): void {
    if (paused || sending || !entry.typed || entry.state.phase === 'offered' || entry.state.phase === 'overtaken') return;
    if (seen === undefined) return void look();
    clearTimeout(timer);
    const { typed } = entry;
    sending = send(typed).finally(() => {
      sending = undefined;
      if (entry.state.phase === 'saved' && entry.typed && entry.typed !== typed) entry.keep(entry.typed);
    });
  }

  // One name for each version of the words: sent again because no answer came, it is the same save.
  let named: { typed: Typed; revision: string } | undefined;

  async function send(typed: Typed): Promise<void> {
    if (named?.typed !== typed) named = { typed, revision: newUuid() };
    const { revision } = named;
    try {
      const { savedAt } = await call(draftsApi.save, {
        ...params,
        body: { account, seen: seen ?? null, revision, words: storable(typed) },
      });
      seen = revision;
      againMs = AGAIN_MS;
      tell({ phase: 'saved', savedAt });
    } catch (error) {
      const code = problemOf(error)?.code;
      if (code === 'drafts.not-yours') {
        entries.delete(keyOf(account, place));
        return;
      }
      if (code === 'drafts.overtaken') {
        const { draft } = await call(draftsApi.find, params).catch(() => ({ draft: null }));
        tell({ phase: 'overtaken', found: draft ?? undefined, held: true });
        return;
      }
      tell({ phase: 'unsaved', savedAt: entry.state.savedAt });
      again(save);
    }
  }

  const entry: Entry = {
    state: { phase: 'resting' },
    typed: undefined,
    look,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    keep(typed) {
      entry.typed = typed;
      if (entry.state.phase === 'offered' || entry.state.phase === 'overtaken') {
        if (!entry.state.held) tell({ ...entry.state, held: true });
        return;
      }
      if (entry.state.phase !== 'unsaved') tell({ phase: 'typing', savedAt: entry.state.savedAt });
      later(save, RESTED_MS);
    },
    take() {
      const { found } = entry.state;
      seen = found?.revision ?? null;
      entry.typed = found?.words ?? {};
      tell({ phase: 'saved', savedAt: found?.savedAt });
      return entry.typed;
    },
    insist() {
      seen = entry.state.found?.revision ?? null;
      tell({ phase: 'typing' });
      save();
    },
    async discard() {
      clearTimeout(timer);
      await sending;
      const revision = entry.state.found?.revision ?? seen;
      const { phase, held } = entry.state;
      // Of an offered draft the words that were typed meanwhile stay, and are saved in its place.
      if (!(phase === 'offered' && held)) entry.typed = undefined;
      seen = undefined;
      tell({ phase: 'resting' });
      if (revision) await call(draftsApi.discard, { ...params, query: { revision } }).catch(() => undefined);
      await look();
    },
    async settle() {
      paused = true;
      clearTimeout(timer);
      await sending;
    },
    resume() {
      paused = false;
      save();
    },
    done() {
      clearTimeout(timer);
      paused = false;
      entry.typed = undefined;
      seen = undefined;
      tell({ phase: 'resting' });
    },
    saveNow: save,
  };
  return entry;
}

function keyOf(account: string, place: string): string {
  return `${account} ${place}`;
}

/** Previews of pictures are large and made anew from the file. */
function storable(typed: Typed): Typed {
  return JSON.parse(JSON.stringify(typed, (key, value: unknown) => (key === 'preview' ? null : value))) as Typed;
}

const isLoose = ({ state }: Entry) => state.phase === 'typing' || state.phase === 'unsaved';
// A page that is hidden may be closed next; one that closes with loose words asks first.
addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') for (const entry of entries.values()) if (isLoose(entry)) entry.saveNow();
});
addEventListener('online', () => {
  for (const entry of entries.values()) if (isLoose(entry)) entry.saveNow();
});
addEventListener('beforeunload', (event) => {
  if ([...entries.values()].some(isLoose)) event.preventDefault();
});

/** The draft of one form of this person: kept on the server, quietly, and offered again on any computer. */
export function useDraft(place: string): FormDraft {
  const { accountId } = useMe();
  const entry = useMemo(() => {
    const key = keyOf(accountId, place);
    const known = entries.get(key) ?? createEntry(accountId, place);
    entries.set(key, known);
    return known;
  }, [accountId, place]);
  const state = useSyncExternalStore(entry.listen, () => entry.state);
  useEffect(() => void entry.look(), [entry]);
  return { ...entry, state };
}
