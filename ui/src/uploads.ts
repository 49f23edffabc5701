import type { Uploaded } from '#contracts/appeals/attachments.api.ts';
import { attachmentsApi } from '#contracts/appeals/attachments.api.ts';
import { filesCodes } from '#contracts/base/files.codes.ts';
import type { FileKind } from '#contracts/base/files.values.ts';
import { FILE_KINDS, MAX_FILES_AT_ONCE } from '#contracts/base/files.values.ts';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { upload } from './api/client.ts';
import { ProblemError, problemOf } from './api/problem.ts';
import { say } from './text.ts';

/** A file that is on its way, or that was not taken. */
export interface Sending {
  readonly key: number;
  readonly name: string;
  /** From 0 to 1. */
  readonly part: number;
  /** Why it was not taken, in words. */
  readonly refusal?: string;
}

export interface Uploads {
  readonly done: readonly Uploaded[];
  readonly sending: readonly Sending[];
  /** How many more may be added. */
  readonly room: number;
  add(files: readonly File[]): void;
  remove(ticket: string): void;
  dismiss(key: number): void;
}

let lastKey = 0;
let underWay = 0;
const listeners = new Set<() => void>();

function count(change: 1 | -1): void {
  underWay += change;
  for (const listener of listeners) listener();
}

/** Whether any file of the page is on its way: what it belongs to should wait for it. */
export function useUploading(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => underWay > 0,
  );
}

/**
 * Uploads files one after the other; those that were taken are the caller's, to be kept with his draft.
 *
 * What would be refused for its ending or its size is told at once, without sending it over a slow line.
 */
export function useUploads(door: 'portal' | 'office', done: readonly Uploaded[], onChange: (done: readonly Uploaded[]) => void): Uploads {
  const [sending, setSending] = useState<readonly Sending[]>([]);
  const latest = useRef(done);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const abort = useRef<AbortController>(undefined);

  useEffect(() => {
    latest.current = done;
  }, [done]);
  useEffect(() => {
    const gone = new AbortController();
    abort.current = gone;
    return () => gone.abort();
  }, []);

  const patch = (key: number, part: Partial<Sending>) =>
    setSending((before) => before.map((each) => (each.key === key ? { ...each, ...part } : each)));
  const drop = (key: number) => setSending((before) => before.filter((each) => each.key !== key));

  const send = async (file: File, key: number) => {
    const signal = abort.current?.signal;
    // The page was left while the file waited for its turn.
    if (signal?.aborted) return;
    count(1);
    try {
      const route = door === 'portal' ? attachmentsApi.uploadOnPortal : attachmentsApi.upload;
      const taken = await upload(route, {}, file, { onProgress: (part) => patch(key, { part }), ...(signal ? { signal } : {}) });
      drop(key);
      latest.current = [...latest.current, taken];
      onChange(latest.current);
    } catch (error) {
      if (!signal?.aborted) patch(key, { refusal: problemOf(error)?.title ?? say(filesCodes['files.unreadable'].text) });
    } finally {
      count(-1);
    }
  };

  const room = Math.max(0, MAX_FILES_AT_ONCE - done.length - sending.filter((each) => !each.refusal).length);
  return {
    done,
    sending,
    room,
    add(files) {
      for (const file of files.slice(0, room)) {
        const key = ++lastKey;
        const refusal = refusalBefore(file);
        setSending((before) => [...before, { key, name: file.name, part: 0, ...(refusal ? { refusal } : {}) }]);
        if (!refusal) queue.current = queue.current.then(() => send(file, key));
      }
    },
    remove(ticket) {
      latest.current = latest.current.filter((each) => each.ticket !== ticket);
      onChange(latest.current);
    },
    dismiss: drop,
  };
}

/** Uploads of a draft that can still be attached. */
export function stillThere(files: readonly Uploaded[], nowMs: number): readonly Uploaded[] {
  return files.filter((file) => Date.parse(file.expiresAt) > nowMs);
}

/** The places of uploads that the server no longer has, as a refusal names them. */
export function goneUploads(error: unknown): readonly number[] {
  const fields = error instanceof ProblemError ? (error.problem.fields ?? []) : [];
  return fields.flatMap(({ path, code }) => (code === 'appeals.upload-gone' ? [Number(path.split('.').at(-1))] : []));
}

function refusalBefore(file: File): string | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(file.name)?.[1]?.toLowerCase() ?? '';
  if (['heic', 'heif'].includes(ending)) return say(filesCodes['files.heic'].text);
  if (['doc', 'xls', 'ppt'].includes(ending)) return say(filesCodes['files.old-office'].text);
  const kind = (Object.keys(FILE_KINDS) as FileKind[]).find((each) => (FILE_KINDS[each].endings as readonly string[]).includes(ending));
  if (!kind) return say(filesCodes['files.kind-not-taken'].text);
  const { maxBytes } = FILE_KINDS[kind];
  return file.size > maxBytes ? say(filesCodes['files.too-large'].text, { limit: maxBytes / 1024 / 1024 }) : undefined;
}
