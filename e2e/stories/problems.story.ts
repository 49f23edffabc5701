import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

/** A problem from the report of an agent to its archive, moved on the board and the calendar by mouse and by keyboard. */
describe('A problem on the board', () => {
  let stage: Stage;
  let [agent, manager, operator]: Page[] = [];
  let number = '';
  let owner = '';
  const TITLE = '派单台希望按街道筛选';

  beforeAll(async () => {
    stage = await openStage();
    [agent, manager, operator] = [
      await stage.person('agent.nanjing'),
      await stage.person('operations.manager'),
      await stage.person('operator'),
    ];
  });
  afterAll(() => stage.close());

  const card = (page: Page) => page.getByTestId(`card-${number}`);
  const column = (page: Page, name: string) => page.getByTestId(`column-${name}`);
  /** The day so many days after today, in Beijing. */
  const dayAfter = (days: number) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
  const goToBoard = async (page: Page, query = '') => {
    await page.goto(`${stage.address}/console/problem-board${query}`);
    await page.getByRole('heading', { name: '问题看板' }).waitFor();
  };

  /** Drags by the mouse as a hand does: down, over in steps, up. */
  async function drag(page: Page, what: Locator, onto: Locator, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    await what.scrollIntoViewIfNeeded();
    const from = (await what.boundingBox())!;
    await page.mouse.move(from.x + 20, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(from.x + 30, from.y + 16, { steps: 3 });
    const to = (await onto.boundingBox())!;
    await page.mouse.move(to.x + to.width / 2, to.y + Math.min(60, to.height / 2), { steps: 6 });
    await meanwhile();
    await page.mouse.up();
  }
  const send = (page: Page, action: string) => page.getByRole('button', { name: `提交：${action}` }).click();

  it('is reported by an agent in a form', async () => {
    await agent!.goto(`${stage.address}/console/my-records`);
    await agent!.getByRole('button', { name: '提出问题或需求' }).click();
    await agent!.getByLabel('标题').fill(TITLE);
    await agent!.getByLabel('情况').fill('现在只能按区县筛选，街道的单子要一页一页找');
    await agent!.getByLabel('涉及对象').fill('app:console');
    await agent!.getByRole('button', { name: '提交', exact: true }).click();
    number = (await agent!.getByTestId('record-number').textContent())!.trim();
    expect(number).toMatch(/^WT\d{12}$/);
  });

  it('is reviewed in the list, and the next one follows', async () => {
    await goToBoard(manager!, '?tab=review');
    await manager!.getByRole('button', { name: TITLE }).click();
    await manager!.getByRole('heading', { name: TITLE }).waitFor();
    await manager!.getByText('街道的单子要一页一页找').waitFor();
    await manager!.getByRole('radio', { name: '接受' }).check();
    await manager!.locator('#impact').getByText('3', { exact: true }).click();
    await manager!.locator('#urgency').getByText('4', { exact: true }).click();
    await manager!.getByLabel('风险加分').fill('1');
    await manager!.getByLabel('评审意见').fill('列入下一版');
    await send(manager!, '评审');
    await manager!.getByRole('button', { name: TITLE }).waitFor({ state: 'detached' });
    await manager!.getByRole('heading', { name: '与运营商约定割接提前三日书面通知' }).waitFor();
  });

  it('finds in the responsibility matrix who is to own it', async () => {
    const answer = await manager!.request.get(`${stage.address}/api/operations/people`);
    const { items } = (await answer.json()) as { items: { name: string; roles: string[] }[] };
    owner = items.find(({ roles }) => roles.includes('operator'))!.name;
    await manager!.goto(`${stage.address}/console/responsibilities`);
    await manager!.getByRole('button', { name: '新增' }).click();
    const form = manager!.getByRole('dialog');
    await form.getByLabel('对象').fill('app:console');
    await manager!.keyboard.press('Tab');
    for (const [part, who] of [
      ['responsible', owner],
      ['accountable', '运维经理'],
    ] as const) {
      await form.locator(`#${part}`).fill(who);
      await manager!.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: who }).click();
    }
    await form.getByRole('button', { name: '保存' }).focus();
    await manager!.keyboard.press('Enter');
    await manager!
      .getByRole('row', { name: /^app:console/ })
      .getByText(owner)
      .waitFor();
  });

  it('is dragged to the scheduled ones; columns where it may not go are dimmed, and a form asks for its plan', async () => {
    await goToBoard(operator!);
    await column(operator!, 'accepted').getByTestId(`card-${number}`).waitFor();
    await drag(operator!, card(operator!), column(operator!, 'planned'), async () => {
      expect(await operator!.locator('.board__column--shut').count()).toBe(6);
      expect(await column(operator!, 'testing').getAttribute('class')).toContain('board__column--shut');
    });
    await operator!.getByText(`建议责任人：${owner}（责任矩阵中 app:console 的负责人）`).waitFor();
    await operator!.getByLabel('计划完成日').fill(dayAfter(1));
    await operator!.getByLabel('估算工时').fill('90');
    await send(operator!, '排期');
    await column(operator!, 'planned').getByTestId(`card-${number}`).waitFor();
  });

  it('is dragged on the calendar to another day, with its owner and hours, and loads his week too much', async () => {
    await goToBoard(operator!, `?tab=plan&by=weeks&day=${dayAfter(1)}`);
    const chip = operator!.getByTestId(`chip-${number}`);
    await operator!
      .getByTestId(`day-${dayAfter(1)}`)
      .getByTestId(`chip-${number}`)
      .waitFor();
    // The two weeks begin on the Monday on or before tomorrow, so the day after it is shown.
    await drag(operator!, chip, operator!.getByTestId(`day-${dayAfter(2)}`));
    await operator!
      .getByTestId(`day-${dayAfter(2)}`)
      .getByTestId(`chip-${number}`)
      .waitFor();
    await expect.poll(() => chip.getAttribute('aria-busy')).toBe('false');
    const [moved] = await stage.inDatabase<{ day: string; hours: number; owner: string }>(
      `select facts ->> 'plannedOn' as day, (facts ->> 'hours')::int as hours, owner from operations.record where number = '${number}'`,
    );
    expect(moved).toEqual({ day: dayAfter(2), hours: 90, owner });
    await operator!.getByTitle('超负荷').first().waitFor();
  });

  it('goes back where somebody else was faster, and says why', async () => {
    await goToBoard(manager!);
    await column(manager!, 'planned').getByTestId(`card-${number}`).waitFor();
    const [row] = await stage.inDatabase<{ id: string; version: number }>(
      `select id, version from operations.record where number = '${number}'`,
    );
    // Nobody looks anew meanwhile: the board of the manager still shows what stood before.
    await manager!.route('**/api/operations/problem-board*', (route) => route.abort());
    const faster = await operator!.request.post(`${stage.address}/api/operations/problems/${row!.id}/schedule`, {
      data: {
        version: row!.version,
        input: { owner: (await ownerOf(row!.id))!, plannedOn: dayAfter(3), hours: 12 },
      },
    });
    expect(faster.status()).toBe(200);
    await drag(manager!, card(manager!), column(manager!, 'working'));
    await column(manager!, 'planned').getByTestId(`card-${number}`).getByRole('alert').waitFor();
    await manager!.unroute('**/api/operations/problem-board*');
  });

  async function ownerOf(id: string): Promise<string | undefined> {
    return (await stage.inDatabase<{ owner_id: string }>(`select owner_id from operations.record where id = '${id}'`))[0]?.owner_id;
  }

  it('is worked by keyboard: begun at once where nothing is asked, handed in by a form', async () => {
    await goToBoard(operator!);
    await card(operator!).waitFor();
    await card(operator!).getByRole('link').focus();
    await operator!.keyboard.press('m');
    await operator!.getByRole('menuitem', { name: '实施中：开始实施' }).waitFor();
    await operator!.keyboard.press('ArrowDown');
    while (!(await operator!.getByRole('menuitem', { name: '实施中：开始实施' }).evaluate((item) => item === document.activeElement)))
      await operator!.keyboard.press('ArrowDown');
    await operator!.keyboard.press('Enter');
    await column(operator!, 'working').getByTestId(`card-${number}`).waitFor();
    await expect.poll(() => card(operator!).getAttribute('aria-busy')).toBe('false');
    await card(operator!).getByRole('link').focus();
    await operator!.keyboard.press('ArrowLeft');
    expect(await operator!.evaluate(() => document.activeElement?.closest('section')?.dataset['testid'])).not.toBe('column-working');
    await drag(operator!, card(operator!), column(operator!, 'testing'));
    await operator!.locator('#cause').click();
    await operator!.keyboard.type('新需求');
    await operator!.locator('.ant-select-item-option', { hasText: '新需求' }).click();
    await operator!.locator('#effect').click();
    await operator!.locator('.ant-select-item-option', { hasText: '派单' }).click();
    await operator!.getByLabel('处理情况').fill('增加了街道筛选');
    await send(operator!, '提交测试');
    await column(operator!, 'testing').getByTestId(`card-${number}`).waitFor();
  });

  it('is released, confirmed with a rating by its reporter, followed up and archived', async () => {
    await drag(operator!, card(operator!), column(operator!, 'released'));
    await operator!.getByLabel('测试情况与上线版本').fill('回归测试通过，随 1.3 上线');
    await send(operator!, '上线');
    await column(operator!, 'released').getByTestId(`card-${number}`).waitFor();
    // Only its reporter confirms: the card offers nothing here.
    expect(await card(operator!).getByRole('button').count()).toBe(0);

    await agent!.reload();
    await agent!.getByRole('button', { name: '确认', exact: false }).first().click();
    await agent!.locator('#rating').getByText('4', { exact: true }).click();
    await send(agent!, '确认');
    await agent!.getByTestId('record-state').getByText('待回访').waitFor();

    await goToBoard(operator!);
    await drag(operator!, column(operator!, 'confirmed').getByTestId(`card-${number}`), column(operator!, 'archived'));
    await operator!.getByLabel('说明').fill('电话回访，满意');
    await send(operator!, '回访归档');
    await column(operator!, 'archived').getByTestId(`card-${number}`).waitFor();
  });

  it('is counted by the analysis, whose figure opens the list it stands in', async () => {
    await goToBoard(operator!, '?tab=analysis');
    const matrix = operator!.getByRole('table', { name: '原因 × 影响环节' });
    await matrix
      .getByRole('row', { name: /^新需求/ })
      .getByRole('link')
      .first()
      .click();
    await operator!.getByText('影响环节：派单').waitFor();
    await operator!.getByRole('link', { name: number }).waitFor();
  });
});
