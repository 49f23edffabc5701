// Every page at 1440 and 390 pixels as a picture in screens/, with what axe finds on it.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from '#server/platform/maintenance.ts';
import { openStage, PHONE, WIDE } from './support/stage.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const wanted = process.argv[2];

/** What to look at, and as whom; `null` is a citizen. */
const PAGES: readonly { name: string; login: string | null; path: string | ((page: Page, address: string) => Promise<string>) }[] = [
  { name: 'portal-home', login: null, path: '/' },
  { name: 'portal-file', login: null, path: '/file' },
  { name: 'portal-progress', login: null, path: '/progress' },
  { name: 'console-login', login: null, path: '/console/login' },
  { name: 'console-home-agent', login: 'agent.nanjing', path: '/console/' },
  { name: 'console-home-leader', login: 'province.leader', path: '/console/' },
  { name: 'console-home-handler', login: 'handler.320106.016', path: '/console/' },
  { name: 'console-desk', login: 'agent.nanjing', path: '/console/desk' },
  { name: 'console-orders', login: 'province.leader', path: '/console/orders' },
  { name: 'console-dispatch-desk', login: 'province.dispatcher', path: '/console/dispatch' },
  { name: 'console-handling-desk', login: 'handler.320106.016', path: '/console/handling' },
  { name: 'console-check-desk', login: 'reviewer.nanjing', path: '/console/check' },
  { name: 'console-follow-up-desk', login: 'followup.nanjing', path: '/console/follow-up' },
  { name: 'console-password', login: 'agent.nanjing', path: '/console/password' },
  { name: 'console-order-to-follow-up', login: 'followup.nanjing', path: firstOrder('following-up') },
  { name: 'console-order-handling', login: 'province.dispatcher', path: firstOrder('handling') },
  { name: 'console-order-pending', login: 'province.dispatcher', path: firstOrder('pending-dispatch') },
  { name: 'console-order-archived', login: 'province.leader', path: firstOrder('archived') },
  { name: 'console-imports', login: 'province.admin', path: '/console/imports' },
  { name: 'console-units', login: 'province.admin', path: '/console/units' },
  { name: 'console-categories', login: 'province.admin', path: '/console/categories' },
  { name: 'console-norms', login: 'province.admin', path: '/console/norms' },
  { name: 'console-norm-tried', login: 'province.leader', path: firstNorm('32', 'tried') },
  { name: 'console-norm-supplement', login: 'admin.suzhou', path: firstNorm('3205', 'approved') },
  { name: 'console-norm-draft', login: 'admin.suzhou', path: '/console/norms/draft/3205' },
  { name: 'console-norm-draft-province', login: 'province.admin', path: '/console/norms/draft/32' },
  { name: 'console-norm-boards', login: 'province.leader', path: '/console/norm-boards' },
  { name: 'console-catalogue', login: 'admin.suzhou', path: '/console/catalogue' },
  { name: 'console-catalogue-entry', login: 'admin.suzhou', path: firstObjected },
  { name: 'console-calendar', login: 'province.admin', path: '/console/calendar' },
  { name: 'console-accounts', login: 'system.admin', path: '/console/accounts' },
  { name: 'console-keys', login: 'system.admin', path: '/console/api-keys' },
  { name: 'console-audit', login: 'audit.admin', path: '/console/audit' },
];

function firstOrder(state: string) {
  return async (page: Page, address: string): Promise<string> => {
    const answer = await page.request.get(`${address}/api/orders?limit=1&state=${state}`);
    const { items } = (await answer.json()) as { items: { id: string }[] };
    return `/console/orders/${items[0]?.id ?? ''}`;
  };
}

function firstNorm(region: string, state: string) {
  return async (page: Page, address: string): Promise<string> => {
    const answer = await page.request.get(`${address}/api/reference/norms?region=${region}&limit=100`);
    const { items } = (await answer.json()) as { items: { id: string; state: string }[] };
    return `/console/norms/${items.find((norm) => norm.state === state)?.id ?? ''}`;
  };
}

/** An entry that units object to; where there is none, the first one. */
async function firstObjected(page: Page, address: string): Promise<string> {
  for (const query of ['only=objected', 'limit=1']) {
    const answer = await page.request.get(`${address}/api/reference/catalogue?${query}`);
    const { items } = (await answer.json()) as { items: { id: string }[] };
    if (items[0]) return `/console/catalogue/${items[0].id}`;
  }
  return '/console/catalogue';
}

interface AxeFinding {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: string[]; html: string }[];
}

const folder = join(ROOT, 'screens');
mkdirSync(folder, { recursive: true });
const stage = await openStage();
const grave: string[] = [];
let pictures = 0;
try {
  for (const { name, login, path } of PAGES) {
    if (wanted && !name.includes(wanted)) continue;
    for (const viewport of [WIDE, PHONE]) {
      const page = login ? await stage.person(login, viewport) : await stage.visitor(viewport);
      const to = typeof path === 'string' ? path : await path(page, stage.address);
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(stage.address + to, { waitUntil: 'networkidle' });
      // What still loads is no picture of the page.
      await page
        .waitForFunction(() => document.querySelector('h1') !== null && !document.querySelector('.ant-skeleton, [aria-busy="true"]'))
        .catch(() => grave.push(`${name} at ${viewport.width}: still loading`));
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(folder, `${name}-${viewport.width}.png`), fullPage: viewport.width < 500 });
      pictures++;
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 1) grave.push(`${name} at ${viewport.width}: ${wide} px wider than the window`);
      for (const fault of faults) grave.push(`${name} at ${viewport.width}: ${fault}`);
      await page.evaluate(AXE);
      const found = (await page.evaluate(
        'axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)',
      )) as AxeFinding[];
      for (const finding of found) {
        if (finding.impact === 'serious' || finding.impact === 'critical') {
          grave.push(
            `${name} at ${viewport.width}: ${finding.impact} ${finding.id} (${finding.help}): ${finding.nodes
              .slice(0, 2)
              .map((node) => node.html.slice(0, 160))
              .join(' | ')}`,
          );
        }
      }
      await page.context().close();
    }
    console.log(`${name}: done`);
  }
} finally {
  await stage.close();
}
for (const line of grave) console.log(line);
console.log(JSON.stringify({ name: 'screens', figures: { pictures, grave: grave.length }, limits: { grave: 0 }, ratios: {} }));
if (grave.length > 0) process.exitCode = 1;
