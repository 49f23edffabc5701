import { capacityApi, FORECAST_STATES, RESOURCES, type CapacityLine } from '#contracts/operations/capacity.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { bytesText, instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Page, Panel } from '../../parts/page.tsx';
import { capacityText } from './capacity.text.ts';

const DAY_MS = 86_400_000;
const percent = (part: number) => `${(part * 100).toFixed(part < 0.1 ? 1 : 0)}%`;
const dayOf = (iso: string) => instantText(iso).slice(0, 10);

/** When each resource runs out, as far as that can be said, and what to do about it. */
export function CapacityPage() {
  const speak = useWords(capacityText);
  const board = useQuery({
    queryKey: ['capacity'],
    queryFn: ({ signal }) => call(capacityApi.board, {}, { signal }),
    refetchInterval: 60_000,
  });
  const nowMs = Date.parse(board.data?.at ?? '') || 0;
  return (
    <Page title={speak('title')} note={<span>{speak('note')}</span>}>
      {board.error && board.data ? <ProblemAlert error={board.error} /> : null}
      {board.data && board.data.items.length > 0 ? <Advice items={board.data.items} nowMs={nowMs} /> : null}
      <Panel flush>
        <Table rows={board.data?.items} nowMs={nowMs} error={board.data ? null : board.error} onRetry={() => void board.refetch()} />
      </Panel>
    </Page>
  );
}

function useName() {
  const tell = useSay();
  return ({ resource, subject }: CapacityLine) => `${tell(RESOURCES[resource])} ${subject}`;
}

function Advice({ items, nowMs }: { items: readonly CapacityLine[]; nowMs: number }) {
  const speak = useWords(capacityText);
  const nameOf = useName();
  const advised = items.filter(({ advice }) => advice !== null);
  const textOf = (line: CapacityLine) => {
    const what = nameOf(line);
    const used = { what, days: line.days, greatest: percent(line.greatest ?? 0), usual: percent(line.usual ?? 0) };
    if (line.advice === 'idle') return speak('adviceIdle', used);
    if (line.state === 'out') return speak('adviceOut', { what });
    if (line.outAt === null) return speak('adviceBusy', used);
    return speak('adviceShort', { what, days: Math.ceil((Date.parse(line.outAt) - nowMs) / DAY_MS), on: dayOf(line.outAt) });
  };
  return (
    <Panel title={speak('advice')}>
      {advised.length === 0 ? <p className="quiet">{speak('noAdvice')}</p> : null}
      <ul className="record__links">
        {advised.map((line) => (
          <li key={`${line.resource}/${line.subject}`}>
            <span className={`ms-tag ms-tag--${line.advice === 'short' ? 'danger' : 'stopped'}`}>{speak(line.advice!)}</span> {textOf(line)}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Table(props: { rows: readonly CapacityLine[] | undefined; nowMs: number; error: unknown; onRetry: () => void }) {
  const speak = useWords(capacityText);
  const tell = useSay();
  const { rows, nowMs } = props;
  const amount = (value: number | null, { unit }: CapacityLine) => {
    if (value === null) return '—';
    if (unit === 'bytes') return bytesText(value);
    return unit === 'days' ? speak('days', { days: Math.floor(value) }) : percent(value);
  };
  return (
    <DataTable<CapacityLine>
      caption={speak('title')}
      rows={rows}
      rowKey={(row) => `${row.resource}/${row.subject}`}
      error={props.error}
      onRetry={props.onRetry}
      empty={speak('none')}
      tone={(row) => (row.advice !== 'short' ? undefined : Date.parse(row.outAt ?? '') - nowMs < 7 * DAY_MS ? 'red' : 'yellow')}
      columns={[
        { key: 'resource', title: speak('resource'), cell: (row) => tell(RESOURCES[row.resource]) },
        {
          key: 'subject',
          title: speak('subject'),
          wide: true,
          cell: (row) =>
            row.asset ? (
              <Link to="/assets/$key" params={{ key: row.asset }}>
                {row.subject}
              </Link>
            ) : (
              row.subject
            ),
        },
        { key: 'now', title: speak('now'), align: 'right', cell: (row) => <span className="ms-number">{amount(row.value, row)}</span> },
        {
          key: 'limit',
          title: speak('limit'),
          align: 'right',
          minor: true,
          cell: (row) => <span className="ms-number">{amount(row.limit, row)}</span>,
        },
        {
          key: 'growth',
          title: speak('growth'),
          align: 'right',
          minor: true,
          cell: (row) => <span className="ms-number">{growthText(row)}</span>,
        },
        {
          key: 'greatest',
          title: speak('greatest'),
          align: 'right',
          minor: true,
          cell: (row) => (
            <span className="ms-number">{row.greatest === null ? '—' : `${percent(row.greatest)}／${percent(row.usual ?? 0)}`}</span>
          ),
        },
        {
          key: 'out',
          title: speak('out'),
          cell: (row) =>
            row.outAt && row.state !== 'out' ? (
              <>
                <span className="ms-number">{dayOf(row.outAt)}</span>
                <span className="under">{speak('inDays', { days: Math.floor((Date.parse(row.outAt) - nowMs) / DAY_MS) })}</span>
              </>
            ) : (
              <span className={row.state === 'out' ? 'record__grave' : 'quiet'}>{tell(FORECAST_STATES[row.state])}</span>
            ),
        },
        {
          key: 'range',
          title: speak('range'),
          minor: true,
          cell: (row) =>
            row.earliestAt ? (
              <span className="ms-number">
                {dayOf(row.earliestAt)} – {row.latestAt ? dayOf(row.latestAt) : speak('never')}
              </span>
            ) : (
              '—'
            ),
        },
      ]}
    />
  );
}

/** How much it grows a day, in its own unit. */
function growthText({ perDay, unit }: CapacityLine): string {
  if (perDay === null) return '—';
  const sign = perDay < 0 ? '−' : '+';
  return unit === 'bytes' ? `${sign}${bytesText(Math.abs(perDay))}` : `${sign}${(Math.abs(perDay) * 100).toFixed(2)}%`;
}
