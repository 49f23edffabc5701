import { createTransport } from 'nodemailer';
import type { DueMessage } from './notify.store.ts';

/** Where messages leave the house; a channel without an address cannot be used. */
export interface Gateways {
  /** A gateway that takes `to` and `text` in its address, as Kannel's sendsms does. */
  readonly smsGateway: string;
  readonly smtpUrl: string;
  readonly mailFrom: string;
}

const TIMEOUT_MS = 10_000;

/**
 * Sends one message; gives what was answered: the status and the first 2 KiB.
 *
 * @throws Error that says what went wrong; {@link NotTaken} where the receiver answered with a refusal, {@link NotSetUp} where trying
 * again would change nothing
 */
export async function send(message: DueMessage, gateways: Gateways): Promise<string> {
  if (message.channel === 'webhook') {
    const body = JSON.stringify(message.payload ?? { subject: message.subject, body: message.body });
    return answered(await fetch(message.target, { method: 'POST', headers: { 'content-type': 'application/json' }, body, ...bounded() }));
  }
  if (message.channel === 'mail') return mail(message, gateways);
  if (!gateways.smsGateway) throw new NotSetUp('MINSHENG_SMS_GATEWAY');
  const url = new URL(gateways.smsGateway);
  url.searchParams.set('to', message.target);
  url.searchParams.set('text', message.body);
  return answered(await fetch(url, bounded()));
}

/** The channel has no gateway in the settings. */
export class NotSetUp extends Error {
  constructor(setting: string) {
    super(`${setting} is not set`);
  }
}

const bounded = () => ({ signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' as const });

/** So much of an answer is kept. */
const ANSWER_BYTES = 2048;

/** The receiver was reached and refused. */
export class NotTaken extends Error {
  readonly answer: string;
  constructor(told: string, answer: string) {
    super(told);
    this.answer = answer;
  }
}

async function answered(response: Response): Promise<string> {
  const text = Buffer.from(await response.arrayBuffer())
    .subarray(0, ANSWER_BYTES)
    // What is no text cannot be kept as one.
    .toString('utf8')
    .replaceAll('\0', '');
  const answer = `HTTP ${response.status} ${response.statusText}\n${text}`.trim();
  if (!response.ok) throw new NotTaken(`HTTP ${response.status} ${text.slice(0, 200)}`.trim(), answer);
  return answer;
}

async function mail({ target, subject, body }: DueMessage, { smtpUrl, mailFrom }: Gateways): Promise<string> {
  if (!smtpUrl || !mailFrom) throw new NotSetUp(smtpUrl ? 'MINSHENG_MAIL_FROM' : 'MINSHENG_SMTP_URL');
  const transport = createTransport(smtpUrl, {});
  try {
    const { response } = await transport.sendMail({ from: mailFrom, to: target, subject, text: body });
    return response.slice(0, ANSWER_BYTES);
  } finally {
    transport.close();
  }
}
