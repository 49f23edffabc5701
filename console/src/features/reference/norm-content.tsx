import {
  changesOf,
  LIMIT_CLOCKS,
  type LineChange,
  type NormCategory,
  type NormContent,
  type NormField,
  type NormLimit,
  type NormPhrase,
  type NormReply,
} from '#contracts/reference/norm.content.ts';
import { limitText } from '#ui/limits.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { useLanguage, useWords } from '#ui/text.ts';
import { Panel } from '../../parts/page.tsx';
import { FIELD_WORDS, useNormWords } from './norm-words.tsx';
import { normsText } from './norms.text.ts';

export const PARTS = ['limits', 'fields', 'categories', 'replies', 'phrases'] as const;

/** Every change of a norm against another version of it. */
export function allChanges(before: NormContent | undefined, after: NormContent): LineChange[] {
  return PARTS.flatMap((part) => changesOf(part, before ?? null, after) as LineChange[]);
}

/** What changes against the version before: rule by rule, old and new. */
export function NormDifference({ before, after }: { before: { version: number; content: NormContent }; after: NormContent }) {
  const speak = useWords(normsText);
  const words = useNormWords();
  const { version } = before;
  return (
    <Panel title={speak('difference', { version })} flush>
      <DataTable<LineChange>
        caption={speak('difference', { version })}
        rows={allChanges(before.content, after)}
        rowKey={(change) => `${change.part}/${change.key}`}
        empty={speak('same', { version })}
        columns={[
          { key: 'part', title: speak('part'), cell: (change) => speak(change.part) },
          { key: 'line', title: speak('line'), wide: true, cell: (change) => words.about(change.part, (change.new ?? change.old)!) },
          { key: 'was', title: speak('was'), cell: (change) => <Said change={change} side="old" /> },
          { key: 'becomes', title: speak('becomes'), cell: (change) => <Said change={change} side="new" /> },
        ]}
      />
    </Panel>
  );
}

function Said({ change, side }: { change: LineChange; side: 'old' | 'new' }) {
  const speak = useWords(normsText);
  const words = useNormWords();
  const line = change[side];
  if (!line) return <span className="quiet">{speak('none')}</span>;
  return (
    <>
      {words.says(change.part, line)}
      <span className="under clip" title={line.source}>
        {line.source}
      </span>
    </>
  );
}

/** The rules of a norm as people read them. */
export function NormRules({ content }: { content: NormContent }) {
  const speak = useWords(normsText);
  const words = useNormWords();
  const names = useNames();
  const source = { key: 'source', title: speak('source'), wide: true as const, cell: (line: { source: string }) => line.source };
  const special = content.limits.filter((line) => line.category !== '');
  return (
    <>
      <Panel title={speak('limits')} flush>
        <LimitMatrix limits={content.limits.filter((line) => line.category === '')} />
      </Panel>
      {special.length > 0 ? (
        <Panel title={speak('byCategory')} flush>
          <DataTable<NormLimit>
            caption={speak('byCategory')}
            rows={special}
            rowKey={(line) => words.about('limits', line)}
            empty={speak('noLines')}
            columns={[
              { key: 'line', title: speak('line'), cell: (line) => words.about('limits', line) },
              { key: 'limit', title: speak('limit'), cell: (line) => words.says('limits', line) },
              source,
            ]}
          />
        </Panel>
      ) : null}
      <div className="norm__two">
        <Panel title={speak('fields')} flush>
          <DataTable<NormField>
            caption={speak('fields')}
            rows={content.fields}
            rowKey={(line) => words.about('fields', line)}
            empty={speak('noLines')}
            columns={[
              { key: 'type', title: speak('type'), cell: (line) => words.type(line.appealType) },
              { key: 'category', title: speak('category'), cell: (line) => words.category(line.category) },
              { key: 'field', title: speak('field'), cell: (line) => speak(FIELD_WORDS[line.field]) },
              source,
            ]}
          />
        </Panel>
        <Panel title={speak('replies')} flush>
          <DataTable<NormReply>
            caption={speak('replies')}
            rows={content.replies}
            rowKey={(line) => line.appealType}
            empty={speak('noLines')}
            columns={[
              { key: 'type', title: speak('type'), cell: (line) => words.type(line.appealType) },
              { key: 'demands', title: speak('demands'), cell: (line) => words.demands(line) },
              source,
            ]}
          />
        </Panel>
        <Panel title={speak('categories')} flush>
          <DataTable<NormCategory>
            caption={speak('categories')}
            rows={content.categories}
            rowKey={(line) => line.category}
            empty={speak('noLines')}
            columns={[
              { key: 'category', title: speak('category'), cell: (line) => words.category(line.category) },
              {
                key: 'use',
                title: speak('use'),
                cell: (line) => (
                  <>
                    {speak(line.inUse ? 'inUse' : 'outOfUse')}
                    {line.reviewed ? <span className="under">{speak('reviewed')}</span> : null}
                  </>
                ),
              },
              {
                key: 'urgency',
                title: speak('defaultUrgency'),
                cell: (line) => (line.urgency === undefined ? speak('none') : names.code('urgency', line.urgency)),
              },
              source,
            ]}
          />
        </Panel>
        <Panel title={speak('phrases')} flush>
          <DataTable<NormPhrase>
            caption={speak('phrases')}
            rows={content.phrases}
            rowKey={(line) => line.phrase}
            empty={speak('noLines')}
            columns={[{ key: 'phrase', title: speak('phrase'), cell: (line) => line.phrase }, source]}
          />
        </Panel>
      </div>
    </>
  );
}

interface MatrixLine {
  readonly key: string;
  readonly appealType: string;
  readonly urgency: number;
  readonly byClock: ReadonlyMap<string, NormLimit>;
}

/** The limits for all categories: one line per type and urgency, one column per clock. */
function LimitMatrix({ limits }: { limits: readonly NormLimit[] }) {
  const speak = useWords(normsText);
  const words = useNormWords();
  const names = useNames();
  const language = useLanguage();
  const lines = [...Map.groupBy(limits, (line) => `${line.appealType}/${line.urgency}`)]
    .map(([key, rules]): MatrixLine => ({
      key,
      appealType: rules[0]!.appealType,
      urgency: rules[0]!.urgency,
      byClock: new Map(rules.map((rule) => [rule.clock, rule])),
    }))
    .toSorted((a, b) => a.key.localeCompare(b.key));
  return (
    <DataTable<MatrixLine>
      caption={speak('limits')}
      rows={lines}
      rowKey={(line) => line.key}
      empty={speak('noLines')}
      columns={[
        { key: 'type', title: speak('type'), cell: (line) => names.code('appeal_type', line.appealType) },
        { key: 'urgency', title: speak('urgency'), cell: (line) => names.code('urgency', line.urgency) },
        ...LIMIT_CLOCKS.map((clock) => ({
          key: clock,
          title: words.clock(clock),
          cell: (line: MatrixLine) => {
            const rule = line.byClock.get(clock);
            return rule ? (
              <span title={`${rule.source} ${rule.rule ?? ''}`}>{limitText(`${rule.amount} ${rule.mode}`, language)}</span>
            ) : (
              speak('none')
            );
          },
        })),
      ]}
    />
  );
}
