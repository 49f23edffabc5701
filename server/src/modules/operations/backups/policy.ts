import { RETENTION } from './retention.rules.ts';

/** What is promised of backups (DOMAIN: a full one each night, the log within five minutes, a restore within four hours). */
export const POLICY = {
  ...RETENTION,
  /** A full backup is due every night; later than this it is missed. */
  backupHours: 26,
  archiveMinutes: 5,
  /** A drill is due every month. */
  provenDays: 35,
  rpoMinutes: 5,
  rtoMinutes: 240,
} as const;

/** A segment is finished at the latest after this many seconds, so that it is archived well within the promise. */
export const ARCHIVE_SECONDS = 60;
