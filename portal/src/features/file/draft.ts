import type { Filed, PortalAppealInput } from '#contracts/appeals/appeals.api.ts';
import type { Uploaded } from '#contracts/appeals/attachments.api.ts';
import { stillThere } from '#ui/uploads.ts';

/** What the citizen typed so far. */
export interface Draft {
  readonly type: string;
  readonly content: string;
  readonly expectation: string;
  readonly city: string;
  readonly county: string;
  readonly street: string;
  readonly address: string;
  readonly eventAt: string;
  readonly anonymous: boolean;
  readonly confidential: boolean;
  readonly name: string;
  readonly phone: string;
  readonly files: readonly Uploaded[];
}

export const emptyDraft: Draft = {
  type: '',
  content: '',
  expectation: '',
  city: '',
  county: '',
  street: '',
  address: '',
  eventAt: '',
  anonymous: false,
  confidential: false,
  name: '',
  phone: '',
  files: [],
};

/** A request whose answer never came: it may have been filed, so it is sent again as it was. */
export interface Pending {
  readonly key: string;
  readonly body: PortalAppealInput;
}

const DRAFT = 'minsheng.portal.draft';
const PERSON = 'minsheng.portal.person';
const KEY = 'minsheng.portal.key';
const PENDING = 'minsheng.portal.pending';
const FILED = 'minsheng.portal.filed';

export function loadDraft(): Draft {
  const draft: Draft = {
    ...emptyDraft,
    ...(read(localStorage, DRAFT) as Partial<Draft> | undefined),
    ...(read(sessionStorage, PERSON) as Partial<Draft> | undefined),
  };
  return { ...draft, files: stillThere(draft.files, Date.now()) };
}

/** The matter outlasts the browser; who speaks does not, because the computer may be shared. */
export function saveDraft(draft: Draft): void {
  const { name, phone, ...matter } = draft;
  write(localStorage, DRAFT, matter);
  write(sessionStorage, PERSON, { name, phone });
}

export function isDraftKept(): boolean {
  const draft = loadDraft();
  return Boolean(draft.content || draft.address || draft.files.length > 0);
}

/** One key per draft: a double tap, or a retry after the network broke, files once. */
export function keyOfDraft(): string {
  const known = read(localStorage, KEY) as string | undefined;
  if (known) return known;
  return newKey();
}

export function newKey(): string {
  const key = makeKey();
  write(localStorage, KEY, key);
  return key;
}

export function loadPending(): Pending | undefined {
  return read(sessionStorage, PENDING) as Pending | undefined;
}

export function savePending(pending: Pending | undefined): void {
  if (pending) write(sessionStorage, PENDING, pending);
  else sessionStorage.removeItem(PENDING);
}

export function forgetDraft(): void {
  for (const name of [DRAFT, KEY]) localStorage.removeItem(name);
  for (const name of [PERSON, PENDING]) sessionStorage.removeItem(name);
}

export function saveFiled(filed: Filed): void {
  write(sessionStorage, FILED, filed);
}

export function loadFiled(): Filed | undefined {
  return read(sessionStorage, FILED) as Filed | undefined;
}

function makeKey(): string {
  // randomUUID is missing where the page is not served over TLS, as in a trial within an office network.
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function read(store: Storage, name: string): unknown {
  try {
    const text = store.getItem(name);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function write(store: Storage, name: string, value: unknown): void {
  try {
    store.setItem(name, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs the draft, not the appeal.
  }
}
