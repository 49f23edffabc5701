import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { DEMO_PASSWORD } from '#server/demo/people.ts';
import { ROOT } from '#server/platform/maintenance.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path)) ?? '';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const WIDE = { width: 1440, height: 900 } as const;
export const PHONE = { width: 390, height: 844 } as const;

/** The whole platform as `npm start` brings it up, in a folder of its own, and a real browser before it. */
export interface Stage {
  readonly address: string;
  /** A fresh visitor: no cookies, no storage. */
  visitor(viewport?: { width: number; height: number }): Promise<Page>;
  /** A person of the demo, logged in on the console. */
  person(login: string, viewport?: { width: number; height: number }): Promise<Page>;
  /** Lets days pass for a closed order: its closing is moved into the past, as if the platform had waited. */
  letDaysPass(number: string, days: number): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  if (!CHROMIUM) throw new Error('There is no Chromium: apt-get install chromium fonts-noto-cjk');
  const folder = mkdtempSync(join(tmpdir(), 'minsheng-e2e-'));
  chmodSync(folder, 0o711);
  const { process: server, address } = await startPlatform(join(folder, 'data'));
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  const contexts: BrowserContext[] = [];
  const visitor = async (viewport: { width: number; height: number } = WIDE) => {
    const context = await newContext(browser, viewport);
    contexts.push(context);
    return context.newPage();
  };
  return {
    address,
    visitor,
    async person(login, viewport) {
      const page = await visitor(viewport);
      const answer = await page.request.post(`${address}/api/session`, { data: { login, password: DEMO_PASSWORD } });
      if (!answer.ok()) throw new Error(`${login} could not log in: ${await answer.text()}`);
      return page;
    },
    async letDaysPass(number, days) {
      const cluster = join(folder, 'data');
      const secrets = JSON.parse(readFileSync(join(cluster, 'database-secrets.json'), 'utf8')) as { owner: string };
      const [, , , port = '', sockets = ''] = readFileSync(join(cluster, 'cluster/postmaster.pid'), 'utf8').split('\n');
      const client = new pg.Client({ host: sockets, port: Number(port), user: 'minsheng', password: secrets.owner, database: 'minsheng' });
      await client.connect();
      await client.query(`update orders.work_order set closed_at = closed_at - make_interval(days => $2) where number = $1`, [
        number.replaceAll(' ', ''),
        days,
      ]);
      await client.end();
    },
    async close() {
      for (const context of contexts) await context.close();
      await browser.close();
      await stopPlatform(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function newContext(browser: Browser, viewport: { width: number; height: number }): Promise<BrowserContext> {
  return browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' }).then((context) => {
    context.setDefaultTimeout(15_000);
    return context;
  });
}

function startPlatform(data: string): Promise<{ process: ChildProcess; address: string }> {
  return new Promise((resolve, reject) => {
    const server = spawn(process.execPath, [join(ROOT, 'server/src/main.ts'), 'start'], {
      cwd: ROOT,
      env: {
        ...process.env,
        MINSHENG_DATA: data,
        MINSHENG_PORT: '0',
        MINSHENG_DB_PORT: '54800',
        MINSHENG_LOG: 'warn',
        MINSHENG_INTAKE_LIMIT: '10000',
        MINSHENG_RATE_LIMIT: '100000',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    const take = (chunk: Buffer) => {
      text += chunk.toString();
      const address = /Portal\s+(http:\S+?)\/\n/.exec(text)?.[1];
      if (address && text.includes('Ctrl-C')) resolve({ process: server, address });
    };
    server.stdout.on('data', take);
    server.stderr.on('data', take);
    server.once('exit', (code) => reject(new Error(`The platform ended with ${code}:\n${text}`)));
  });
}

function stopPlatform(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.removeAllListeners('exit');
    server.once('exit', () => resolve());
    server.kill('SIGINT');
  });
}
