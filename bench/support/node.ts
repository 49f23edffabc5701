// One node of the platform on a laboratory's database: what benches and drills run against, and kill.
import { createApp } from '#server/app.ts';
import { readConfig } from '#server/platform/config/config.ts';
import { listen } from '#server/platform/http/listen.ts';
import { createLog } from '#server/platform/log/log.ts';
import { ROOT } from '#server/platform/maintenance.ts';

const { LAB_URL = '', ...env } = process.env;
const config = readConfig(env, ROOT);
const app = await createApp({ config, log: createLog(config.logLevel), url: LAB_URL, asApp: true });
if (config.role !== 'web') await app.startWork();
const address = await listen(app.http, { host: '127.0.0.1', port: 0 });
process.stdout.write(`listening ${new URL(address).port}\n`);
const stop = () => void app.close().then(() => process.exit(0));
process.once('SIGTERM', stop);
// A laboratory that dies takes its nodes along.
setInterval(() => process.ppid === 1 && stop(), 1000).unref();
