import { PURGED_KINDS, type PurgeReceipt } from '#contracts/orders/orders.branch-views.ts';
import { NumberText } from '#ui/components/number.tsx';
import { instantText } from '#ui/format.ts';
import { useNames } from '#ui/office/dictionary.ts';
import { useWords } from '#ui/text.ts';
import type { ReactNode } from 'react';
import { Panel } from '../../parts/page.tsx';
import { orderText } from './order.text.ts';

/** What was purged of an order and by whose word; it stays when all else that tells of the citizen is gone. */
export function PurgeReceiptPanel({ receipt }: { receipt: PurgeReceipt }) {
  const speak = useWords(orderText);
  const names = useNames();
  const person = (name: string, at: string): ReactNode => (
    <>
      {name} · <span className="ms-number">{instantText(at)}</span>
    </>
  );
  const removed = PURGED_KINDS.filter((kind) => (receipt.removed[kind] ?? 0) > 0);
  const facts: readonly (readonly [keyof typeof orderText, ReactNode])[] = [
    ['ground', names.code('purge_ground', receipt.ground)],
    ['purgeRequest', receipt.request],
    ['legalBasis', receipt.basis],
    ['purgeReason', receipt.reason],
    ['askedBy', person(receipt.askedBy, receipt.askedAt)],
    ['approvedBy', person(receipt.approvedBy, receipt.at)],
    ['removed', removed.map((kind) => `${speak(`kind-${kind}`)} ${receipt.removed[kind]}`).join(' · ') || speak('none')],
    ['backups', speak('backupsUntil', { year: receipt.backupsUntilYear })],
    ['digest', receipt.digest],
  ];
  return (
    <Panel title={speak('receipt')}>
      <p className="quiet">
        <NumberText number={receipt.number} />
      </p>
      <dl className="facts" data-testid="purge-receipt">
        {facts
          .filter(([, value]) => value !== null)
          .map(([key, value]) => (
            <div key={key}>
              <dt>{speak(key)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Panel>
  );
}
