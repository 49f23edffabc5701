/** A finished piece of the write-ahead log, by the name PostgreSQL gives it: timeline, log, segment, eight hexadecimal digits each. */
export type Segment = string;

export const SEGMENT = /^[0-9A-F]{24}$/;
/** What tells where a timeline left the one before it. */
export const HISTORY = /^[0-9A-F]{8}\.history$/;

/** The place of a segment within its log: what comes after it, whatever the timeline, is higher. */
export function placeOf(segment: Segment, segmentBytes: number): number {
  return Number.parseInt(segment.slice(8, 16), 16) * (0x1_0000_0000 / segmentBytes) + Number.parseInt(segment.slice(16), 16);
}

/** The segment that follows on the same timeline. */
export function nextSegment(segment: Segment, segmentBytes: number): Segment {
  const perLog = 0x1_0000_0000 / segmentBytes;
  const next = placeOf(segment, segmentBytes) + 1;
  return segment.slice(0, 8) + hex(Math.floor(next / perLog)) + hex(next % perLog);
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(8, '0');
}

/** A stretch of the log that is not there. */
export interface Gap {
  readonly after: Segment;
  readonly before: Segment;
  readonly missing: number;
}

/** Where segments that follow one another on a timeline are missing between archived ones. */
export function gapsIn(segments: readonly Segment[], segmentBytes: number): Gap[] {
  const gaps: Gap[] = [];
  let last: Segment | null = null;
  for (const segment of segments.toSorted()) {
    // A new timeline begins with the segment in which it left the one before it.
    if (last && last.slice(0, 8) === segment.slice(0, 8)) {
      const missing = placeOf(segment, segmentBytes) - placeOf(last, segmentBytes) - 1;
      if (missing > 0) gaps.push({ after: last, before: segment, missing });
    }
    last = segment;
  }
  return gaps;
}

/** The stretch of the log a backup needs: up to `to`, or without end where any later instant is to be reached from it. */
export interface Stretch {
  readonly from: Segment;
  readonly to: Segment | null;
}

/**
 * Which segments nobody needs any more. The name of the timeline is passed over: what might still be needed on any is kept.
 */
export function needless(segments: readonly Segment[], needed: readonly Stretch[], segmentBytes: number): Segment[] {
  // Without a backup that could be restored nothing is known of what will be needed.
  if (needed.length === 0) return [];
  const place = (segment: Segment) => placeOf(segment, segmentBytes);
  return segments.filter(
    (segment) => !needed.some(({ from, to }) => place(segment) >= place(from) && (to === null || place(segment) <= place(to))),
  );
}

/** Those of a stretch that are not among the archived ones, on the timeline it begins on. */
export function missingOf({ from, to }: { from: Segment; to: Segment }, archived: ReadonlySet<Segment>, segmentBytes: number): Segment[] {
  const missing: Segment[] = [];
  for (let at = from; at <= to; at = nextSegment(at, segmentBytes)) if (!archived.has(at)) missing.push(at);
  return missing;
}
