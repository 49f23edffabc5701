import { orderLifecycle, type OrderClock } from '#contracts/orders/orders.lifecycle.ts';
import { ANY_TYPE, type NormLine, type NormPart } from '#contracts/reference/norm.content.ts';
import { limitText } from '#ui/limits.ts';
import { useNames } from '#ui/office/dictionary.ts';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { normsText } from './norms.text.ts';

export const FIELD_WORDS = {
  address: 'address',
  eventAt: 'eventAt',
  expectation: 'expectation',
  contact: 'fieldContact',
  category: 'category',
} as const;

/** How the lines of a norm are said to people: what a line is about, and what it says. */
export function useNormWords() {
  const speak = useWords(normsText);
  const tell = useSay();
  const names = useNames();
  const language = useLanguage();
  const type = (code: string) => (code === ANY_TYPE ? speak('anyType') : names.code('appeal_type', code));
  const category = (code: string) => (code === '' ? speak('anyCategory') : `${code} ${names.category(code)}`);
  const clock = (name: string) => tell(orderLifecycle.clocks[name as OrderClock]?.name ?? { zh: name, en: name });
  const about: { readonly [P in NormPart]: (line: NormLine<P>) => string } = {
    limits: (line) => [type(line.appealType), names.code('urgency', line.urgency), clock(line.clock), category(line.category)].join(' · '),
    fields: (line) => [type(line.appealType), category(line.category), speak(FIELD_WORDS[line.field])].join(' · '),
    categories: (line) => category(line.category),
    replies: (line) => type(line.appealType),
    phrases: (line) => `“${line.phrase}”`,
  };
  const demands = (line: NormLine<'replies'>) =>
    [
      line.minLength === undefined ? '' : speak('atLeast', { count: line.minLength }),
      ...(['contact', 'basis', 'attachment'] as const).map((demand) => (line[demand] ? speak(demand) : '')),
    ]
      .filter(Boolean)
      .join('、');
  const says: { readonly [P in NormPart]: (line: NormLine<P>) => string } = {
    limits: (line) => limitText(`${line.amount} ${line.mode}`, language),
    fields: () => speak('required'),
    categories: (line) =>
      [
        speak(line.inUse ? 'inUse' : 'outOfUse'),
        line.urgency === undefined ? '' : names.code('urgency', line.urgency),
        line.reviewed ? speak('reviewed') : '',
      ]
        .filter(Boolean)
        .join('、'),
    replies: demands,
    phrases: () => speak('phrases'),
  };
  return {
    type,
    category,
    clock,
    demands,
    region: (code: string) => (code === '32' ? speak('province') : names.region(code)),
    about: <P extends NormPart>(part: P, line: NormLine<P>) => about[part](line),
    says: <P extends NormPart>(part: P, line: NormLine<P>) => says[part](line),
  };
}
