import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

/** A vulnerable component of another system, from the file that tells of it to the inventory that no longer shows it. */
describe('A patch', () => {
  let stage: Stage;
  let operator: Page;
  let change = '';

  beforeAll(async () => {
    stage = await openStage();
    operator = await stage.person('operator');
  });
  afterAll(() => stage.close());

  const ASSET = 'host:gateway-1';
  const purl = (version: string) => `pkg:npm/left-shift@${version}`;
  const bom = (version: string) => ({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: [{ type: 'library', name: 'left-shift', version, purl: purl(version) }],
  });
  const advisory = {
    id: 'GHSA-left-shft-2026',
    aliases: ['CVE-2026-90001'],
    summary: 'left-shift reads beyond the end of its input',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
    affected: [
      {
        package: { ecosystem: 'npm', name: 'left-shift' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '1.0.0' }, { fixed: '1.2.9' }] }],
      },
    ],
  };
  const choose = (page: Page, name: string, document: object) =>
    page
      .getByLabel('文件', { exact: true })
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(document)) });
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const post = async (page: Page, path: string, data: object) => {
    const answer = await page.request.post(`${stage.address}/api/operations/${path}`, { data });
    return { status: answer.status(), body: (await answer.json()) as { id: string; number: string; version: number } };
  };

  async function uploadInventory(version: string): Promise<void> {
    await operator.goto(`${stage.address}/console/software`);
    await operator.getByRole('button', { name: '上传清单' }).click();
    await operator.locator('#software-asset').fill(ASSET);
    await choose(operator, 'gateway.cdx.json', bom(version));
    await operator.getByRole('button', { name: '试导入' }).click();
    await operator.getByText('试导入结果（未保存）').waitFor();
    await operator.getByTestId('outcome').waitFor();
    await button(operator, '导入').click();
    await operator.getByText('已导入', { exact: true }).waitFor();
  }

  it('begins with the inventory of a gateway and a file of OSV, tried before it is imported', async () => {
    await uploadInventory('1.2.0');
    await operator.goto(`${stage.address}/console/vulnerabilities`);
    await operator.getByText('没有未关闭的漏洞').waitFor();
    await operator.getByRole('button', { name: '导入漏洞库' }).click();
    await choose(operator, 'osv.json', advisory);
    await operator.getByRole('button', { name: '试导入' }).click();
    const outcome = operator.getByTestId('outcome');
    await outcome.getByText('CVE-2026-90001').waitFor();
    expect(await outcome.innerText()).toContain('1.2.9');
    expect(await operator.getByText(/^LD\d{12}$/).count()).toBe(0);
    await button(operator, '导入').click();
    await operator.getByText('已导入', { exact: true }).waitFor();
    await operator.getByText(/^LD\d{12}$/).waitFor();
    expect(await operator.getByText(/^LD\d{12}$/).count()).toBe(1);
  });

  it('is planned in a change that is approved for its window', async () => {
    const plan = { title: '升级网关的 left-shift', body: '升级至 1.2.9', level: 3, class: 'normal', scope: 'application' };
    const how = { steps: '停网关，换版本，启动', rollback: '换回旧版本', rollbackMinutes: 10, test: '预发环境已测试' };
    const manager = await stage.person('operations.manager');
    // The first Tuesday or Thursday evening that no holiday freezes and that leaves time for the notice.
    for (let day = 5; change === '' && day < 40; day++) {
      const date = new Date(Date.now() + day * 86_400_000);
      if (date.getUTCDay() !== 2 && date.getUTCDay() !== 4) continue;
      const at = (hour: number) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), hour)).toISOString();
      const { body } = await post(operator, 'changes', { ...plan, ...how, startsAt: at(14), endsAt: at(15) });
      const submitted = await post(operator, `changes/${body.id}/submit`, { version: 1, input: {} });
      if (submitted.status !== 200) continue;
      const approved = await post(manager, `changes/${body.id}/approve`, { version: 2, input: { opinion: '同意实施' } });
      expect(approved.status).toBe(200);
      change = body.number;
      const early = await post(operator, `changes/${body.id}/implement`, { version: 3, input: {} });
      expect(early.status).toBe(409);
    }
    expect(change).toMatch(/^BG\d{12}$/);
    await operator.getByText(/^LD\d{12}$/).click();
    await operator.getByRole('button', { name: '列入补丁计划' }).click();
    await operator.getByLabel('变更编号').fill(change);
    await operator.getByRole('button', { name: '提交：列入补丁计划' }).click();
    await operator.getByTestId('record-state').getByText('已列计划').waitFor();
    await operator.getByText(change).first().waitFor();
  });

  it('is done in that window, and refused before', async () => {
    const patch = async () => {
      await operator.getByRole('button', { name: '已修补' }).click();
      await operator.getByLabel('修补情况').fill('已升级至 1.2.9 并重启');
      await operator.getByRole('button', { name: '提交：已修补' }).click();
    };
    await patch();
    await operator.getByText(`变更 ${change} 尚未实施`).waitFor();
    await operator.getByRole('button', { name: '收起' }).first().click();
    // The evening comes: what was planned is moved to now.
    const [row] = await stage.inDatabase<{ id: string; version: number }>(
      `update operations.record set facts = facts || jsonb_build_object('startsAt', to_char(now() at time zone 'utc' - interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
         'endsAt', to_char(now() at time zone 'utc' + interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) where number = '${change}' returning id, version`,
    );
    expect((await post(operator, `changes/${row!.id}/implement`, { version: row!.version, input: {} })).status).toBe(200);
    await patch();
    await operator.getByTestId('record-state').getByText('待验证').waitFor();
  });

  it('is verified by another, once a new inventory no longer shows the version', async () => {
    const record = new URL(operator.url()).pathname;
    const manager = await stage.person('operations.manager');
    await manager.goto(`${stage.address}${record}`);
    await manager.getByText(`最近一次软件清单中仍有受影响版本（${ASSET}）`).waitFor();
    await uploadInventory('1.2.9');
    await manager.reload();
    await manager.getByText(/起不再出现/).waitFor();
    await manager.getByRole('button', { name: '验证', exact: false }).first().click();
    await manager.getByLabel('依据').fill('新清单为 1.2.9');
    await manager.getByRole('button', { name: '提交：验证' }).click();
    await manager.getByTestId('record-state').getByText('已关闭').waitFor();
    await manager.goto(`${stage.address}/console/vulnerabilities`);
    await manager.getByText('没有未关闭的漏洞').waitFor();
  });
});
