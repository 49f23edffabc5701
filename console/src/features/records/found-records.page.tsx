import type { RecordFilter } from '#contracts/operations/records/records.api.ts';
import { CHANGE_CLASSES } from '#contracts/operations/records/change.lifecycle.ts';
import { kindFacts, type RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import { CAUSES, EFFECTS } from '#contracts/operations/records/problem.lifecycle.ts';
import { RECORD_SOURCES } from '#contracts/operations/records/records.values.ts';
import type { Words } from '#contracts/base/text.ts';
import { instantText } from '#ui/format.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Page } from '../../parts/page.tsx';
import { RecordTable } from './record-table.tsx';
import { recordsQuery } from './records.queries.ts';
import { narrowingNames, recordsText, UNKNOWN } from './records.text.ts';

/** Records of any kind, as an address narrows them: what a figure of a report counts. */
export function FoundRecordsPage() {
  const speak = useWords(recordsText);
  const tell = useSay();
  const search = useSearch({ from: '/inside/records' });
  const list = useInfiniteQuery(recordsQuery(search as unknown as RecordFilter));
  const kind = search.kind as RecordKind | undefined;
  return (
    <Page
      title={kind ? speak(kindFacts(kind).plural as 'faults') : speak('records')}
      note={Object.entries(search).map(([name, value]) =>
        name === 'kind' ? null : (
          <span key={name}>{`${tell(narrowingNames[name as keyof typeof narrowingNames])}：${tell(valueOf(kind, name, value))}`}</span>
        ),
      )}
    >
      <RecordTable list={list} caption={speak('records')} empty={speak('none')} />
    </Page>
  );
}

/** What a filter is set to, in words where there are some. */
function valueOf(kind: RecordKind | undefined, name: string, value: string): Words {
  const same = { zh: value, en: value };
  const of = (words: Readonly<Record<string, Words>>) => words[value] ?? same;
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return { zh: instantText(value), en: instantText(value) };
  switch (name) {
    case 'level':
      return kind ? of(kindFacts(kind).levels) : same;
    case 'source':
      return of(RECORD_SOURCES);
    case 'cause':
      return of({ ...CAUSES, unknown: UNKNOWN });
    case 'effect':
      return of({ ...EFFECTS, unknown: UNKNOWN });
    case 'class':
      return of(CHANGE_CLASSES);
    case 'clock':
      return kind ? (kindFacts(kind).lifecycle.clocks[value]?.name ?? same) : same;
    case 'clockResult':
      return value === 'late' ? recordsText.late : recordsText.inTime;
    case 'state': {
      const names = value
        .split(',')
        .map((state) => (kind ? kindFacts(kind).lifecycle.states[state]?.name : undefined) ?? { zh: state, en: state });
      return { zh: names.map(({ zh }) => zh).join('、'), en: names.map(({ en }) => en).join(', ') };
    }
    case 'again':
    case 'reviewed':
      return value === 'true' ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' };
    default:
      return same;
  }
}
