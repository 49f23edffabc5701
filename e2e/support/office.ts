import type { Locator, Page } from 'playwright-core';

/** The form of an action on the page of an order or a record, opened by its button. */
export async function openAction(page: Page, name: string, action: string): Promise<Locator> {
  await page
    .getByRole('group', { name: /^(办理|处理)$/ })
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click();
  return page.getByTestId(`action-${action}`);
}

/** Sends an opened form and waits until the server has taken it. */
export async function send(page: Page, form: Locator, name: string): Promise<void> {
  await form.getByRole('button', { name: `提交：${name}` }).click();
  await page
    .getByText(new RegExp(`${name}：已完成`))
    .first()
    .waitFor();
}

/** Sends an opened form of what a second person decides, and waits until it is handed in. */
export async function ask(page: Page, form: Locator, name: string): Promise<void> {
  await form.getByRole('button', { name: `提交：${name}` }).click();
  await page
    .getByText(new RegExp(`${name}：已提交，等待审批`))
    .first()
    .waitFor();
}

/** Approves what somebody else asked for, on the order's page. */
export async function approve(page: Page, action: string, opinion: string): Promise<void> {
  const card = page.getByTestId(`approval-${action}`).first();
  await card.getByLabel('审批意见').fill(opinion);
  await card.getByRole('button', { name: '同意', exact: true }).click();
  await page.getByText('审批已提交').first().waitFor();
}

/** Chooses a unit by its name in the field of this label. */
export async function chooseUnit(page: Page, form: Locator, label: string, name: string): Promise<void> {
  await form.getByLabel(label, { exact: true }).fill(name);
  await page.locator('.ant-select-item-option', { hasText: name }).first().click();
}

/** The whole of what a unit does with a task: signs, speaks with the citizen, replies. */
export async function handle(page: Page, text: string): Promise<void> {
  await send(page, await openAction(page, '签收', 'sign'), '签收');
  await contact(page);
  await reply(page, text);
}

export async function contact(page: Page): Promise<void> {
  const form = await openAction(page, '先行联系', 'contact');
  await form.getByRole('radio').first().check();
  await form.getByLabel('联系情况').fill('已电话联系诉求人，说明了办理安排。');
  await send(page, form, '先行联系');
}

export async function reply(page: Page, text: string): Promise<void> {
  const form = await openAction(page, '提交答复', 'reply');
  await form.getByRole('combobox').first().click();
  await page.getByTitle('已解决', { exact: true }).click();
  await form.getByLabel('答复内容').fill(text);
  await send(page, form, '提交答复');
}

/** Archives the order of the page by hand, unless the platform, which does so within a minute, is quicker. */
export async function archive(page: Page): Promise<void> {
  const button = page.getByRole('group', { name: '办理' }).getByRole('button', { name: /^归档/ });
  const archived = page.getByTestId('order-state').getByText('已归档');
  await button.or(archived).first().waitFor();
  if (await button.isVisible())
    await openAction(page, '归档', 'archive')
      .then((form) => send(page, form, '归档'))
      // Refused or gone, because it has just been archived.
      .catch(() => undefined);
  await archived.waitFor();
}
