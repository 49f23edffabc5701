import { diagnosisApi, ENDINGS, type Ending, type LockSession } from '#contracts/operations/diagnosis.api.ts';
import { locksNote } from '#contracts/operations/diagnosis.texts.ts';
import { call } from '#ui/api/client.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Radio } from 'antd';
import { useState } from 'react';
import { useAct } from '../../parts/act.ts';
import { Panel } from '../../parts/page.tsx';
import { Keep, msText, ReasonForm, StatementText } from './diagnosis-parts.tsx';
import type { TabProps } from './diagnosis.search.ts';
import { locksText } from './diagnosis.text.ts';

/** Who waits for whom in the database, and how to end it. */
export function LocksTab({ fault }: TabProps) {
  const speak = useWords(locksText);
  const tell = useSay();
  const may = useMay();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [chosen, setChosen] = useState<LockSession>();
  const [what, setWhat] = useState<Ending>('statement');
  const board = useQuery({
    queryKey: ['diagnosis', 'locks'],
    queryFn: ({ signal }) => call(diagnosisApi.locks, {}, { signal }),
    refetchInterval: 5000,
  });
  const end = useAct(diagnosisApi.endSession, 'diagnosis', ({ pid }) => {
    void message.success(speak('ended', { pid }));
    setChosen(undefined);
    void queries.invalidateQueries({ queryKey: ['records'] });
  });
  const { data } = board;
  return (
    <>
      <div className="diagnosis__keep">
        <Keep fault={fault} noteOf={data && data.waiting > 0 ? () => locksNote(data) : null} />
      </div>
      {chosen ? (
        <Panel title={`${speak('endTitle', { pid: chosen.pid })} ${chosen.application}`}>
          <ReasonForm
            key={chosen.pid}
            sendName={speak('doEnd')}
            note={speak('endNote')}
            danger
            busy={end.isPending}
            error={end.error}
            onSend={(reason) =>
              end.mutate({
                params: { pid: chosen.pid },
                body: { what, reason, startedAt: chosen.startedAt!, ...(fault ? { fault: fault.id } : {}) },
              })
            }
            onClose={() => setChosen(undefined)}
          >
            <Form.Item>
              <Radio.Group
                value={what}
                onChange={(event) => setWhat(event.target.value as Ending)}
                options={(Object.keys(ENDINGS) as Ending[]).map((value) => ({ value, label: tell(ENDINGS[value]) }))}
              />
            </Form.Item>
          </ReasonForm>
        </Panel>
      ) : null}
      <Panel
        title={data && data.waiting > 0 ? speak('waiting', { count: data.waiting }) : speak('table')}
        extra={<span className="quiet">{speak('note')}</span>}
        flush
      >
        <DataTable<LockSession>
          caption={speak('table')}
          rows={data?.sessions}
          rowKey={(row) => String(row.pid)}
          error={data ? null : board.error}
          onRetry={() => void board.refetch()}
          empty={speak('none')}
          stack
          tone={(row) => (row.depth === 0 ? 'red' : undefined)}
          columns={[
            {
              key: 'session',
              title: speak('session'),
              cell: (row) => (
                <div className="diagnosis__branch" style={{ paddingLeft: row.depth * 16 }}>
                  <b className="ms-number">{row.pid}</b> {row.application}
                  <span className="under">
                    {row.role}
                    {row.alsoBehind.length > 0 ? ` ${speak('also', { pids: row.alsoBehind.join('、') })}` : ''}
                  </span>
                </div>
              ),
            },
            { key: 'state', title: speak('state'), minor: true, cell: (row) => row.state },
            {
              key: 'transaction',
              title: speak('transaction'),
              align: 'right',
              minor: true,
              cell: (row) => <Span ms={row.transactionMs} />,
            },
            { key: 'waits', title: speak('waits'), align: 'right', cell: (row) => <Span ms={row.waitingMs} /> },
            {
              key: 'lock',
              title: speak('lock'),
              minor: true,
              cell: (row) => (
                <>
                  <span className="mono">{row.relation ?? '—'}</span>
                  {row.lock ? <span className="under mono">{row.lock}</span> : null}
                </>
              ),
            },
            { key: 'statement', title: speak('statement'), wide: true, cell: (row) => <StatementText text={row.statement} /> },
            {
              key: 'end',
              title: '',
              align: 'right',
              cell: (row) =>
                row.kept ? (
                  <span className="quiet">{tell(row.kept)}</span>
                ) : may('operations.handle') && row.startedAt ? (
                  <Button
                    size="small"
                    danger
                    onClick={() => {
                      setWhat(row.depth === 0 ? 'session' : 'statement');
                      end.reset();
                      setChosen(row);
                    }}
                  >
                    {speak('end')}
                  </Button>
                ) : null,
            },
          ]}
        />
      </Panel>
    </>
  );
}

function Span({ ms }: { ms: number | null }) {
  return <span className="ms-number">{ms === null ? '—' : msText(ms)}</span>;
}
