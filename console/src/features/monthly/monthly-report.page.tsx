import {
  MONTHLY_PARTS,
  monthlyApi,
  type MonthlyPart,
  type MonthlyPartName,
  type MonthlyReport,
  type MonthlyTable,
} from '#contracts/operations/monthly.api.ts';
import { addressOf, call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Input, Skeleton } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { FigureLink } from './figure-link.tsx';
import { monthlyText } from './monthly.text.ts';

const NAMES = Object.keys(MONTHLY_PARTS) as MonthlyPartName[];
/** A table with more columns than these takes the whole width. */
const WIDE = 4;
const headingOf = (name: MonthlyPartName, text: string) => `${NAMES.indexOf(name) + 1}. ${text}`;

/** A monthly report, part by part; each figure leads to its rows. */
export function MonthlyReportPage() {
  const speak = useWords(monthlyText);
  const tell = useSay();
  const { id } = useParams({ from: '/inside/monthly-reports/$id' });
  const query = useQuery({
    queryKey: ['monthly-reports', id],
    queryFn: ({ signal }) => call(monthlyApi.one, { params: { id } }, { signal }),
  });
  const { data } = query;
  return (
    <Page
      title={data ? `${speak('reports')} ${data.month}` : speak('reports')}
      note={
        data ? (
          <>
            <span>{`${speak('score')} ${data.score ?? speak('notMeasured')}`}</span>
            <span>{`${speak('madeAt')} ${instantText(data.madeAt)}`}</span>
            <span>{`${speak('dueOn')} ${data.dueOn}`}</span>
          </>
        ) : null
      }
      actions={
        <>
          <Link to="/monthly-reports">{speak('all')}</Link>
          {data ? (
            <Button type="primary" href={addressOf(monthlyApi.document, { id })}>
              {speak('document')}
            </Button>
          ) : null}
        </>
      }
    >
      {query.error ? <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isPending ? <Skeleton active paragraph={{ rows: 8 }} title={false} /> : null}
      {data ? (
        <>
          <Contents />
          {NAMES.map((name) => {
            const part = data.parts.find((one) => one.part === name);
            return (
              <div key={name} id={`part-${name}`} className="monthly__part">
                <Panel title={headingOf(name, tell(MONTHLY_PARTS[name]))}>
                  {part ? <Part part={part} /> : <p className="quiet">{speak('closed')}</p>}
                  {name === 'risks' ? <Remarks report={data} /> : null}
                </Panel>
              </div>
            );
          })}
        </>
      ) : null}
    </Page>
  );
}

function Contents() {
  const speak = useWords(monthlyText);
  const tell = useSay();
  return (
    <nav aria-label={speak('contents')} className="monthly__contents">
      {NAMES.map((name) => (
        <a key={name} href={`#part-${name}`}>
          {headingOf(name, tell(MONTHLY_PARTS[name]))}
        </a>
      ))}
    </nav>
  );
}

function Part({ part }: { part: MonthlyPart }) {
  const tell = useSay();
  return (
    <>
      <div className="monthly__tables">
        {part.tables.map((table) => (
          <section key={table.name.zh} className={table.columns.length > WIDE ? 'monthly__wide' : ''}>
            <h3>{tell(table.name)}</h3>
            <PartTable table={table} />
          </section>
        ))}
      </div>
      {part.links.map((link) => (
        <p key={link.path}>
          <Link to={link.path as '/audit-reports'}>{tell(link.name)}</Link>
        </p>
      ))}
      {part.notes.map((note) => (
        <p key={note.zh} className="quiet">
          {tell(note)}
        </p>
      ))}
    </>
  );
}

type Row = MonthlyTable['rows'][number];

function PartTable({ table }: { table: MonthlyTable }) {
  const speak = useWords(monthlyText);
  const tell = useSay();
  return (
    <DataTable<Row>
      caption={tell(table.name)}
      rows={table.rows}
      rowKey={(row) => row.name.zh}
      empty={<p className="quiet">{speak('noRows')}</p>}
      columns={[
        {
          key: 'name',
          title: speak('item'),
          wide: true,
          cell: (row) => (
            <>
              {tell(row.name)}
              {row.met === undefined ? null : (
                <span className={`ms-tag ms-tag--${row.met ? 'done' : 'danger'} monthly__met`}>{speak(row.met ? 'met' : 'missed')}</span>
              )}
            </>
          ),
        },
        ...table.columns.map((column, at) => ({
          key: String(at),
          title: tell(column),
          align: 'right' as const,
          cell: (row: Row) => <FigureLink figure={row.cells[at]!} />,
        })),
      ]}
    />
  );
}

/** What people added to the risks, and the form for who may add. */
function Remarks({ report }: { report: MonthlyReport }) {
  const speak = useWords(monthlyText);
  const may = useMay();
  const queries = useQueryClient();
  const [text, setText] = useState<string>();
  const add = useMutation({
    mutationFn: () => call(monthlyApi.remark, { params: { id: report.id }, body: { text: text!.trim() } }),
    onSuccess: async () => {
      setText(undefined);
      await queries.invalidateQueries({ queryKey: ['monthly-reports', report.id] });
    },
  });
  return (
    <section>
      <h3>{speak('remarks')}</h3>
      {report.remarks.map((remark) => (
        <div key={remark.id} className="monthly__remark">
          <p>{remark.text}</p>
          <span className="under">{speak('by', { by: remark.by, at: instantText(remark.at) })}</span>
        </div>
      ))}
      {may('operations.decide') && text === undefined ? <Button onClick={() => setText('')}>{speak('addRemark')}</Button> : null}
      {text === undefined ? null : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <Input.TextArea
            aria-label={speak('addRemark')}
            placeholder={speak('remarkHint')}
            value={text}
            onChange={({ target }) => setText(target.value)}
            maxLength={2000}
            autoFocus
            autoSize={{ minRows: 3 }}
          />
          {add.error ? <ProblemAlert error={add.error} /> : null}
          <div className="monthly__buttons">
            <Button type="primary" htmlType="submit" loading={add.isPending} disabled={text.trim().length < 4}>
              {speak('add')}
            </Button>
            <Button onClick={() => setText(undefined)}>{speak('cancel')}</Button>
          </div>
        </form>
      )}
    </section>
  );
}
