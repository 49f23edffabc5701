import type { PortalAppealInput } from '#contracts/appeals/appeals.api.ts';
import { instantFromBeijing } from '#ui/format.ts';
import type { Draft } from './draft.ts';

export type FieldName = 'type' | 'content' | 'expectation' | 'city' | 'county' | 'address' | 'eventAt' | 'files' | 'name' | 'phone';

/** The order in which the fields stand on the page: the first fault gets the focus. */
export const FIELD_ORDER: readonly FieldName[] = [
  'type',
  'content',
  'expectation',
  'city',
  'county',
  'address',
  'eventAt',
  'files',
  'name',
  'phone',
];

export type FaultName =
  | 'chooseType'
  | 'contentShort'
  | 'chooseCity'
  | 'chooseCounty'
  | 'futureEvent'
  | 'nameMissing'
  | 'phoneMissing'
  | 'phoneWrong';

/** What the citizen should mend before sending; the server judges again. */
export function checkDraft(draft: Draft, nowMs: number): Partial<Record<FieldName, FaultName>> {
  const faults: Partial<Record<FieldName, FaultName>> = {};
  if (!draft.type) faults.type = 'chooseType';
  if ([...draft.content.trim()].length < 10) faults.content = 'contentShort';
  if (!draft.city) faults.city = 'chooseCity';
  else if (!draft.county) faults.county = 'chooseCounty';
  const eventAt = draft.eventAt && instantFromBeijing(draft.eventAt);
  if (eventAt && Date.parse(eventAt) > nowMs) faults.eventAt = 'futureEvent';
  if (!draft.anonymous) {
    if (!draft.name.trim()) faults.name = 'nameMissing';
    const phone = draft.phone.replace(/[\s-]/g, '');
    if (!phone) faults.phone = 'phoneMissing';
    else if (!/^\+?\d{7,15}$/.test(phone)) faults.phone = 'phoneWrong';
  }
  return faults;
}

/** The draft as the portal sends it. */
export function bodyOf(draft: Draft): PortalAppealInput {
  const eventAt = draft.eventAt ? instantFromBeijing(draft.eventAt) : undefined;
  const address = draft.address.trim();
  const expectation = draft.expectation.trim();
  return {
    type: draft.type as PortalAppealInput['type'],
    region: draft.street || draft.county || draft.city,
    content: draft.content.trim(),
    ...(address ? { address } : {}),
    ...(expectation ? { expectation } : {}),
    ...(eventAt ? { eventAt } : {}),
    ...(draft.files.length > 0 ? { attachments: draft.files.map(({ ticket }) => ticket) } : {}),
    ...(draft.anonymous
      ? { anonymous: true }
      : {
          contact: { name: draft.name.trim(), phone: draft.phone.replace(/[\s-]/g, '') },
          ...(draft.confidential ? { confidential: true } : {}),
        }),
  };
}

/** Which field of the page a field of the request stands in. */
export function fieldOf(path: readonly string[]): FieldName | undefined {
  const last = path.at(-1) ?? '';
  if (path[0] === 'attachments') return 'files';
  if (last === 'region') return 'county';
  if (last === 'contact') return 'phone';
  return FIELD_ORDER.find((name) => name === last);
}
