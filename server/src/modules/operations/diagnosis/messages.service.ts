import type { MessageOutcome, OutgoingMessage } from '#contracts/operations/diagnosis.api.ts';
import type { Line } from '#contracts/operations/duty.values.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { paged } from '#server/kernel/page.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { maskTarget } from '../alerts/alerts.rules.ts';
import { addForLine, addMessage } from '../notify/notify.store.ts';

const MARK = '【重发】';
/** So much of a request is shown. */
const SHOWN = 4000;
const NUMBERS = /(?<![0-9a-f-])\+?\d{7,}(?![0-9a-f-])/g;

/** Telephone numbers as their last four digits; ids stand. */
const withoutNumbers = (text: string) => text.replaceAll(NUMBERS, (number) => `****${number.slice(-4)}`);

/** What was sent outside with what was answered, the newest first. */
export async function outgoingPage(
  tx: Tx,
  { outcome, limit = 20, after }: { outcome?: MessageOutcome; limit?: number; after: string | null },
): Promise<{ items: OutgoingMessage[]; nextCursor?: string }> {
  const rows = await tx
    .selectFrom('operations.message')
    .selectAll()
    .$if(outcome === 'sent', (query) => query.where('sent_at', 'is not', null))
    .$if(outcome === 'waiting', (query) => query.where('next_try_at', 'is not', null))
    .$if(outcome === 'failed', (query) => query.where('sent_at', 'is', null).where('next_try_at', 'is', null))
    .$if(after !== null, (query) => query.where('id', '<', after!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return paged(
    rows.map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      channel: row.channel as OutgoingMessage['channel'],
      target: maskTarget(row.channel, row.target),
      receiver: row.receiver,
      subject: row.subject,
      request: requestOf(row),
      outcome: row.sent_at ? 'sent' : row.next_try_at ? 'waiting' : 'failed',
      tries: row.tries,
      sentAt: row.sent_at?.toISOString() ?? null,
      failure: row.failure === null ? null : withoutNumbers(row.failure),
      answer: row.answer === null ? null : withoutNumbers(row.answer),
      repeatOf: row.repeat_of,
      askedBy: row.asked_by,
    })),
    limit,
  );
}

interface Sent {
  readonly channel: string;
  readonly target: string;
  readonly subject: string;
  readonly body: string;
  readonly payload: unknown;
}

/** A request as it left the platform, without the number or address of a person. */
function requestOf({ channel, target, subject, body, payload }: Sent): string {
  const to = maskTarget(channel, target);
  const text =
    channel === 'webhook'
      ? `POST ${to}\ncontent-type: application/json\n\n${JSON.stringify(payload ?? { subject, body }, null, 2)}`
      : channel === 'mail'
        ? `To: ${to}\nSubject: ${subject}\n\n${body}`
        : `GET to=${to}\ntext=${body}`;
  return withoutNumbers(text).slice(0, SHOWN);
}

/**
 * Sends a message that failed or was sent once more, marked as a repeat; one to a line of duty goes to whoever has it now. Gives the
 * id of the first.
 *
 * @throws Refusal `base.not-found`, `diagnosis.message-waits`, `diagnosis.repeated-already`, `diagnosis.no-address`
 */
export async function repeatMessage(tx: Tx, actor: Actor, id: string, reason: string, at: Date): Promise<string> {
  const message = await tx.selectFrom('operations.message').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (!message) throw new Refusal({ code: 'base.not-found' });
  if (message.next_try_at) throw new Refusal({ code: 'diagnosis.message-waits' });
  const waiting = await tx
    .selectFrom('operations.message')
    .select('id')
    .where('repeat_of', '=', id)
    .where('next_try_at', 'is not', null)
    .executeTakeFirst();
  if (waiting) throw new Refusal({ code: 'diagnosis.repeated-already' });
  const { channel, target, receiver } = message;
  // Who could not be reached stands there by his name.
  if (channel !== 'webhook' && target === receiver) throw new Refusal({ code: 'diagnosis.no-address', params: { name: target } });
  const again = {
    subject: marked(message.subject),
    body: marked(message.body),
    recordId: message.record_id,
    repeat: { of: id, askedBy: actor.name },
  };
  const line = /^line:([1-4])$/.exec(target)?.[1];
  const payload = message.payload === null ? {} : { payload: { ...(message.payload as object), repeatOf: id } };
  const ids = line
    ? await addForLine(tx, Number(line) as Line, [channel as 'sms'], again, at)
    : [await addMessage(tx, { ...again, ...payload, channel: channel as 'sms', target, receiver }, at)];
  await record(tx, actor, { at, action: 'operations.repeat-message', objectKind: 'message', objectId: id, detail: { reason, ids } });
  return ids[0]!;
}

const marked = (text: string) => (text.startsWith(MARK) ? text : `${MARK}${text}`);
