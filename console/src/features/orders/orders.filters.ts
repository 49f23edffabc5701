import type { OrderFilter } from '#contracts/orders/orders.api.ts';
import { ORDER_COLUMNS, USUAL_COLUMNS, type OrderColumn, type SavedView, type ViewSearch } from '#contracts/orders/saved-views.api.ts';
import { endOfDay, startOfDay } from '#ui/format.ts';

export const MARKS = ['confidential', 'sensitive', 'group', 'suspended', 'merged', 'redo', 'urged'] as const;

export const LIGHTS = ['green', 'yellow', 'red'] as const;

/** The filters as they stand in the address: days of Beijing instead of instants. */
export interface Filters {
  readonly number?: string;
  readonly state?: string;
  readonly light?: (typeof LIGHTS)[number];
  readonly type?: string;
  readonly category?: string;
  readonly urgency?: number;
  readonly region?: string;
  readonly channel?: string;
  readonly unit?: string;
  readonly main?: string;
  readonly handler?: string;
  readonly q?: string;
  readonly oversight?: number;
  readonly mark?: (typeof MARKS)[number];
  readonly from?: string;
  readonly to?: string;
  /** The day it falls due. */
  readonly due?: string;
  readonly sort?: 'newest' | 'due';
  /** The columns in their order, where they are not the usual ones. */
  readonly cols?: string;
  /** The view that was opened. */
  readonly view?: string;
}

const TEXTS = ['number', 'state', 'type', 'category', 'region', 'channel', 'unit', 'main', 'handler', 'q', 'view'] as const;

/** Reads the address; what is not a filter falls away. Codes may come as numbers and lose their leading zero there. */
export function filtersFrom(search: Record<string, unknown>): Filters {
  const filters: { -readonly [K in keyof Filters]: Filters[K] } = {};
  for (const name of TEXTS) {
    const value = search[name];
    if (typeof value === 'string' && value) filters[name] = value.slice(0, 200);
    else if (typeof value === 'number') filters[name] = String(value);
  }
  const light = LIGHTS.find((each) => each === search['light']);
  if (light) filters.light = light;
  const urgency = Number(search['urgency']);
  if (Number.isInteger(urgency) && urgency >= 1 && urgency <= 4) filters.urgency = urgency;
  const oversight = Number(search['oversight']);
  if (Number.isInteger(oversight) && oversight >= 1 && oversight <= 3) filters.oversight = oversight;
  const mark = MARKS.find((each) => each === search['mark']);
  if (mark) filters.mark = mark;
  for (const name of ['from', 'to', 'due'] as const) {
    const value = search[name];
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) filters[name] = value;
  }
  if (search['sort'] === 'newest' || search['sort'] === 'due') filters.sort = search['sort'];
  const columns = typeof search['cols'] === 'string' ? columnsIn(search['cols']) : [];
  if (columns.length > 0) filters.cols = columns.join(',');
  return filters;
}

function columnsIn(cols: string): OrderColumn[] {
  return [...new Set(cols.split(','))].flatMap((wanted) => ORDER_COLUMNS.find((column) => column === wanted) ?? []);
}

/** The columns the address asks for. */
export function columnsOf({ cols }: Filters): readonly OrderColumn[] {
  return cols ? columnsIn(cols) : USUAL_COLUMNS;
}

/** Columns as they stand in the address: the usual ones need no word. */
export function withColumns(filters: Filters, columns: readonly OrderColumn[]): Filters {
  const { cols: _, ...rest } = filters;
  const cols = columns.join(',');
  return cols === USUAL_COLUMNS.join(',') ? rest : { ...rest, cols };
}

/** What narrows a list, without how it is shown. */
export function narrowing(filters: Filters): Filters {
  const { cols: _cols, view: _view, ...rest } = filters;
  return rest;
}

/** How a list is shown, without what narrows it. */
export function shownAs({ cols, view }: Filters): Filters {
  return { ...(cols ? { cols } : {}), ...(view ? { view } : {}) };
}

/** A view as an address, and back. */
export function addressOfView({ id, search, columns }: SavedView): Filters {
  return withColumns({ ...(search as Filters), view: id }, columns);
}
export function searchOfView(filters: Filters): ViewSearch {
  return narrowing(filters) as ViewSearch;
}

/** What a desk shows before anybody filters. */
export interface Preset {
  readonly states?: readonly string[];
  readonly sort?: 'newest' | 'due';
  /** Under oversight, of this level or a higher one. */
  readonly oversight?: number;
  /** The main unit, or one above it. */
  readonly main?: string;
}

/** The query of the list: a desk's own states bound what its filters may widen to. */
export function queryOf(filters: Filters, preset: Preset): OrderFilter {
  const { from, to, due, state, sort, number, ...rest } = narrowing(filters);
  const states = state ?? preset.states?.join(',');
  const order = sort ?? preset.sort;
  return {
    ...(rest as Partial<OrderFilter>),
    ...(number ? { number: number.replace(/[\s-]/g, '') } : {}),
    ...(states && !number ? { state: states } : {}),
    ...(from ? { from: startOfDay(from) } : {}),
    ...(to ? { to: endOfDay(to) } : {}),
    ...(due ? { dueFrom: startOfDay(due), dueTo: endOfDay(due) } : {}),
    ...(order ? { sort: order } : {}),
    ...(filters.main === undefined && preset.main !== undefined ? { main: preset.main } : {}),
    ...(filters.oversight === undefined && preset.oversight !== undefined ? { oversight: preset.oversight } : {}),
  };
}
