import { chromium, type Browser, type Page } from 'playwright-core';

/** What a browser needs that walks the platform: the program, and who signs in on the console. */
export interface BrowserMeans {
  readonly chromium: string;
  readonly login: string;
  readonly password: string;
}

const SCREENS = { 电脑: { width: 1440, height: 900 }, 手机: { width: 390, height: 844 } } as const;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** So much of the page on which it came to grief is told, from its end: its beginning is the same on every page. */
const SHOWN = 120;
const CONTENT = '平台自动拨测：检验提交、查询与撤回是否正常，提交后即自动撤回，无需办理。';

/**
 * Walks the platform as people do, on a desktop and on a telephone: files on the portal without an account, looks the appeal
 * up by number and code, signs in on the console and finds it there, takes it back. What it filed is cancelled when it is done.
 *
 * @param origin of portal and console
 * @throws Error that names the screen and the step that failed
 */
export async function walkInBrowser(origin: string, means: BrowserMeans, signal: AbortSignal): Promise<string> {
  if (!means.chromium) throw new Error('没有 Chromium：安装后在 MINSHENG_CHROMIUM 中给出路径');
  if (!means.login) throw new Error('没有登录控制台的账号：在 MINSHENG_PROBE_LOGIN 与 MINSHENG_PROBE_PASSWORD 中给出');
  const browser = await chromium.launch({ executablePath: means.chromium, headless: true, args: FLAGS });
  const stop = () => void browser.close();
  signal.addEventListener('abort', stop);
  try {
    const told: string[] = [];
    for (const [screen, viewport] of Object.entries(SCREENS))
      told.push(`${screen}：${await walk(browser, screen, viewport, origin, means)}`);
    return told.join('；');
  } finally {
    signal.removeEventListener('abort', stop);
    await browser.close();
  }
}

async function walk(
  browser: Browser,
  screen: string,
  viewport: { width: number; height: number },
  origin: string,
  means: BrowserMeans,
): Promise<string> {
  /** A page of its own of somebody who was never here: the portal remembers what one has filed. */
  const visitor = async () => {
    const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
    context.setDefaultTimeout(15_000);
    return context.newPage();
  };
  const took: string[] = [];
  const step = async <T>(name: string, on: Page, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    try {
      return await work();
    } catch (error) {
      const [why = ''] = error instanceof Error ? error.message.split('\n') : [];
      const shown = await on.innerText('body', { timeout: 1000 }).catch(() => '');
      const words = shown.replaceAll(/\s+/g, ' ').slice(-SHOWN);
      throw new Error(`${screen}·${name}：${why} 页面上是：${words}`, { cause: error });
    } finally {
      took.push(`${name} ${((performance.now() - from) / 1000).toFixed(1)} 秒`);
    }
  };
  const page = await visitor();
  const filed = await step('提交', page, () => file(page, origin));
  const back = () => takeBack(page, origin, filed);
  try {
    const other = await visitor();
    await step('查询', other, () => look(other, origin, filed));
    await step('登录', other, () => signIn(other, origin, means));
    await step('控制台查询', other, async () => {
      await other.goto(`${origin}/console/orders?number=${filed.number}`);
      await other.getByText(spaced(filed.number)).filter({ visible: true }).first().waitFor();
    });
    await other.request.delete(`${origin}/api/session`);
  } catch (error) {
    // What went wrong first is what is told; what was filed is taken back all the same.
    await back().catch(() => {});
    throw error;
  }
  await step('撤回', page, back);
  return took.join('、');
}

interface Filed {
  readonly number: string;
  readonly code: string;
}

async function file(page: Page, origin: string): Promise<Filed> {
  await page.goto(`${origin}/`);
  await page
    .getByRole('link', { name: /提交诉求/ })
    .first()
    .click();
  await page.getByRole('radio', { name: /咨询/ }).check();
  await page.getByLabel('发生了什么？').fill(CONTENT);
  await page.getByLabel('设区市').selectOption({ index: 1 });
  await page.getByLabel('县（市、区）').selectOption({ index: 1 });
  await page.getByRole('radio', { name: '匿名提交' }).check();
  await page.getByRole('button', { name: '提交诉求' }).click();
  const number = await page.getByTestId('appeal-number').innerText();
  const code = await page.getByTestId('query-code').innerText();
  return { number: number.replaceAll(' ', ''), code: code.replaceAll(' ', '') };
}

async function look(page: Page, origin: string, { number, code }: Filed): Promise<void> {
  await page.goto(`${origin}/progress`);
  await page.getByLabel('编号').fill(number);
  await page.getByLabel('查询码').fill(code);
  await page.getByRole('button', { name: '查询', exact: true }).click();
  await page.getByText(CONTENT).waitFor();
}

/** By the portal's own interface: the walk may have failed on any page, and what was filed must not stay. */
async function takeBack(page: Page, origin: string, { number, code }: Filed): Promise<void> {
  const answer = await page.request.post(`${origin}/api/portal/withdraw`, { data: { number, code, reason: '自动拨测，已完成' } });
  if (!answer.ok()) throw new Error(`HTTP ${answer.status()} ${(await answer.text()).slice(0, 100)}`);
}

async function signIn(page: Page, origin: string, { login, password }: BrowserMeans): Promise<void> {
  await page.goto(`${origin}/console/login`);
  await page.getByLabel('账号').fill(login);
  await page.getByLabel('密码').fill(password);
  await page.getByRole('button', { name: /登\s*录/ }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/login'));
}

/** A number as pages show it or as it is: with and without spaces between its groups. */
function spaced(number: string): RegExp {
  return new RegExp([...number].join(String.raw`\s?`));
}
