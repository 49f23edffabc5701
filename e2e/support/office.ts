import type { Locator, Page } from 'playwright-core';

/** The form of an action on the order page, opened by its button. */
export async function openAction(page: Page, name: string, action: string): Promise<Locator> {
  await page
    .getByRole('group', { name: '办理' })
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
