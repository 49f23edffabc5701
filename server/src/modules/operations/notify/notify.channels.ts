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
 * Sends one message.
 *
 * @throws Error that says what went wrong; {@link NotSetUp} where trying again would change nothing
 */
export async function send(message: DueMessage, gateways: Gateways): Promise<void> {
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

async function answered(response: Response): Promise<void> {
  const text = (await response.text()).slice(0, 200);
  if (!response.ok) throw new Error(`HTTP ${response.status} ${text}`.trim());
}

async function mail({ target, subject, body }: DueMessage, { smtpUrl, mailFrom }: Gateways): Promise<void> {
  if (!smtpUrl || !mailFrom) throw new NotSetUp(smtpUrl ? 'MINSHENG_MAIL_FROM' : 'MINSHENG_SMTP_URL');
  const transport = createTransport(smtpUrl, {});
  try {
    await transport.sendMail({ from: mailFrom, to: target, subject, text: body });
  } finally {
    transport.close();
  }
}
