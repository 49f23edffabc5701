import type { OrderRow } from '#contracts/orders/orders.api.ts';
import { Due } from '#ui/components/lamp.tsx';
import { NumberText } from '#ui/components/number.tsx';
import { StateTag } from '#ui/components/state-tag.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { shortInstantText } from '#ui/format.ts';
import type { Column } from '#ui/office/data-table.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { OrderMarks } from './order-marks.tsx';

const words = {
  number: { zh: '工单编号', en: 'Number' },
  state: { zh: '状态', en: 'State' },
  title: { zh: '标题', en: 'Title' },
  due: { zh: '时限', en: 'Due' },
  type: { zh: '类型 / 渠道', en: 'Type / channel' },
  urgency: { zh: '紧急', en: 'Urgency' },
  region: { zh: '区域', en: 'Region' },
  unit: { zh: '承办单位', en: 'Unit' },
  filed: { zh: '登记时间', en: 'Filed' },
  none: { zh: '—', en: '—' },
} as const;

export function UrgencyTag({ urgency }: { urgency: number }) {
  const names = useNames();
  const name = names.code('urgency', urgency);
  if (urgency > 2) return <span>{name}</span>;
  return <span className={`ms-tag ms-tag--${urgency === 1 ? 'danger' : 'waiting'}`}>{name}</span>;
}

/** The columns of every list of orders. */
export function useOrderColumns(): readonly Column<OrderRow>[] {
  const speak = useWords(words);
  const names = useNames();
  const nowMs = useNow();
  return [
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
            <OrderMarks order={row} /> {row.title}
          </span>
          <span className="under">{[names.region(row.region), names.category(row.category)].filter(Boolean).join(' · ')}</span>
        </>
      ),
    },
    {
      key: 'type',
      title: speak('type'),
      cell: (row) => (
        <>
          {names.code('appeal_type', row.type)}
          <span className="under clip">{names.code('channel', row.channel)}</span>
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
  ];
}

export function toneOf(row: OrderRow): 'red' | 'yellow' | undefined {
  return row.light === 'red' || row.light === 'yellow' ? row.light : undefined;
}
