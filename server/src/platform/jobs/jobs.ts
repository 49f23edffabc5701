import { PgBoss } from 'pg-boss';
import pg from 'pg';
import type { Log } from '../log/log.ts';

/** A kind of background work: a queue, and how its jobs are done. Jobs may run twice and must stand it. */
export interface JobKind {
  readonly name: string;
  /** Cron in Beijing time, for work that comes by itself. */
  readonly cron?: string;
  readonly retryLimit?: number;
  /** How long a job may be silent before another node takes it, in seconds. */
  readonly expireInSeconds?: number;
  /** How often a worker must show that it lives, in seconds; a dead one's job goes to another soon after. */
  readonly heartbeatSeconds?: number;
  run(data: Record<string, unknown>, signal: AbortSignal): Promise<void>;
}

export interface Jobs {
  send(name: string, data: Record<string, unknown>): Promise<void>;
  /** Starts working; `web` nodes only send. */
  start(kinds: readonly JobKind[]): Promise<void>;
  stop(): Promise<void>;
}

const SCHEMA = 'pgboss';
const TZ = 'Asia/Shanghai';

/** Makes the queue tables and the queues, as their owner, and lets the application use them. */
export async function installJobs(ownerUrl: string, kinds: readonly Omit<JobKind, 'run'>[]): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, schema: SCHEMA, max: 2, supervise: false, schedule: false });
  boss.on('error', () => {});
  await boss.start();
  for (const kind of kinds) {
    await boss.createQueue(kind.name, {
      retryLimit: kind.retryLimit ?? 3,
      retryBackoff: true,
      expireInSeconds: kind.expireInSeconds ?? 900,
      ...(kind.heartbeatSeconds ? { heartbeatSeconds: kind.heartbeatSeconds } : {}),
    });
    if (kind.cron) await boss.schedule(kind.name, kind.cron, {}, { tz: TZ });
  }
  await boss.stop({ graceful: false });
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`grant usage on schema ${SCHEMA} to minsheng_app;
    grant select, insert, update, delete on all tables in schema ${SCHEMA} to minsheng_app;
    grant usage on all sequences in schema ${SCHEMA} to minsheng_app;
    grant execute on all functions in schema ${SCHEMA} to minsheng_app;
    grant usage on schema ${SCHEMA} to minsheng_system;
    grant select on all tables in schema ${SCHEMA} to minsheng_system`);
  await client.end();
}

export function createJobs(options: { url: string; asApp: boolean; log: Log }): Jobs {
  const boss = new PgBoss({
    connectionString: options.url,
    schema: SCHEMA,
    max: 3,
    migrate: false,
    createSchema: false,
    ...(options.asApp ? { options: '-c role=minsheng_app' } : {}),
  });
  boss.on('error', (error) => options.log.error({ err: error }, 'the job queue failed; it goes on by itself'));
  let started = false;
  const ready = async () => {
    if (!started) {
      started = true;
      await boss.start();
    }
  };
  return {
    async send(name, data) {
      await ready();
      await boss.send(name, data);
    },
    async start(kinds) {
      await ready();
      for (const kind of kinds) {
        await boss.work<Record<string, unknown>>(kind.name, { pollingIntervalSeconds: 1 }, async (jobs) => {
          for (const job of jobs) {
            try {
              await kind.run(job.data, job.signal);
            } catch (error) {
              options.log.error({ err: error, job: kind.name, jobId: job.id }, 'a job failed');
              throw error;
            }
          }
        });
      }
    },
    async stop() {
      if (started) await boss.stop({ graceful: true, timeout: 10_000 });
    },
  };
}
