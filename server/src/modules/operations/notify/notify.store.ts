import { sql } from 'kysely';
import { DUTY_LINES, type Line } from '#contracts/operations/duty.values.ts';
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
  /** The message that a person sends again by this one, and who he is. */
  readonly repeat?: { readonly of: string; readonly askedBy: string };
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
      repeat_of: message.repeat?.of ?? null,
      asked_by: message.repeat?.askedBy ?? null,
      next_try_at: at,
    })
    .execute();
  return id;
}

/** A message that could not even be put up. */
async function addFailed(tx: Tx, message: NewMessage, failure: string, at: Date): Promise<string> {
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

export async function setSent(tx: Tx, id: string, answer: string, at: Date): Promise<void> {
  await tx.updateTable('operations.message').set({ sent_at: at, next_try_at: null, failure: null, answer }).where('id', '=', id).execute();
}

/** A message that did not go out; the answer is null where nobody answered, and it is given up without an instant to try again. */
export async function setFailed(
  tx: Tx,
  id: string,
  { failure, answer, againAt }: { failure: string; answer: string | null; againAt: Date | null },
): Promise<void> {
  await tx.updateTable('operations.message').set({ failure, answer, next_try_at: againAt }).where('id', '=', id).execute();
}

interface OnDuty {
  readonly name: string;
  readonly phone: string | null;
  readonly mail: string | null;
}

/** Who is on duty on a line, with how they are reached. */
async function onDuty(tx: Tx, line: Line, at: Date): Promise<OnDuty[]> {
  return tx
    .selectFrom('operations.shift as s')
    .leftJoin('operations.reach as r', 'r.account_id', 's.account_id')
    .select(['s.name', 'r.phone', 'r.mail'])
    .where('s.line', '=', line)
    .where('s.from_at', '<=', at)
    .where('s.to_at', '>', at)
    .orderBy('s.from_at')
    .execute();
}

/**
 * Puts a message up for everybody on duty on a line, by each of these channels that reaches him; gives the ids. That nobody is
 * on duty, or that nobody knows how to reach who is, stands among the messages as one that failed.
 */
export async function addForLine(
  tx: Tx,
  line: Line,
  channels: readonly ('sms' | 'mail')[],
  message: Pick<NewMessage, 'subject' | 'body' | 'recordId' | 'repeat'>,
  at: Date,
): Promise<string[]> {
  const [channel = 'sms'] = channels;
  const people = await onDuty(tx, line, at);
  if (people.length === 0)
    return [await addFailed(tx, { ...message, channel, target: `line:${line}`, receiver: null }, `${DUTY_LINES[line].zh}无人值班`, at)];
  const ids: string[] = [];
  for (const { name, phone, mail } of people) {
    const reached = channels.flatMap((one) => {
      const target = one === 'sms' ? phone : mail;
      return target ? [{ ...message, channel: one, target, receiver: name }] : [];
    });
    for (const one of reached) ids.push(await addMessage(tx, one, at));
    if (reached.length === 0)
      ids.push(await addFailed(tx, { ...message, channel, target: name, receiver: name }, '没有登记电话或邮箱', at));
  }
  return ids;
}
