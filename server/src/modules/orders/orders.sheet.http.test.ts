import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderSheet } from '#contracts/orders/sheet.api.ts';
import { checkOffice } from '#server/platform/files/inspect/office.ts';
import { NANJING, openTestApp, REPLY, SUZHOU, UNITS, type Person, type TestApp } from '../../../test/test-app.ts';
import { textsOf } from '../../../test/word.ts';

let at: TestApp;
/** A closed order, and a confidential one that is being handled. */
let closed: { id: string; number: string };
let confidential: { id: string };

beforeAll(async () => {
  at = await openTestApp();
  closed = await at.takeTo('closed', { address: '长江路 88 号', expectation: '尽快修复', category: '010301' });
  confidential = await at.takeTo('handling', { contact: { name: '顾晓梅', phone: '13900007315' } });
  await at.act(at.person('agent', NANJING), confidential.id, 'flag', { confidential: true });
});
afterAll(() => at?.close());

const sheet = async (person: Person, id: string) => {
  const answer = await at.call(person, 'GET', `/api/orders/${id}/sheet`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as OrderSheet;
};
const fact = (of: OrderSheet, label: string) => of.facts.find((one) => one.label === label)?.value;

describe('an order on paper', () => {
  test('says what was filed, dispatched, answered and thought of it, and who took it when', async () => {
    const reviewer = at.person('reviewer', NANJING);
    const paper = await sheet(reviewer, closed.id);
    expect(paper).toMatchObject({ heading: '政务服务便民热线工单', number: closed.number, signatures: ['承办人', '审核人', '批示'] });
    expect(fact(paper, '诉求分类')).toBe('城乡建设 / 路灯照明 / 路灯不亮');
    expect(fact(paper, '事发地址')).toBe('长江路 88 号');
    expect(fact(paper, '当前状态')).toBe('已办结');
    const paragraphs = Object.fromEntries(paper.sections.map((section) => [section.title, section.paragraphs.join('\n')]));
    expect(paragraphs['诉求内容']).toContain('期望：尽快修复');
    expect(paragraphs['办理答复']).toContain(REPLY.text);
    expect(paragraphs['办理答复']).toContain('审核通过');
    expect(paragraphs['回访与评价']).toMatch(/评价：非常满意，是否解决：是/);
    expect(paper.record.map((line) => line.what)).toEqual(expect.arrayContaining(['诉求已提交', '已派单至承办单位', '承办单位已签收']));
    expect(paper.mark).toMatch(new RegExp(`^${reviewer.name}（${reviewer.login}） 2026-\\d\\d-\\d\\d \\d\\d:\\d\\d 打印`));
  });

  test('shows the hotline masks, units nothing, and of a confidential citizen nobody anything', async () => {
    const seen = await sheet(at.person('agent', NANJING), closed.id);
    expect([fact(seen, '诉求人'), fact(seen, '联系电话')]).toEqual(['张**', '138****5678']);
    const atUnit = await sheet(at.person('handler', UNITS[NANJING][0]), closed.id);
    expect([fact(atUnit, '诉求人'), fact(atUnit, '联系电话')]).toEqual(['由热线保管', '由热线保管']);
    for (const person of [at.person('agent', NANJING), at.person('handler', UNITS[NANJING][0])]) {
      const hidden = await sheet(person, confidential.id);
      expect([fact(hidden, '诉求人'), fact(hidden, '联系电话')]).toEqual(['保密', '保密']);
      expect(JSON.stringify(hidden)).not.toMatch(/顾|7315/);
    }
    // Nor what the hotline alone may read of follow-up calls.
    expect(JSON.stringify(atUnit.sections)).not.toContain('电话回访');
  });

  test('is a Word document that opens, with the same words and the mark on each page', async () => {
    const answer = await at.call(at.person('handler', UNITS[NANJING][0]), 'GET', `/api/orders/${closed.id}/document`);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/vnd.openxmlformats-officedocument.wordprocessingml.document');
    expect(decodeURIComponent(String(answer.headers['content-disposition']))).toContain(`工单${closed.number}.docx`);
    const texts = await textsOf(at.db, answer.bytes, 'word/document.xml');
    for (const text of [
      '政务服务便民热线工单',
      `编号：${closed.number.replace(/^(\d{6})(\d{8})(\d{7})(\d)$/, '$1 $2 $3 $4')}`,
      '联系电话',
      '由热线保管',
      '长江路 88 号',
      REPLY.text,
      '承办单位已签收',
      '批示',
    ])
      expect(texts).toContain(text);
    expect((await textsOf(at.db, answer.bytes, 'word/footer1.xml')).join('')).toMatch(/— .*—.*导出，仅限办理使用，不得外传/);
    // Whoever hands it in as an attachment again is not refused: it is what it says it is.
    const folder = mkdtempSync(join(tmpdir(), 'minsheng-sheet-'));
    writeFileSync(join(folder, 'order.docx'), answer.bytes);
    await checkOffice(join(folder, 'order.docx'), 'docx', answer.bytes.length);
    rmSync(folder, { recursive: true });
  });

  test('leaves an entry in the audit log each time, and is missing outside of its scope', async () => {
    const reviewer = at.person('reviewer', NANJING);
    const entries = () =>
      at.db.owner<{ action: string }>(
        `select action from platform.audit_entry where object_id = $1 and account_id = $2 and action like 'orders.%-sheet' order by id`,
        [closed.id, reviewer.id],
      );
    const before = (await entries()).length;
    await sheet(reviewer, closed.id);
    await at.call(reviewer, 'GET', `/api/orders/${closed.id}/document`);
    expect((await entries()).slice(before).map((entry) => entry.action)).toEqual(['orders.print-sheet', 'orders.export-sheet']);
    expect((await at.call(at.person('reviewer', SUZHOU), 'GET', `/api/orders/${closed.id}/sheet`)).status).toBe(404);
    expect((await at.call(at.person('handler', UNITS[NANJING][1]), 'GET', `/api/orders/${closed.id}/document`)).status).toBe(404);
  });
});
