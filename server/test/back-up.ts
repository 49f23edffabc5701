// A process that takes the backup it is told of, so that a test can kill it.
import { backingUp, type LabFacts } from '#server/modules/operations/backups/backups.testing.ts';

const { db, backups } = backingUp(JSON.parse(process.env['BACKUP_LAB']!) as LabFacts);
await backups.run(process.argv[2]!);
await db.close();
