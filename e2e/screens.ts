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
  { name: 'console-limits', login: 'province.admin', path: '/console/limits' },
  { name: 'console-calendar', login: 'province.admin', path: '/console/calendar' },
  { name: 'console-accounts', login: 'system.admin', path: '/console/accounts' },
  { name: 'console-keys', login: 'system.admin', path: '/console/api-keys' },
  { name: 'console-audit', login: 'audit.admin', path: '/console/audit' },
  { name: 'console-load', login: 'operator', path: '/console/load' },
  { name: 'console-responses', login: 'operator', path: '/console/responses' },
  { name: 'console-responses-city', login: 'supervisor.nanjing', path: '/console/responses' },
];

function firstOrder(state: string) {
  return async (page: Page, address: string): Promise<string> => {
    const answer = await page.request.get(`${address}/api/orders?limit=1&state=${state}`);
    const { items } = (await answer.json()) as { items: { id: string }[] };
    return `/console/orders/${items[0]?.id ?? ''}`;
  };
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
