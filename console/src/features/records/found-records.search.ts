import { narrowingFrom } from '../../parts/narrowing.ts';

/** What the list of all records may be narrowed by: the filters of its endpoint. */
export const RECORD_NARROWING = [
  'kind',
  'level',
  'state',
  'source',
  'component',
  'class',
  'from',
  'to',
  'endedFrom',
  'endedTo',
  'openAt',
  'clock',
  'clockFrom',
  'clockTo',
  'clockResult',
  'again',
  'reviewed',
  'startsFrom',
  'startsTo',
  'cause',
  'effect',
  'ratingFrom',
  'ratingTo',
  'plannedFrom',
  'plannedTo',
] as const;
export const foundRecordsFrom = narrowingFrom(RECORD_NARROWING);
export type FoundRecordsSearch = ReturnType<typeof foundRecordsFrom>;
