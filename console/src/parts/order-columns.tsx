import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import { USUAL_COLUMNS, type OrderColumn } from '#contracts/orders/saved-views.api.ts';
import type { ClockFacts } from '#contracts/base/lifecycle.ts';
import type { Words } from '#contracts/base/text.ts';
import type { OrderRow } from '#contracts/orders/orders.api.ts';
import { Due } from '#ui/components/lamp.tsx';
import { NumberText } from '#ui/components/number.tsx';
import { StateTag } from '#ui/components/state-tag.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { shortInstantText } from '#ui/format.ts';
import type { Column } from '#ui/office/data-table.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { useSay, useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { OrderMarks } from './order-marks.tsx';

export const columnText = {
  number: { zh: '工单编号', en: 'Number' },
  state: { zh: '状态', en: 'State' },
  title: { zh: '标题', en: 'Title' },
  due: { zh: '时限', en: 'Due' },
  type: { zh: '类型 / 渠道', en: 'Type / channel' },
  urgency: { zh: '紧急', en: 'Urgency' },
  region: { zh: '区域', en: 'Region' },
  unit: { zh: '承办单位', en: 'Unit' },
  filed: { zh: '登记时间', en: 'Filed' },
  'due-at': { zh: '到期时间', en: 'Due at' },
  clock: { zh: '当前时钟', en: 'Clock' },
  category: { zh: '诉求分类', en: 'Category' },
  channel: { zh: '渠道', en: 'Channel' },
  marks: { zh: '标记', en: 'Marks' },
  none: { zh: '—', en: '—' },
} as const satisfies Record<OrderColumn | 'none', Words>;

export function UrgencyTag({ urgency }: { urgency: number }) {
  const names = useNames();
  const name = names.code('urgency', urgency);
  if (urgency > 2) return <span>{name}</span>;
  return <span className={`ms-tag ms-tag--${urgency === 1 ? 'danger' : 'waiting'}`}>{name}</span>;
}

const clocks: Readonly<Record<string, ClockFacts>> = orderLifecycle.clocks;

/** The columns of every list of orders, as they were chosen. */
export function useOrderColumns(chosen: readonly OrderColumn[] = USUAL_COLUMNS): readonly Column<OrderRow>[] {
  const speak = useWords(columnText);
  const tell = useSay();
  const names = useNames();
  const nowMs = useNow();
  // What has a column of its own is not said twice.
  const [marksApart, regionApart, categoryApart, channelApart] = (['marks', 'region', 'category', 'channel'] as const).map((key) =>
    chosen.includes(key),
  );
  const columns: readonly (Column<OrderRow> & { readonly key: OrderColumn })[] = [
    {
      key: 'number',
      title: speak('number'),
      cell: (row) => (
        <Link to="/orders/$id" params={{ id: row.id }} className="order-link">
          <NumberText number={row.number} />
        </Link>
      ),
    },
    { key: 'state', title: speak('state'), cell: (row) => <StateTag state={row.state} /> },
    { key: 'due', title: speak('due'), cell: (row) => <Due row={row} /> },
    {
      key: 'title',
      title: speak('title'),
      wide: true,
      cell: (row) => (
        <>
          <span className="two-lines" title={row.title}>
            {marksApart ? null : <OrderMarks order={row} />} {row.title}
          </span>
          <span className="under">
            {[regionApart ? '' : names.region(row.region), categoryApart ? '' : names.category(row.category)].filter(Boolean).join(' · ')}
          </span>
        </>
      ),
    },
    {
      key: 'type',
      title: speak('type'),
      cell: (row) => (
        <>
          {names.code('appeal_type', row.type)}
          {channelApart ? null : <span className="under clip">{names.code('channel', row.channel)}</span>}
        </>
      ),
    },
    { key: 'urgency', title: speak('urgency'), cell: (row) => <UrgencyTag urgency={row.urgency} /> },
    {
      key: 'unit',
      title: speak('unit'),
      minor: true,
      cell: (row) => <span className="clip">{row.unit?.name ?? speak('none')}</span>,
    },
    {
      key: 'filed',
      title: speak('filed'),
      cell: (row) => <span className="ms-number">{shortInstantText(row.filedAt, nowMs)}</span>,
    },
    {
      key: 'due-at',
      title: speak('due-at'),
      cell: (row) => <span className="ms-number">{row.dueAt ? shortInstantText(row.dueAt, nowMs) : speak('none')}</span>,
    },
    {
      key: 'clock',
      title: speak('clock'),
      cell: (row) => (row.dueClock ? tell(clocks[row.dueClock]?.name ?? { zh: row.dueClock, en: row.dueClock }) : speak('none')),
    },
    { key: 'region', title: speak('region'), cell: (row) => names.region(row.region) },
    { key: 'category', title: speak('category'), cell: (row) => names.category(row.category) || speak('none') },
    { key: 'channel', title: speak('channel'), cell: (row) => names.code('channel', row.channel) },
    {
      key: 'marks',
      title: speak('marks'),
      cell: (row) => (
        <span className="marks">
          <OrderMarks order={row} />
        </span>
      ),
    },
  ];
  return chosen.map((key) => columns.find((column) => column.key === key)!);
}

export function toneOf(row: OrderRow): 'red' | 'yellow' | undefined {
  return row.light === 'red' || row.light === 'yellow' ? row.light : undefined;
}
