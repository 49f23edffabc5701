export const NANJING = '320100';
export const SUZHOU = '320500';
/** Two handling units of each city. */
export const UNITS = { [NANJING]: ['3201.003', '3201.007'], [SUZHOU]: ['3205.003', '3205.007'] } as const;
/** The government of a county, which has units of its own under it. */
export const COUNTY_UNIT = '320102';
/** A Monday, ten in the morning in Beijing. */
export const MONDAY = Date.parse('2026-06-15T02:00:00Z');
