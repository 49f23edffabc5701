import { afterAll, beforeAll, expect, it } from 'vitest';
import { approve, openAction } from '../support/office.ts';
import { openStage, PHONE, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage?.close();
});

it('what tells of a citizen is purged by two people, and the receipt stays', async () => {
  const admin = await stage.person('admin.suzhou');
  const archived = await admin.request.get(`${stage.address}/api/orders?limit=1&state=archived`);
  const { items } = (await archived.json()) as { items: { id: string; title: string }[] };
  const { id, title } = items[0]!;
  await admin.goto(`${stage.address}/console/orders/${id}`);
  await admin.getByRole('heading', { name: title }).waitFor();

  // The retention is not over: the form says until when, and keeps what was typed.
  const form = await openAction(admin, '清除个人信息', 'purge');
  await form.getByRole('radio', { name: '保存期限届满' }).check();
  await form.getByLabel('法律依据').fill('个人信息保护法第四十七条');
  await form.getByLabel(/^事由/).fill('诉求人书面申请删除');
  const sendForm = async () => {
    await form.getByRole('button', { name: '提交：清除个人信息' }).click();
    await admin
      .getByRole('dialog')
      .getByRole('button', { name: /^确\s*定$/ })
      .click();
  };
  await sendForm();
  await form.getByText(/保存期限（办结后 48 个月）到 \d{4}-\d{2}-\d{2} 才届满/).waitFor();
  await form.getByRole('radio', { name: '诉求人要求删除' }).check();
  await form.getByLabel(/^删除申请/).fill('来函 2026-0117');
  await sendForm();
  await admin
    .getByText(/清除个人信息：已提交，等待审批/)
    .first()
    .waitFor();
  // Who asked has no buttons to decide with.
  const own = admin.getByTestId('approval-purge').first();
  await own.getByText('来函 2026-0117').waitFor();
  expect(await own.getByRole('button', { name: '同意', exact: true }).count()).toBe(0);

  const supervisor = await stage.person('supervisor.suzhou', PHONE);
  await supervisor.goto(`${stage.address}/console/orders/${id}`);
  await approve(supervisor, 'purge', '材料齐全，同意');
  const receipt = supervisor.getByTestId('purge-receipt');
  await receipt.getByText('个人信息保护法第四十七条').waitFor();
  expect(await receipt.innerText()).toMatch(/[0-9a-f]{64}/);
  await supervisor.getByRole('heading', { name: '（已清除）' }).waitFor();
  expect(await supervisor.getByText(title).count()).toBe(0);
  // Whoever has the order open is told of it, and can do nothing more with it.
  await admin.getByTestId('purge-receipt').waitFor();
  expect(await admin.getByTestId('contact').count()).toBe(0);
  await admin.getByText('当前没有您可以办理的操作').waitFor();
}, 120_000);
