import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OutgoingMessage } from '#contracts/operations/diagnosis.api.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { startReceivers, type Receivers } from '../../../../test/start-receivers.ts';
import { openTestApp, problemIn, type TestApp } from '../../../../test/test-app.ts';
import { addForLine, addMessage } from '../notify/notify.store.ts';
import { createSender } from '../notify/notify.sender.ts';

let at: TestApp;
let receivers: Receivers;
beforeAll(async () => {
  receivers = await startReceivers();
  at = await openTestApp();
}, 60_000);
afterAll(async () => {
  await at?.close();
  receivers?.stop();
});

const operator = () => at.person('operator');
const sendDue = () =>
  createSender({
    db: at.app.db,
    clock: at.clock,
    gateways: {
      smsGateway: `http://127.0.0.1:${receivers.web}/sendsms`,
      smtpUrl: `smtp://127.0.0.1:${receivers.mail}`,
      mailFrom: 'a@minsheng.test',
    },
  }).turn();
const add = (message: object): Promise<string> =>
  at.app.db.transact(SYSTEM, (tx) =>
    addMessage(
      tx,
      { channel: 'sms', target: '13900001234', receiver: '值班员', subject: '短信网关中断', body: '请联系 13912345678', ...message },
      new Date(at.clock.nowMs()),
    ),
  );
const list = async (query = ''): Promise<OutgoingMessage[]> => {
  const answer = await at.call(operator(), 'GET', `/api/operations/diagnosis/messages${query}`);
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { items: OutgoingMessage[] }).items;
};
const repeat = (id: string) =>
  at.call(operator(), 'POST', `/api/operations/diagnosis/messages/${id}/repeat`, { body: { reason: '对方称没有收到' } });
const byId = async (id: string) => (await list()).find((one) => one.id === id)!;

it('a message shows request and answer as they were, without the number of anybody', async () => {
  const id = await add({});
  expect(await byId(id)).toMatchObject({ outcome: 'waiting', answer: null });
  await sendDue();
  const sent = await byId(id);
  expect(sent).toMatchObject({
    outcome: 'sent',
    answer: 'HTTP 202 Accepted\n0: Accepted for delivery',
    target: '139****1234',
    repeatOf: null,
  });
  expect(sent.request).toBe('GET to=139****1234\ntext=请联系 ****5678');
});

it('what failed shows what was answered, and is sent again as a repeat, on record', async () => {
  const id = await add({
    channel: 'webhook',
    target: `http://127.0.0.1:${receivers.web}/fails`,
    receiver: null,
    payload: { status: 'firing' },
  });
  await sendDue();
  expect(await byId(id)).toMatchObject({ outcome: 'waiting', answer: 'HTTP 503 Service Unavailable\nbusy' });
  expect(problemIn(await repeat(id)).code).toBe('diagnosis.message-waits');
  await at.db.owner(`update operations.message set next_try_at = null, target = $2 where id = $1`, [
    id,
    `http://127.0.0.1:${receivers.web}/hook`,
  ]);
  expect((await list('?outcome=failed')).map((one) => one.id)).toEqual([id]);

  const answer = await repeat(id);
  expect(answer.status, answer.text).toBe(201);
  const { id: again } = answer.body as { id: string };
  expect(problemIn(await repeat(id)).code).toBe('diagnosis.repeated-already');
  await sendDue();
  expect(await byId(again)).toMatchObject({ outcome: 'sent', repeatOf: id, askedBy: operator().name, subject: '【重发】短信网关中断' });
  const { body } = receivers.received.findLast(({ url }) => url === '/hook')!;
  expect(JSON.parse(body!)).toEqual({ status: 'firing', repeatOf: id });
  const [entry] = await at.db.owner(`select object_id, detail from platform.audit_entry where action = 'operations.repeat-message'`);
  expect(entry).toEqual({ object_id: id, detail: { reason: '对方称没有收到', ids: [again] } });
  // What was sent may be sent again as well.
  expect((await repeat(again)).status).toBe(201);
});

it('what found nobody on duty goes to whoever is by now; who left no number cannot be reached', async () => {
  const when = () => new Date(at.clock.nowMs());
  const [nobody] = await at.app.db.transact(SYSTEM, (tx) =>
    addForLine(tx, 1, ['sms'], { subject: '无人值班时的告警', body: '磁盘将满' }, when()),
  );
  const again = await repeat(nobody!);
  expect(again.status, again.text).toBe(201);
  expect(await byId((again.body as { id: string }).id)).toMatchObject({ outcome: 'failed', failure: '一线无人值班', repeatOf: nobody });

  const name = operator().name;
  await at.db.owner(
    `insert into operations.shift (id, line, account_id, name, from_at, to_at, made_by)
     values (gen_random_uuid(), 1, $1, $2, $3::timestamptz - interval '1 hour', $3::timestamptz + interval '1 hour', $2)`,
    [operator().id, name, when()],
  );
  const unreached = (await repeat(nobody!)).body as { id: string };
  expect(await byId(unreached.id)).toMatchObject({ outcome: 'failed', failure: '没有登记电话或邮箱' });
  expect(problemIn(await repeat(unreached.id)).code).toBe('diagnosis.no-address');
  await at.call(operator(), 'PUT', '/api/operations/reach', { body: { phone: '13900001234' } });
  const reached = (await repeat(nobody!)).body as { id: string };
  await sendDue();
  expect(await byId(reached.id)).toMatchObject({ outcome: 'sent', receiver: name, target: '139****1234' });
});
