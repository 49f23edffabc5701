import { deskText } from './desk.text.ts';

/** Alt and a digit lead to a field, by its id in the form, wherever the cursor stands. */
export const deskKeys = [
  { digit: '1', field: 'contact_phone', words: deskText.phone },
  { digit: '2', field: 'content', words: deskText.content },
  { digit: '3', field: 'region', words: deskText.region },
  { digit: '4', field: 'address', words: deskText.address },
  { digit: '5', field: 'type', words: deskText.type },
  { digit: '6', field: 'category', words: deskText.category },
  { digit: '7', field: 'urgency', words: deskText.urgency },
] as const;

/** Puts the cursor into a field; of a group, on what is chosen. */
export function goToField(id: string): void {
  const place = document.getElementById(id);
  const chosen = place?.querySelector<HTMLElement>('input:checked') ?? place?.querySelector<HTMLElement>('input');
  (chosen ?? place)?.focus();
}
