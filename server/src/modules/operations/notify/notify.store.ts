import { sql } from 'kysely';
import { newId } from '#server/kernel/ids.ts';
import type { Tx } from '#server/platform/db/db.ts';

export interface NewMessage {
  readonly channel: 'sms' | 'mail' | 'webhook';
  readonly target: string;
  /** Whose it is, where it is a person's. */
  readonly receiver: string | null;
  readonly subject: string;
  readonly body: string;
  readonly payload?: unknown;
  readonly recordId?: string | null;
}

/** Puts a message up to be sent; gives its id. */
export async function addMessage(tx: Tx, message: NewMessage, at: Date): Promise<string> {
  const id = newId(at.getTime());
  await tx
    .insertInto('operations.message')
    .values({
      id,
      at,
      channel: message.channel,
      target: message.target,
      receiver: message.receiver,
      subject: message.subject,
      body: message.body,
      payload: message.payload === undefined ? null : JSON.stringify(message.payload),
      record_id: message.recordId ?? null,
      next_try_at: at,
    })
    .execute();
  return id;
}

/** A message that could not even be put up: nobody is on duty, or nobody knows how to reach who is. */
export async function addFailed(tx: Tx, message: NewMessage, failure: string, at: Date): Promise<string> {
  const id = await addMessage(tx, message, at);
  await tx.updateTable('operations.message').set({ next_try_at: null, failure }).where('id', '=', id).execute();
  return id;
}

export interface DueMessage {
  readonly id: string;
  readonly channel: 'sms' | 'mail' | 'webhook';
  readonly target: string;
  readonly subject: string;
  readonly body: string;
  readonly payload: unknown;
  readonly tries: number;
}

/** Messages whose time has come, each taken by one node: it is tried again where that node is not heard of. */
export async function takeDue(tx: Tx, at: Date, againAt: Date, limit: number): Promise<DueMessage[]> {
  const { rows } = await sql<DueMessage>`
    update operations.message m set next_try_at = ${againAt}, tries = m.tries + 1
    from (select id from operations.message where next_try_at <= ${at} order by next_try_at limit ${limit} for update skip locked) due
    where m.id = due.id returning m.id, m.channel, m.target, m.subject, m.body, m.payload, m.tries`.execute(tx);
  return rows;
}

export async function setSent(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.updateTable('operations.message').set({ sent_at: at, next_try_at: null, failure: null }).where('id', '=', id).execute();
}

export async function setFailed(tx: Tx, id: string, failure: string, againAt: Date | null): Promise<void> {
  await tx.updateTable('operations.message').set({ failure, next_try_at: againAt }).where('id', '=', id).execute();
}

export interface OnDuty {
  readonly accountId: string;
  readonly name: string;
  readonly phone: string | null;
  readonly mail: string | null;
}

/** Who is on duty on a line, with how they are reached. */
export async function onDuty(tx: Tx, line: number, at: Date): Promise<OnDuty[]> {
  return tx
    .selectFrom('operations.shift as s')
    .leftJoin('operations.reach as r', 'r.account_id', 's.account_id')
    .select(['s.account_id as accountId', 's.name', 'r.phone', 'r.mail'])
    .where('s.line', '=', line)
    .where('s.from_at', '<=', at)
    .where('s.to_at', '>', at)
    .orderBy('s.from_at')
    .execute();
}

/** A notice on the console. */
export async function addNotice(
  tx: Tx,
  notice: { level: 'info' | 'warning' | 'urgent'; zh: string; en: string; permission: string; path: string; onceKey: string },
  at: Date,
): Promise<void> {
  await tx
    .insertInto('platform.notice')
    .values({
      id: newId(at.getTime()),
      at,
      level: notice.level,
      zh: notice.zh,
      en: notice.en,
      order_id: null,
      permission: notice.permission,
      region: '',
      unit_code: null,
      path: notice.path,
      once_key: notice.onceKey,
    })
    .onConflict((oc) => oc.column('once_key').doNothing())
    .execute();
}
