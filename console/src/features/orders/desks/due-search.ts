/** Which days the calendar shows: the month or the week that holds the day; without one, today's. */
export interface DueSearch {
  readonly by?: 'week';
  readonly day?: string;
  readonly region?: string;
}

export function dueFrom(search: Record<string, unknown>): DueSearch {
  const { day, region } = search;
  return {
    ...(search['by'] === 'week' ? { by: 'week' as const } : {}),
    ...(typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) ? { day } : {}),
    ...(typeof region === 'string' && /^32\d{2,7}$/.test(region) ? { region } : {}),
  };
}
