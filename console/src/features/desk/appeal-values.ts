import type { AppealInput, ContactInput } from '#contracts/appeals/appeals.api.ts';
import type { Uploaded } from '#contracts/appeals/attachments.api.ts';
import { ticketsOf } from '../../parts/files-field.tsx';
import { instantFromBeijing } from '#ui/format.ts';

export interface AppealValues {
  readonly contact?: {
    readonly phone?: string;
    readonly name?: string;
    readonly gender?: string;
    readonly kind?: string;
    readonly address?: string;
  };
  readonly anonymous?: boolean;
  readonly confidential?: boolean;
  readonly content?: string;
  readonly expectation?: string;
  readonly title?: string;
  readonly region?: string;
  readonly address?: string;
  readonly eventAt?: string;
  readonly type?: string;
  readonly category?: string;
  readonly urgency?: number;
  readonly channel?: string;
  readonly sourceNumber?: string;
  readonly files?: readonly Uploaded[];
}

export const startingValues: AppealValues = {
  type: '02',
  urgency: 3,
  channel: '01',
  contact: { kind: '1' },
};

/** The form as the server takes it: nothing empty, times as instants, no contact for the anonymous. */
export function bodyOf(values: AppealValues, accept: boolean): AppealInput {
  const { contact, anonymous, eventAt, files, ...rest } = values;
  const at = eventAt ? instantFromBeijing(eventAt) : undefined;
  const body = {
    ...filled(rest),
    ...(at ? { eventAt: at } : {}),
    ...ticketsOf(files),
    ...(anonymous ? { anonymous: true } : { contact: contactOf(contact) }),
    ...(accept ? { accept: true } : {}),
  };
  // The form's own checks have seen to what is required; the server judges the rest.
  return body as unknown as AppealInput;
}

function contactOf(contact: AppealValues['contact']): ContactInput {
  const { phone, ...rest } = contact ?? {};
  const known = { ...filled(rest), phone: (phone ?? '').replace(/[\s-]/g, '') };
  return known as unknown as ContactInput;
}

function filled(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value])
      .filter(([, value]) => value !== undefined && value !== '' && value !== false),
  );
}
