// A process that takes the backup it is told of, so that a test can kill it.
import { backingUp, type LabFacts } from '#server/modules/operations/backups/backups.testing.ts';
import { embeddedSource } from '#server/modules/operations/backups/source.ts';

const facts = JSON.parse(process.env['BACKUP_LAB']!) as LabFacts;
const { db, backups } = backingUp({ ...facts, source: embeddedSource({ ...facts, url: facts.backupUrl }) });
await backups.run(process.argv[2]!);
await db.close();
