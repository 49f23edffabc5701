import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

/** Every page of every stage, for who wants to know what they show. */
const open = new Set<Page>();

/** What each page shows now, as its address and the text a person reads; for a story that failed. */
export async function shownPages(): Promise<string[]> {
  return Promise.all(
    [...open].map(async (page) => {
      const text = await page.evaluate('document.body.innerText').catch((error: unknown) => String(error));
      return `${page.url()}\n${String(text)
        .replaceAll(/\s*\n\s*/g, ' | ')
        .slice(0, 3000)}`;
    }),
  );
}

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
  /** Lets a clock of an order or a record run until the instant of one of its steps: all its clocks are moved into the past by as much. */
  letClockRunTo(number: string, clock: string, step: string): Promise<void>;
  /** Asks or changes the database as its owner: what a story plants there is really there. */
  inDatabase<Row extends object = Record<string, unknown>>(text: string): Promise<Row[]>;
  /** A session of the database as a tool of somebody's would open it; ended with the stage. */
  session(name: string): Promise<pg.Client>;
  /** Lets the platform miss a table for as long as `work` takes: whatever needs it breaks, as things do. */
  withoutTable(table: string, work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Where a data folder lies whose demo has been filed once for all stories; each of them plays on a copy of its own. */
const TEMPLATE = 'STAGE_TEMPLATE';

/** Files the demo once; gives how to forget it. */
export async function prepareStage(): Promise<() => void> {
  const folder = newFolder();
  const { process: server } = await startPlatform(join(folder, 'data'));
  await stopPlatform(server);
  process.env[TEMPLATE] = join(folder, 'data');
  return () => rmSync(folder, { recursive: true, force: true });
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'minsheng-e2e-'));
  chmodSync(folder, 0o711);
  return folder;
}

/** @param settings what the platform is told besides, as in its environment */
export async function openStage(settings: Readonly<Record<string, string>> = {}): Promise<Stage> {
  if (!CHROMIUM) throw new Error('There is no Chromium: apt-get install chromium fonts-noto-cjk');
  const folder = newFolder();
  const template = process.env[TEMPLATE];
  // With owners and rights: the database belongs to another user.
  if (template) execFileSync('cp', ['-a', template, join(folder, 'data')]);
  const { process: server, address } = await startPlatform(join(folder, 'data'), settings);
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  const contexts: BrowserContext[] = [];
  const sessions: pg.Client[] = [];
  const visitor = async (viewport: { width: number; height: number } = WIDE) => {
    const context = await newContext(browser, viewport);
    contexts.push(context);
    const page = await context.newPage();
    open.add(page);
    page.once('close', () => open.delete(page));
    return page;
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
    letDaysPass: (number, days) =>
      asOwner(join(folder, 'data'), async (client) => {
        await client.query(`update orders.work_order set closed_at = closed_at - make_interval(days => $2) where number = $1`, [
          number.replaceAll(' ', ''),
          days,
        ]);
      }),
    letClockRunTo: (number, clock, step) =>
      asOwner(join(folder, 'data'), async (client) => {
        // The scheduler takes earlier steps first, each within seconds of its instant.
        for (let tries = 0; tries < 60; tries++) {
          const { rows } = await client.query<{ case_id: string; is_order: boolean; next_step: string; next_step_at: Date }>(
            `select c.case_id, w.is_order, c.next_step, c.next_step_at from casework.clock c
             join (select id, number, true as is_order from orders.work_order union all select id, number, false from operations.record) w
               on w.id = c.case_id
             where w.number = $1 and c.name = $2 and c.result is null`,
            [number.replaceAll(' ', ''), clock],
          );
          const [row] = rows;
          if (!row?.next_step) throw new Error(`The clock ${clock} of ${number} awaits no step on its way to ${step}`);
          const aheadMs = row.next_step_at.getTime() - Date.now();
          if (aheadMs > 0) {
            const by = `make_interval(secs => ${aheadMs / 1000 + 1})`;
            await client.query(
              `update casework.clock set t0 = t0 - ${by}, due_at = due_at - ${by}, yellow_at = yellow_at - ${by}, next_step_at = next_step_at - ${by} where case_id = $1 and result is null`,
              [row.case_id],
            );
            const [table, begun] = row.is_order ? ['orders.work_order', 'dispatched_at'] : ['operations.record', 'opened_at'];
            await client.query(
              `update ${table} set due_at = due_at - ${by}, yellow_at = yellow_at - ${by}, ${begun} = ${begun} - ${by} where id = $1`,
              [row.case_id],
            );
            if (row.next_step === step) return;
          }
          await new Promise((resolve) => setTimeout(resolve, 1000));
        }
        throw new Error(`The clock ${clock} of ${number} did not come to ${step}`);
      }),
    inDatabase: <Row extends object>(text: string) => asOwner(join(folder, 'data'), async (client) => (await client.query<Row>(text)).rows),
    async session(name) {
      const client = await connect(join(folder, 'data'), name);
      sessions.push(client);
      return client;
    },
    withoutTable: (table, work) =>
      asOwner(join(folder, 'data'), async (client) => {
        const [schema, name] = table.split('.');
        await client.query(`alter table ${table} rename to ${name}_away`);
        try {
          await work();
        } finally {
          await client.query(`alter table ${schema}.${name}_away rename to ${name}`);
        }
      }),
    async close() {
      for (const context of contexts) await context.close();
      await Promise.all(sessions.map((client) => client.end().catch(() => undefined)));
      await browser.close();
      await stopPlatform(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A session of the database as its owner. One that is ended from outside says so to whoever uses it. */
async function connect(data: string, name: string): Promise<pg.Client> {
  const secrets = JSON.parse(readFileSync(join(data, 'database-secrets.json'), 'utf8')) as { owner: string };
  const [, , , port = '', sockets = ''] = readFileSync(join(data, 'cluster/postmaster.pid'), 'utf8').split('\n');
  const client = new pg.Client({
    host: sockets,
    port: Number(port),
    user: 'minsheng',
    password: secrets.owner,
    database: 'minsheng',
    application_name: name,
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function asOwner<T>(data: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(data, 'story');
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function newContext(browser: Browser, viewport: { width: number; height: number }): Promise<BrowserContext> {
  return browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' }).then((context) => {
    context.setDefaultTimeout(15_000);
    return context;
  });
}

function startPlatform(data: string, settings: Readonly<Record<string, string>> = {}): Promise<{ process: ChildProcess; address: string }> {
  return new Promise((resolve, reject) => {
    const server = spawn(process.execPath, [join(ROOT, 'server/src/main.ts'), 'start'], {
      cwd: ROOT,
      env: {
        ...process.env,
        MINSHENG_DATA: data,
        MINSHENG_PORT: '0',
        // Stories that start side by side do not ask for one port at the same moment.
        MINSHENG_DB_PORT: String(54_800 + Number(process.env['VITEST_POOL_ID'] ?? 0)),
        MINSHENG_BACKUP_SECOND: join(dirname(data), 'second-site'),
        MINSHENG_LOG: 'info',
        MINSHENG_INTAKE_LIMIT: '10000',
        MINSHENG_RATE_LIMIT: '100000',
        // A machine that is busy with other tests is no busy node.
        MINSHENG_ADAPT: 'false',
        MINSHENG_PROBE_LOGIN: 'province.leader',
        MINSHENG_PROBE_PASSWORD: DEMO_PASSWORD,
        ...settings,
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
  return new Promise((resolve, reject) => {
    server.removeAllListeners('exit');
    server.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`The platform did not stop by itself: ${code ?? signal}`)),
    );
    server.kill('SIGINT');
  });
}
