import type { Evidence, Finding, InspectionItem, Outcome } from '#contracts/operations/inspections.api.ts';
import { inspectionNames, valueText } from '#contracts/operations/inspections.text.ts';
import { countText, instantText } from '#ui/format.ts';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { figureNames, inspectionsText } from './inspections.text.ts';

const TONE: Readonly<Record<Outcome, string>> = {
  open: 'working',
  ok: 'done',
  yellow: 'waiting',
  red: 'danger',
  unreadable: 'stopped',
  'not-applicable': 'stopped',
};

/** Which rows of a list of items stand out. */
export const toneOf = ({ outcome }: { outcome: Outcome }) => (outcome === 'red' || outcome === 'yellow' ? outcome : undefined);

export function OutcomeTag({ outcome }: { outcome: Outcome }) {
  const tell = useSay();
  return <span className={`ms-tag ms-tag--${TONE[outcome]}`}>{tell(inspectionNames.outcomes[outcome])}</span>;
}

/** Sizes are told as sizes, other numbers grouped. */
function figureText(name: string, value: number | string): string {
  if (typeof value === 'string') return value;
  return ['bytes', 'before', 'free', 'total'].includes(name) && value > 4096 ? valueText(value, 'bytes', 'zh') : countText(value);
}

/** What was read: a line for each thing it names, with its figures, and remarks. */
export function EvidenceView({ evidence, unit }: { evidence: Evidence; unit: InspectionItem['unit'] }) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  const language = useLanguage();
  return (
    <div className="evidence">
      {evidence.rows.length > 0 ? (
        <ul>
          {evidence.rows.map((row) => (
            <li key={row.what}>
              <b className="mono">{row.what}</b>
              {row.measure === null ? null : <b>{valueText(row.measure, unit, language)}</b>}
              {Object.entries(row.figures).map(([name, value]) => (
                <span key={name}>
                  {figureNames[name] ? tell(figureNames[name]) : name} {figureText(name, value)}
                </span>
              ))}
            </li>
          ))}
        </ul>
      ) : null}
      {evidence.more > 0 ? <p>{speak('more', { count: evidence.more })}</p> : null}
      {evidence.notes.map((note) => (
        <p key={note.en}>{tell(note)}</p>
      ))}
    </div>
  );
}

function ItemEvidence({ item }: { item: InspectionItem }) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  const bad = item.outcome === 'red' || item.outcome === 'yellow' || item.outcome === 'unreadable';
  const any = item.evidence.rows.length > 0 || item.evidence.notes.length > 0;
  return (
    <>
      {item.note ? <p className="evidence__said">{item.note}</p> : null}
      {any ? (
        bad ? (
          <EvidenceView evidence={item.evidence} unit={item.unit} />
        ) : (
          <details>
            <summary>{speak('evidence')}</summary>
            <EvidenceView evidence={item.evidence} unit={item.unit} />
          </details>
        )
      ) : null}
      {bad ? (
        <p className="evidence__advice">
          {speak('advice')}：{tell(item.advice)}
        </p>
      ) : null}
    </>
  );
}

export function ItemTable({ items, empty }: { items: readonly InspectionItem[] | undefined; empty: string }) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  const language = useLanguage();
  const bound = ({ below, unit }: InspectionItem, value: number | null) =>
    value === null ? '—' : `${below ? '<' : '≥'} ${valueText(value, unit, language)}`;
  return (
    <DataTable<InspectionItem>
      caption={speak('items')}
      rows={items}
      rowKey={(item) => item.code}
      empty={empty}
      tone={toneOf}
      stack
      columns={[
        { key: 'outcome', title: speak('outcome'), cell: (item) => <OutcomeTag outcome={item.outcome} /> },
        {
          key: 'item',
          title: speak('item'),
          cell: (item) => (
            <>
              <b>{tell(item.name)}</b>
              <br />
              <span className="faint">
                {tell(inspectionNames.objects[item.object])}
                {item.kind === 'manual' ? ` · ${speak('byPerson')}` : ''}
                {item.by && item.at ? ` · ${speak('checkedBy', { name: item.by, at: instantText(item.at) })}` : ''}
              </span>
            </>
          ),
        },
        {
          key: 'value',
          title: speak('value'),
          align: 'right',
          cell: (item) => (item.value === null ? (item.said ?? '—') : valueText(item.value, item.unit, language)),
        },
        {
          key: 'threshold',
          title: speak('threshold'),
          align: 'right',
          cell: (item) =>
            item.yellow === null && item.red === null
              ? '—'
              : item.kind === 'manual' && item.unit === null
                ? '—'
                : `${bound(item, item.yellow)} / ${bound(item, item.red)}`,
        },
        { key: 'evidence', title: speak('evidence'), wide: true, cell: (item) => <ItemEvidence item={item} /> },
      ]}
    />
  );
}

/** Whether a finding is still to be mended. */
export const isOpen = (finding: Finding): boolean => finding.closedAt === null;
