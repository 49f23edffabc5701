import type { Objection } from '#contracts/reference/catalogue.api.ts';
import { instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { catalogueText } from './catalogue.text.ts';

/** What units objected: why, by which law, and who they say should have it. */
export function ObjectionTable({ objections, withCategory }: { objections: readonly Objection[]; withCategory: boolean }) {
  const speak = useWords(catalogueText);
  const names = useNames();
  return (
    <DataTable<Objection>
      caption={speak('objections')}
      rows={objections}
      rowKey={(objection) => objection.id}
      empty={speak('noObjections')}
      columns={[
        { key: 'at', title: speak('at'), cell: (objection) => <span className="ms-number">{instantText(objection.at)}</span> },
        {
          key: 'unit',
          title: speak('unit'),
          cell: (objection) => (
            <>
              {objection.unit.name}
              <span className="under">{names.region(objection.region)}</span>
            </>
          ),
        },
        ...(withCategory
          ? [
              {
                key: 'category',
                title: speak('category'),
                cell: (objection: Objection) => names.category(objection.category) || speak('none'),
              },
            ]
          : []),
        {
          key: 'reason',
          title: speak('objection'),
          wide: true,
          cell: (objection) => (
            <>
              {objection.reason}
              {objection.legalBasis ? (
                <span className="under">
                  {speak('legalBasis')}：{objection.legalBasis}
                </span>
              ) : null}
            </>
          ),
        },
        { key: 'suggested', title: speak('suggested'), cell: (objection) => objection.suggestedUnit?.name ?? speak('none') },
        {
          key: 'state',
          title: speak('state'),
          cell: (objection) => (objection.answeredBy === null ? speak('waiting') : speak('answered', { version: objection.answeredBy })),
        },
        {
          key: 'order',
          title: speak('order'),
          cell: (objection) => (
            <Link to="/orders/$id" params={{ id: objection.orderId }}>
              {speak('open')}
            </Link>
          ),
        },
      ]}
    />
  );
}
