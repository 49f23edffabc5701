import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Filed } from '#contracts/appeals/appeals.api.ts';
import type { Attachment, CitizenRecord, Supplement, Uploaded } from '#contracts/appeals/attachments.api.ts';
import { officeOf, pdfOf, photo } from '#server/platform/files/inspect/inspect.testing.ts';
import {
  faultsIn,
  fileForm,
  NANJING,
  openTestApp,
  problemIn,
  REPLY,
  SPEECH,
  UNITS,
  type Caller,
  type TestApp,
} from '../../../../test/test-app.ts';
import { readToEnd } from '../../../../test/read-to-end.ts';
import { supplementNotices } from './attachments.events.ts';

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp({ poolSize: 2 });
});
afterAll(() => at?.close());

const UNIT = UNITS[NANJING][0];
const agent = () => at.person('agent', NANJING);
const handler = () => at.person('handler', UNIT);

async function uploaded(caller: Caller, name: string, bytes: Buffer | string): Promise<Uploaded> {
  const answer = await at.call(caller, 'POST', caller === null ? '/api/portal/uploads' : '/api/uploads', fileForm(name, bytes));
  expect(answer.status, answer.text).toBe(201);
  return answer.body as Uploaded;
}
async function filedWith(tickets: readonly string[], more: object = {}): Promise<Filed> {
  const answer = await at.call(null, 'POST', '/api/portal/appeals', {
    body: { type: '02', region: '320102', content: SPEECH, anonymous: true, category: '0101', attachments: tickets, ...more },
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as Filed;
}
async function dispatched(filed: Filed): Promise<void> {
  await at.act(agent(), filed.id, 'accept', {});
  const { approval } = await at.act(at.person('dispatcher', NANJING), filed.id, 'dispatch', { unit: UNIT });
  // What is confidential goes out by the word of a second person.
  if (approval) await at.app.orders.decide(at.actor(at.person('reviewer', NANJING)), approval, 'approve', null);
}
async function replied(filed: Filed, attachments: string[] = []): Promise<void> {
  await at.act(handler(), filed.id, 'sign', {});
  await at.act(handler(), filed.id, 'contact', { mode: 'phone', note: '已电话联系诉求人' });
  await at.act(handler(), filed.id, 'reply', { ...REPLY, attachments });
}
async function seenBy(caller: Caller, id: string): Promise<{ attachments: Attachment[]; supplements: Supplement[] }> {
  const answer = await at.call(caller, 'GET', `/api/appeals/${id}/attachments`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as { attachments: Attachment[]; supplements: Supplement[] };
}
const content = (caller: Caller, id: string, query = '') => at.call(caller, 'GET', `/api/attachments/${id}/content${query}`);
const keyOf = (filed: Filed) => ({ number: filed.number, code: filed.queryCode });
const recordOf = async (filed: Filed) => (await at.call(null, 'POST', '/api/portal/record', { body: keyOf(filed) })).body as CitizenRecord;
/** Everything in the file store, by its name. */
const store = () =>
  readdirSync(join(at.folder, 'files'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('a photograph that a citizen files with', () => {
  let filed: Filed;
  let id = '';
  let upload: Uploaded;

  test('is taken, shown small, and told to have lost its place', async () => {
    upload = await uploaded(null, 'C:\\照片\\夜间 油烟.JPG', await photo());
    expect(upload).toMatchObject({ name: '夜间 油烟.jpg', kind: 'picture', placeRemoved: true });
    expect(upload.preview).toMatch(/^data:image\/jpeg;base64,/);
    filed = await filedWith([upload.ticket]);
    [id] = (await seenBy(agent(), filed.id)).attachments.map((file) => file.id) as [string];
  });

  test('is seen by the hotline with the place it was taken at, and by the unit without', async () => {
    await dispatched(filed);
    const { attachments } = await seenBy(agent(), filed.id);
    expect(attachments).toMatchObject([
      {
        name: '夜间 油烟.jpg',
        place: { lng: 118.79, lat: 32.06 },
        takenAt: '2026-06-14T18:20:05',
        replyNo: null,
        scanned: false,
        identifying: false,
      },
    ]);
    expect((await seenBy(handler(), filed.id)).attachments).toMatchObject([{ id, place: null, takenAt: null }]);
    // Nor may a unit ask the database for it.
    await expect(
      at.app.db.transact(at.actor(handler()).scope, (tx) => tx.selectFrom('appeals.attachment').select('lng').execute()),
    ).rejects.toMatchObject({
      code: '42501',
    });
  });

  test('is delivered to the hotline as it is kept, to the unit with the name of who looks in it, and neither tells the place', async () => {
    const plain = await content(agent(), id);
    const marked = await content(handler(), id);
    for (const answer of [plain, marked]) {
      expect(answer.status).toBe(200);
      expect((await sharp(answer.bytes).metadata()).exif).toBeUndefined();
      expect(answer.headers).toMatchObject({
        'content-type': 'image/jpeg',
        'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent('夜间 油烟.jpg')}`,
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
      });
    }
    const { entropy: quiet } = await sharp(plain.bytes).stats();
    const { entropy: lettered } = await sharp(marked.bytes).stats();
    expect(lettered).toBeGreaterThan(quiet + 0.2);
    // The small picture is a copy like any other.
    const thumbs = await Promise.all([agent(), handler()].map((who) => at.call(who, 'GET', `/api/attachments/${id}/thumbnail`)));
    const [own, units] = await Promise.all(thumbs.map(async (answer) => (await sharp(answer.bytes).stats()).entropy));
    expect(units!).toBeGreaterThan(own! + 0.2);
  });

  test('leaves an entry of who looked at it', async () => {
    await content(handler(), id, '?download=true');
    const rows = await at.db.owner<{ actor: string; detail: { download: boolean; attachment: string } }>(
      `select actor, detail from platform.audit_entry where action = 'appeals.open-attachment' and object_id = $1 order by id`,
      [filed.id],
    );
    expect(rows.map((row) => [row.actor, row.detail.download])).toEqual([
      [agent().name, false],
      [handler().name, false],
      [handler().name, true],
    ]);
  });

  test('is opened by the citizen with number and code, and with another code not at all', async () => {
    const body = { ...keyOf(filed), attachment: id };
    const own = await at.call(null, 'POST', '/api/portal/files', { body });
    expect(own.headers['content-disposition']).toMatch(/^attachment;/);
    expect(own.bytes.equals((await content(agent(), id)).bytes)).toBe(true);
    expect((await recordOf(filed)).files).toMatchObject([{ preview: expect.stringMatching(/^data:image\/jpeg;base64,/), ofAnswer: false }]);
    for (const wrong of [
      { ...body, code: 'AAAAAAAA' },
      { ...body, ...keyOf(await at.file()) },
    ])
      expect((await at.call(null, 'POST', '/api/portal/files', { body: wrong })).status).toBe(404);
  });

  test('once marked as identifying, stays with the hotline', async () => {
    expect((await at.call(agent(), 'POST', `/api/attachments/${id}/identifying`, { body: { identifying: true } })).status).toBe(200);
    expect((await seenBy(handler(), filed.id)).attachments).toEqual([]);
    for (const url of ['content', 'thumbnail']) expect((await at.call(handler(), 'GET', `/api/attachments/${id}/${url}`)).status).toBe(404);
    expect((await seenBy(agent(), filed.id)).attachments).toMatchObject([{ identifying: true }]);
    await at.call(agent(), 'POST', `/api/attachments/${id}/identifying`, { body: { identifying: false } });
    expect((await content(handler(), id)).status).toBe(200);
  });
});

test('what was handed in with a confidential appeal stays with the hotline; the unit sees its own reply’s files', async () => {
  const contact = { name: '李梅', phone: '13912345678' };
  const filed = await filedWith([(await uploaded(null, '现场.jpg', await photo())).ticket], {
    anonymous: false,
    contact,
    confidential: true,
  });
  await dispatched(filed);
  expect((await seenBy(handler(), filed.id)).attachments).toEqual([]);
  await replied(filed, [(await uploaded(handler(), '整改后.jpg', await photo())).ticket]);
  expect((await seenBy(handler(), filed.id)).attachments).toMatchObject([{ name: '整改后.jpg', replyNo: 1 }]);
  expect((await seenBy(agent(), filed.id)).attachments).toHaveLength(2);
});

describe('the files of a reply', () => {
  test('are shown to the citizen when the reply is, and never those of a reply that was sent back', async () => {
    const filed = await filedWith([]);
    await dispatched(filed);
    await replied(filed, [(await uploaded(handler(), '退回稿.pdf', pdfOf())).ticket]);
    const [bad] = (await seenBy(agent(), filed.id)).attachments;
    const open = (attachment: string) => at.call(null, 'POST', '/api/portal/files', { body: { ...keyOf(filed), attachment } });
    expect((await recordOf(filed)).files).toEqual([]);
    expect((await open(bad!.id)).status).toBe(404);
    const reviewer = at.person('reviewer', NANJING);
    await at.act(reviewer, filed.id, 'fail', { fault: 'unclear', opinion: '请补充处理依据' });
    await at.act(handler(), filed.id, 'reply', {
      ...REPLY,
      attachments: [(await uploaded(handler(), '处理结果.docx', officeOf('docx'))).ticket],
    });
    expect((await recordOf(filed)).files).toEqual([]);
    await at.act(reviewer, filed.id, 'pass', {});
    const { files } = await recordOf(filed);
    expect(files).toMatchObject([{ name: '处理结果.docx', ofAnswer: true, preview: null }]);
    expect((await open(files[0]!.id)).status).toBe(200);
    expect((await open(bad!.id)).status).toBe(404);
  });

  test('are written with the reply or not at all', async () => {
    const filed = await filedWith([]);
    await dispatched(filed);
    await expect(replied(filed, ['A'.repeat(32)])).rejects.toMatchObject({
      facts: { fields: [{ path: 'attachments.0', code: 'appeals.upload-gone' }] },
    });
    expect(await at.db.owner(`select from orders.reply where order_id = $1`, [filed.id])).toEqual([]);
  });

  test('are given to each citizen whose appeal was merged into the order', async () => {
    const [main, joined] = [await filedWith([]), await filedWith([])];
    for (const { id } of [main, joined]) await at.act(agent(), id, 'accept', {});
    const dispatcher = at.person('dispatcher', NANJING);
    await at.act(dispatcher, main.id, 'merge', { numbers: [joined.number], reason: '同一家店的油烟问题' });
    await at.act(dispatcher, main.id, 'dispatch', { unit: UNIT });
    await replied(main, [(await uploaded(handler(), '整改通知书.pdf', pdfOf())).ticket]);
    await at.act(at.person('reviewer', NANJING), main.id, 'pass', {});
    const { files } = await recordOf(joined);
    expect(files).toMatchObject([{ name: '整改通知书.pdf', ofAnswer: true }]);
    const opened = await at.call(null, 'POST', '/api/portal/files', { body: { ...keyOf(joined), attachment: files[0]!.id } });
    expect(opened.bytes.equals(pdfOf())).toBe(true);
  });

  test('come with an answer on the spot, too', async () => {
    const filed = await filedWith([], { type: '01' });
    await at.act(agent(), filed.id, 'answer', {
      text: '请携带附件所列材料到市民中心办理。',
      attachments: [(await uploaded(agent(), '材料清单.xlsx', officeOf('xlsx'))).ticket],
    });
    expect((await recordOf(filed)).files).toMatchObject([{ name: '材料清单.xlsx', ofAnswer: true }]);
  });
});

describe('a supplement', () => {
  const add = (filed: Filed, more: object) =>
    at.call(null, 'POST', '/api/portal/supplements', { body: { ...keyOf(filed), content: '', ...more } });

  test('stands beside the appeal with its files, is told on the timeline and to whoever handles it', async () => {
    const filed = await filedWith([]);
    await dispatched(filed);
    const before = await at.db.owner(`select * from appeals.appeal where id = $1`, [filed.id]);
    const ticket = (
      await uploaded(null, '录音.wav', Buffer.concat([Buffer.from('RIFF\u0024\u0000\u0000\u0000WAVEfmt ', 'latin1'), Buffer.alloc(100)]))
    ).ticket;
    const answer = await add(filed, { content: '昨晚十一点又开始了，录音在附件里。', attachments: [ticket] });
    expect(answer.body).toMatchObject({
      open: true,
      supplements: [{ content: '昨晚十一点又开始了，录音在附件里。' }],
      files: [{ kind: 'audio', ofAnswer: false }],
    });
    for (const who of [agent(), handler()]) {
      const { supplements, attachments } = await seenBy(who, filed.id);
      expect(supplements).toMatchObject([{ content: '昨晚十一点又开始了，录音在附件里。', by: '诉求人' }]);
      expect(attachments).toMatchObject([{ supplementId: supplements[0]!.id }]);
    }
    expect(await at.db.owner(`select * from appeals.appeal where id = $1`, [filed.id])).toEqual(before);
    const timeline = (await at.call(handler(), 'GET', `/api/orders/${filed.id}/timeline`)).body as {
      items: { zh: string; note: string }[];
    };
    expect(timeline.items.at(-1)).toMatchObject({ zh: '诉求人补充了材料', note: '昨晚十一点又开始了，录音在附件里。' });
    await readToEnd(at.app.db, supplementNotices);
    const notices = (await at.call(handler(), 'GET', '/api/notices')).body as { items: { zh: string; orderId: string }[] };
    expect(notices.items.filter((notice) => notice.orderId === filed.id)).toMatchObject([{ zh: `工单 ${filed.number}：诉求人补充了材料` }]);
  });

  test('may be files alone, but not nothing', async () => {
    const filed = await filedWith([]);
    expect(faultsIn(await add(filed, {}))).toEqual(['content: appeals.supplement-empty']);
    expect(faultsIn(await add(filed, { content: '  \n ' }))).toEqual(['content: appeals.supplement-empty']);
    expect((await add(filed, { attachments: [(await uploaded(null, 'a.txt', '车牌苏A12345')).ticket] })).status).toBe(200);
    expect(
      problemIn(await at.call(null, 'POST', '/api/portal/supplements', { body: { ...keyOf(filed), code: 'AAAAAAAA', content: '补充' } }))
        .code,
    ).toBe('appeals.no-such-appeal');
  });

  test('is taken down by the hotline for who calls', async () => {
    const { id } = await at.takeTo('handling');
    const answer = await at.call(agent(), 'POST', `/api/appeals/${id}/supplements`, { body: { content: '来电补充：现场负责人姓周。' } });
    expect(answer.status, answer.text).toBe(200);
    expect((await seenBy(agent(), id)).supplements).toMatchObject([{ by: agent().name }]);
  });

  test('is not taken once the appeal has ended', async () => {
    const filed = await at.takeTo('closed');
    expect(problemIn(await add(filed, { content: '还有一件事' })).code).toBe('appeals.supplement-closed');
    expect((await recordOf(filed)).open).toBe(false);
  });

  test('cannot bring more than an appeal may have, and then nothing of it is kept', async () => {
    const filed = await filedWith([]);
    const { ticket } = await uploaded(null, 'a.txt', '第一份材料');
    await add(filed, { attachments: [ticket] });
    await at.db.owner(
      `insert into appeals.attachment (id, appeal_id, region, name, kind, type, bytes, sm3, file_key, scanned, by_name, at)
       select overlay(id::text placing lpad(to_hex(n), 12, '0') from 25)::uuid, appeal_id, region, name, kind, type, bytes, sm3, file_key, scanned, by_name, at
       from appeals.attachment, generate_series(1, 29) n where appeal_id = $1`,
      [filed.id],
    );
    const answer = await add(filed, { content: '再补充一份', attachments: [ticket] });
    expect(problemIn(answer)).toMatchObject({ code: 'appeals.too-many-attachments', title: '一件诉求最多 30 个附件、共 300 MB' });
    expect((await recordOf(filed)).supplements).toHaveLength(1);
  });
});

describe('an upload', () => {
  test('that is not good is refused in words, and nothing of it is kept', async () => {
    const before = store().length;
    const send = (name: string, bytes: Buffer | string, headers = {}) => {
      const form = fileForm(name, bytes);
      return at.call(null, 'POST', '/api/portal/uploads', { ...form, headers: { ...form.headers, ...headers } });
    };
    const exe = Buffer.concat([Buffer.from('MZ\u0090\u0000'), Buffer.alloc(300)]);
    expect(problemIn(await send('照片.jpg', exe))).toMatchObject({
      status: 415,
      code: 'files.name-disagrees',
      title: '文件名以 .jpg 结尾，内容却不是这种文件，不能接收',
    });
    expect(problemIn(await send('a.exe', exe, { 'accept-language': 'en' })).title).toMatch(/^This kind of file is not taken/);
    expect(problemIn(await send('a.jpg', Buffer.alloc(0)))).toMatchObject({ status: 400, code: 'files.empty' });
    expect(problemIn(await send('a.mp3', Buffer.alloc(50 * 1024 * 1024 + 1)))).toMatchObject({ status: 413, code: 'base.too-large' });
    expect(faultsIn(await at.call(null, 'POST', '/api/portal/uploads', { body: {} }))).toEqual(['file: field.required']);
    expect(store()).toHaveLength(before);
  });

  test('lies sealed in the store, once however often it is sent, and cannot be put in the place of another', async () => {
    const before = new Set(store());
    const secret = `身份证号 320102199001011234 ${'很长的说明。'.repeat(50)}`;
    const first = await uploaded(null, '说明.txt', secret);
    const second = await uploaded(agent(), '同一份.txt', secret);
    expect(first.ticket).not.toBe(second.ticket);
    const [file, ...more] = store().filter((path) => !before.has(path));
    expect(more).toEqual([]);
    expect(readFileSync(file!).includes('320102199001011234')).toBe(false);
    const filed = await filedWith([first.ticket, second.ticket]);
    const { attachments } = await seenBy(agent(), filed.id);
    expect(attachments.map((one) => one.name)).toEqual(['说明.txt', '同一份.txt']);
    const opened = await content(agent(), attachments[1]!.id);
    expect(opened.text).toBe(secret);
    expect(opened.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': expect.stringMatching(/^attachment;/),
    });
    const other = await uploaded(null, '别的.txt', '别的内容');
    const [otherFile] = store().filter((path) => !before.has(path) && path !== file);
    writeFileSync(file!, readFileSync(otherFile!));
    expect(other.kind).toBe('document');
    expect((await content(agent(), attachments[0]!.id)).status).toBe(500);
  });

  test('waits a day for its appeal; then it is gone, and a file that was attached stays', async () => {
    const attached = await uploaded(null, 'a.txt', '这一份附在诉求后面');
    const forgotten = await uploaded(null, '忘记.jpg', await photo({ shade: '#123456' }));
    const filed = await filedWith([attached.ticket]);
    const files = store().length;
    at.clock.advance(24 * 3_600_000 + 1000);
    const late = await at.call(null, 'POST', '/api/portal/appeals', {
      body: { type: '02', region: '320102', content: SPEECH, anonymous: true, attachments: [forgotten.ticket] },
    });
    expect(faultsIn(late)).toEqual(['attachments.0: appeals.upload-gone']);
    // Its file and its small picture, and those of other tests.
    expect(await at.app.attachments.sweep()).toBeGreaterThanOrEqual(2);
    expect(await at.app.attachments.sweep()).toBe(0);
    expect(store().length).toBeLessThanOrEqual(files - 2);
    const [left] = (await seenBy(agent(), filed.id)).attachments;
    expect((await content(agent(), left!.id)).text).toBe('这一份附在诉求后面');
    expect(await at.db.owner(`select from appeals.upload`)).toEqual([]);
  });

  test('whose content is stored while it is swept is there afterwards', async () => {
    const bytes = '正在清理的内容';
    const first = await uploaded(null, 'a.txt', bytes);
    at.clock.advance(25 * 3_600_000);
    const [, again] = await Promise.all([at.app.attachments.sweep(), uploaded(null, 'b.txt', bytes)]);
    expect(again.ticket).not.toBe(first.ticket);
    at.clock.advance(2 * 3_600_000);
    await at.app.attachments.sweep();
    const filed = await filedWith([again.ticket]);
    const [kept] = (await seenBy(agent(), filed.id)).attachments;
    expect((await content(agent(), kept!.id)).text).toBe(bytes);
  });

  test('is refused when too much waits from one address', async () => {
    await uploaded(null, 'a.txt', '又一份');
    await at.db.owner(`update appeals.upload set bytes = 600000000 where by_account is null`);
    const answer = await at.call(null, 'POST', '/api/portal/uploads', fileForm('a.txt', '再一份'));
    expect(problemIn(answer)).toMatchObject({ status: 429, code: 'appeals.too-many-uploads' });
    // People of the office have a measure of their own.
    await uploaded(agent(), 'a.txt', '坐席的一份');
    await at.db.owner(`delete from appeals.upload where by_account is null`);
  });
});
