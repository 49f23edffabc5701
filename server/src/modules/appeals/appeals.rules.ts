import type { ContactInput } from '#contracts/appeals/appeals.api.ts';
import { accept, refuse, type Decision, type FieldFault } from '#server/kernel/decision.ts';
import { isCreditCode, isIdentityNumber } from '#server/kernel/number.ts';

/** What is judged of a new appeal beyond its form. */
export interface FilingFacts {
  readonly content: string;
  readonly title?: string;
  readonly eventAt?: string;
  readonly anonymous?: boolean;
  readonly contact?: ContactInput;
}

export interface JudgedFiling {
  readonly title: string;
  readonly eventAt: Date | null;
  readonly anonymous: boolean;
  readonly contact: ContactInput | null;
}

/**
 * Whether an appeal can be filed as it stands; all faults at once.
 *
 * A telephone number is needed unless the citizen stays anonymous, and then there is none; identity numbers and
 * credit codes must have the right check character; what happened did not happen in the future.
 */
export function judgeFiling(facts: FilingFacts, nowMs: number): Decision<JudgedFiling> {
  const faults: FieldFault[] = [];
  const anonymous = facts.anonymous ?? false;
  const phone = facts.contact ? normalPhone(facts.contact.phone) : null;
  if (!anonymous && !facts.contact) faults.push({ path: 'contact.phone', code: 'appeals.contact-required' });
  if (anonymous && facts.contact) faults.push({ path: 'contact', code: 'appeals.anonymous-contact' });
  if (facts.contact) {
    if (phone === null) faults.push({ path: 'contact.phone', code: 'appeals.bad-phone' });
    if (facts.contact.name.trim() === '') faults.push({ path: 'contact.name', code: 'field.blank' });
    if (facts.contact.idNumber && !isIdentityNumber(facts.contact.idNumber.toUpperCase()))
      faults.push({ path: 'contact.idNumber', code: 'appeals.bad-identity-number' });
    if (facts.contact.creditCode && !isCreditCode(facts.contact.creditCode.toUpperCase()))
      faults.push({ path: 'contact.creditCode', code: 'appeals.bad-credit-code' });
  }
  if ([...facts.content.trim()].length < 10) faults.push({ path: 'content', code: 'field.too-short', params: { limit: 10 } });
  const eventAt = facts.eventAt ? Date.parse(facts.eventAt) : null;
  if (eventAt !== null && eventAt > nowMs + 60_000) faults.push({ path: 'eventAt', code: 'appeals.event-in-future' });
  if (faults.length > 0) return refuse('base.invalid-input', { fields: faults });
  return accept({
    title: facts.title?.trim() || titleFrom(facts.content),
    eventAt: eventAt === null ? null : new Date(eventAt),
    anonymous,
    contact:
      facts.contact && phone !== null
        ? {
            ...facts.contact,
            phone,
            ...(facts.contact.idNumber ? { idNumber: facts.contact.idNumber.toUpperCase() } : {}),
            ...(facts.contact.creditCode ? { creditCode: facts.contact.creditCode.toUpperCase() } : {}),
          }
        : null,
  });
}

/** The digits of a Chinese mobile or landline number, without +86, spaces and dashes; null when it is neither. */
export function normalPhone(text: string): string | null {
  const digits = text.replace(/[\s()（）-]/g, '').replace(/^(\+|00)86/, '');
  if (/^1[3-9]\d{9}$/.test(digits)) return digits;
  return /^0(10|2\d|[3-9]\d{2})\d{7,8}$/.test(digits) || /^\d{7,8}$/.test(digits) || /^[48]00\d{7}$/.test(digits) ? digits : null;
}

const TITLE_LIMIT = 30;
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** The first sentence of the content, at most thirty characters; a flag or a family of several characters stays whole. */
export function titleFrom(content: string): string {
  const first = (/^[^。！？!?\n]{4,}/u.exec(content.trim())?.[0] ?? content).trim();
  if ([...first].length <= TITLE_LIMIT) return first;
  let title = '';
  let length = 0;
  // So many units hold thirty characters whatever they are; segmenting five thousand would be in vain.
  for (const { segment } of graphemes.segment(first.slice(0, 4 * TITLE_LIMIT))) {
    length += [...segment].length;
    if (length >= TITLE_LIMIT) break;
    title += segment;
  }
  // One sign that alone fills the title has to be cut.
  return `${title || [...first].slice(0, TITLE_LIMIT - 1).join('')}…`;
}

// Digits and letters that are not mistaken for one another when they are read aloud or typed from paper.
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** Eight characters made from the bytes of a keyed hash: the query code of an appeal, which need not be stored to be told again. */
export function queryCodeFrom(mac: Uint8Array): string {
  let code = '';
  for (let i = 0; code.length < 8; i++) {
    const byte = mac[i % mac.length]! ^ (i >= mac.length ? i : 0);
    // 248 = 8 * 31: bytes above would make some characters likelier than others.
    if (byte < 248 || i >= mac.length) code += CODE_ALPHABET[byte % 31]!;
  }
  return code;
}

/** What people type for a number or a code, without the spaces and dashes they read it with. */
export function compact(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase();
}
