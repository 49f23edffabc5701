import { BATCH_LIMIT, type OrderRow } from '#contracts/orders/orders.api.ts';
import { isTyping } from '#ui/office/keys.ts';
import { useEffect, useState, type RefObject } from 'react';

/** The orders of a list that something is to be done with. */
export interface Marks {
  readonly rows: readonly OrderRow[];
  readonly has: (id: string) => boolean;
  /** Marks a row or takes its mark away; with `through`, all between the last one and this. */
  readonly toggle: (row: OrderRow, through: boolean) => void;
  readonly toggleAll: () => void;
  readonly all: boolean;
  /** How many of them the list shows no longer. */
  readonly gone: number;
  readonly drop: (ids: ReadonlySet<string>) => void;
  readonly clear: () => void;
}

interface State {
  readonly of: string;
  readonly rows: ReadonlyMap<string, OrderRow>;
  readonly last: string | undefined;
}

/**
 * Marks of one list with its filters: with other filters none is left.
 *
 * A marked order that leaves the list stays marked as it was seen; one that stays is taken as the list shows it now.
 */
export function useMarks(shown: readonly OrderRow[], of: string, onFull: () => void): Marks {
  const [state, setState] = useState<State>({ of, rows: new Map(), last: undefined });
  if (state.of !== of) setState({ of, rows: new Map(), last: undefined });
  const now = new Map(shown.map((row) => [row.id, row]));
  const rows = [...state.rows.values()].map((row) => now.get(row.id) ?? row);

  const mark = (those: readonly OrderRow[], on: boolean, last: string | undefined) => {
    const next = new Map(state.rows);
    for (const row of those) {
      if (!on) next.delete(row.id);
      else if (next.size < BATCH_LIMIT || next.has(row.id)) next.set(row.id, row);
      else {
        onFull();
        break;
      }
    }
    setState({ of, rows: next, last });
  };
  const all = shown.length > 0 && shown.every(({ id }) => state.rows.has(id));
  return {
    rows,
    has: (id) => state.rows.has(id),
    toggle(row, through) {
      const at = shown.findIndex(({ id }) => id === row.id);
      const from = through ? shown.findIndex(({ id }) => id === state.last) : -1;
      const span = from < 0 ? [row] : shown.slice(Math.min(from, at), Math.max(from, at) + 1);
      // The browser takes a click with Shift for marking text.
      if (through) getSelection()?.removeAllRanges();
      mark(span, from < 0 ? !state.rows.has(row.id) : true, row.id);
    },
    toggleAll: () => mark(shown, !all, undefined),
    all,
    gone: rows.filter(({ id }) => !now.has(id)).length,
    drop: (ids) => setState({ ...state, rows: new Map([...state.rows].filter(([id]) => !ids.has(id))) }),
    clear: () => setState({ of, rows: new Map(), last: undefined }),
  };
}

/** As in a mail program: j and k go down and up the rows, x marks (with Shift through to here). */
export function useListKeys(box: RefObject<HTMLElement | null>, shown: readonly OrderRow[], marks: Marks | undefined): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      const links = [...(box.current?.querySelectorAll<HTMLElement>('tbody .order-link') ?? [])];
      const at = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement));
      const key = event.key.toLowerCase();
      if (key === 'j' || key === 'k') links[key === 'j' ? at + 1 : Math.max(0, at - 1)]?.focus();
      else if (key === 'x' && marks && shown[at]) marks.toggle(shown[at], event.shiftKey);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
