import type { Entry } from '#contracts/reference/catalogue.api.ts';
import { StateTag } from '#ui/components/state-tag.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { useWords } from '#ui/text.ts';
import { catalogueText } from './catalogue.text.ts';

const LEVELS = { province: 'levelProvince', city: 'levelCity', county: 'levelCounty', street: 'levelStreet' } as const;

/** How an entry is said: whose it is, where and for what. */
export function useEntryWords() {
  const speak = useWords(catalogueText);
  const names = useNames();
  return {
    region: (code: string) => (code === '32' ? speak('province') : names.region(code)),
    category: (code: string) => `${code} ${names.category(code)}`,
    owner: (entry: Entry) =>
      entry.unit?.name ??
      speak('kindAt', { level: entry.level ? speak(LEVELS[entry.level]) : '', kind: entry.kindName ?? entry.kind ?? '' }),
  };
}

export function EntryState({ entry }: { entry: Entry }) {
  const speak = useWords(catalogueText);
  return (
    <>
      <StateTag of="entry" state={entry.state} />{' '}
      {entry.inForce ? <span className="ms-tag ms-tag--working">{speak('inForce')}</span> : null}
      {entry.ended ? <span className="ms-tag ms-tag--stopped">{speak('ended')}</span> : null}
    </>
  );
}
