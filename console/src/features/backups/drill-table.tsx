import type { Drill } from '#contracts/operations/backups.api.ts';
import { drillStateNames, failureNames } from '#contracts/operations/backups.words.ts';
import { secondText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { DRILL_TONES, useSpans } from './backup-words.ts';
import { backupsText } from './backups.text.ts';

/** The drills of the last time, the newest first. */
export function DrillTable({ drills }: { drills: readonly Drill[] }) {
  const speak = useWords(backupsText);
  const { seconds } = useSpans();
  return (
    <DataTable<Drill>
      caption={speak('drills')}
      rows={drills}
      rowKey={({ id }) => id}
      stack
      empty={speak('noDrills')}
      tone={({ state }) => (state === 'failed' ? 'red' : undefined)}
      columns={[
        {
          key: 'target',
          title: speak('target'),
          cell: (row) => (
            <Link to="/backups/drills/$id" params={{ id: row.id }}>
              {secondText(row.target)}
            </Link>
          ),
        },
        { key: 'state', title: speak('state'), wide: true, cell: (row) => <DrillState drill={row} /> },
        { key: 'rto', title: speak('rto'), align: 'right', cell: (row) => <Told name="RTO" value={seconds(row.rtoSeconds)} /> },
        { key: 'rpo', title: speak('rpo'), align: 'right', cell: (row) => <Told name="RPO" value={seconds(row.rpoSeconds)} /> },
        { key: 'askedAt', title: speak('askedAt'), minor: true, cell: (row) => secondText(row.askedAt) },
        { key: 'askedBy', title: speak('askedBy'), minor: true, cell: (row) => row.askedBy },
      ]}
    />
  );
}

/** A figure that tells its name where the table has no heads: on a phone. */
function Told({ name, value }: { name: string; value: string }) {
  return (
    <>
      <span className="backup-told">{name} </span>
      {value}
    </>
  );
}

/** How a drill stands, with the reason where it did not pass. */
export function DrillState({ drill }: { drill: Drill }) {
  const tell = useSay();
  return (
    <>
      <span className={`ms-tag ms-tag--${DRILL_TONES[drill.state]}`} data-testid="drill-state">
        {tell(drillStateNames[drill.state])}
      </span>
      {drill.failure ? <span className="under">{tell(failureNames[drill.failure])}</span> : null}
    </>
  );
}
