import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { EmptyState } from '../components/empty-state.tsx';
import { ProblemAlert } from '../components/problem-alert.tsx';
import { useWords } from '../text.ts';

export interface Column<Row> {
  readonly key: string;
  readonly title: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  readonly width?: number | string;
  /** Takes what is left and wraps; the others keep to one line. */
  readonly wide?: true;
  /** Left out on a narrow screen. */
  readonly minor?: true;
  readonly align?: 'right';
}

export interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  readonly error?: unknown;
  readonly onRetry?: () => void;
  readonly empty: ReactNode;
  /** A click anywhere on the row; the keyboard uses the link inside it. */
  readonly onOpen?: (row: Row) => void;
  readonly tone?: (row: Row) => 'red' | 'yellow' | undefined;
  /** On a phone each row becomes a card; for lists whose cells speak for themselves. */
  readonly stack?: true;
  readonly more?: { readonly onMore: () => void; readonly busy: boolean } | undefined;
}

const words = {
  loading: { zh: '正在加载', en: 'Loading' },
  more: { zh: '加载更多', en: 'Load more' },
} as const;

/** A dense list with its loading, empty and error states. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const speak = useWords(words);
  const { columns, rows } = props;
  if (props.error) {
    return <ProblemAlert error={props.error} {...(props.onRetry ? { onRetry: props.onRetry } : {})} />;
  }
  if (!rows) {
    return (
      <div aria-busy="true" aria-label={speak('loading')} role="status" className="ms-table__wait">
        <Skeleton active paragraph={{ rows: 6 }} title={false} />
      </div>
    );
  }
  if (rows.length === 0) {
    return typeof props.empty === 'string' ? <EmptyState title={props.empty} /> : props.empty;
  }
  return (
    <ScrollBox label={props.caption}>
      <table className={props.stack ? 'ms-table ms-table--stack' : 'ms-table'}>
        <caption className="ms-visually-hidden">{props.caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={classOf(column)}
                style={column.width === undefined ? undefined : { width: column.width }}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={props.rowKey(row)}
              className={rowClass(props, row)}
              onClick={(event) => {
                // A click on a link or button inside belongs to that; marking text opens nothing.
                const target = event.target as HTMLElement;
                if (target.closest('a,button,input,label') || getSelection()?.toString()) return;
                props.onOpen?.(row);
              }}
            >
              {columns.map((column) => (
                <td key={column.key} className={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {props.more ? (
        <div className="ms-table__more">
          <Button onClick={props.more.onMore} loading={props.more.busy}>
            {speak('more')}
          </Button>
        </div>
      ) : null}
    </ScrollBox>
  );
}

/** A wide table scrolls within itself; then, and only then, it takes the focus so that the arrow keys reach it. */
export function ScrollBox({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      setWide(element.scrollWidth > element.clientWidth);
    });
    observer.observe(element);
    const table = element.firstElementChild;
    if (table) observer.observe(table);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={box} className="ms-table__scroll" {...(wide ? { tabIndex: 0, role: 'region', 'aria-label': label } : {})}>
      {children}
    </div>
  );
}

function classOf<Row>(column: Column<Row>): string {
  return [column.wide ? 'ms-table__wide' : '', column.minor ? 'ms-table__minor' : '', column.align === 'right' ? 'ms-table__right' : '']
    .filter(Boolean)
    .join(' ');
}

function rowClass<Row>(props: DataTableProps<Row>, row: Row): string {
  const tone = props.tone?.(row);
  return [props.onOpen ? 'ms-table__open' : '', tone ? `ms-table__row--${tone}` : ''].filter(Boolean).join(' ');
}
