import { dutyApi, Reach, type DutyBoard } from '#contracts/operations/duty.api.ts';
import { DUTY_LINES, type Line } from '#contracts/operations/duty.values.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { shortInstantText } from '#ui/format.ts';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { App, Skeleton } from 'antd';
import { useAct } from '../../parts/act.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { SchemaForm, type FormSchema } from '../../parts/schema-form.tsx';
import { CallTree, Names } from './call-tree.tsx';
import { boardQuery, reachQuery } from './duty.queries.ts';
import { dutyText } from './duty.text.ts';
import { HandOverPanel, HandOvers, TakePanel } from './hand-over.tsx';
import { WeekTable } from './week-table.tsx';

/** Who stands on which line of the operations centre, what is handed over, and whom what reaches. */
export function DutyRosterPage() {
  const speak = useWords(dutyText);
  const may = useMay();
  const board = useQuery(boardQuery);
  const { data } = board;
  return (
    <Page title={speak('title')}>
      {board.error && !data ? <ProblemAlert error={board.error} onRetry={() => void board.refetch()} /> : null}
      {data ? (
        <>
          <Now board={data} />
          {data.toTake.map((shift) => (
            <TakePanel key={shift.id} shift={shift} />
          ))}
          {data.mine.map((shift) => (
            <HandOverPanel key={shift.id} shift={shift} open={data.open} />
          ))}
        </>
      ) : board.error ? null : (
        <Skeleton active paragraph={{ rows: 4 }} />
      )}
      <WeekTable />
      {data ? <CallTree board={data} /> : null}
      <HandOvers />
      {may('operations.handle') ? <MyReach /> : null}
    </Page>
  );
}

function Now({ board }: { board: DutyBoard }) {
  const speak = useWords(dutyText);
  const tell = useSay();
  const nowMs = useNow();
  return (
    <Panel title={speak('now')}>
      <dl className="facts facts--two">
        {(Object.keys(DUTY_LINES).map(Number) as Line[]).map((line) => {
          const people = board.now.filter((one) => one.line === line);
          return (
            <div key={line}>
              <dt>{tell(DUTY_LINES[line])}</dt>
              <dd>
                <Names people={people} />
                {people[0] ? <span className="under">{speak('until', { at: shortInstantText(people[0].until, nowMs) })}</span> : null}
              </dd>
            </div>
          );
        })}
      </dl>
    </Panel>
  );
}

/** Where one is paged oneself: seen whole by nobody else. */
function MyReach() {
  const speak = useWords(dutyText);
  const { message } = App.useApp();
  const reach = useQuery(reachQuery);
  const set = useAct(dutyApi.setReach, 'duty', () => void message.success(speak('saved')));
  return (
    <Panel title={speak('reach')} extra={<span className="quiet">{speak('reachNote')}</span>}>
      {reach.error ? <ProblemAlert error={reach.error} onRetry={() => void reach.refetch()} /> : null}
      {reach.data ? (
        <SchemaForm
          schema={Reach as unknown as FormSchema}
          start={reach.data}
          focus={false}
          sendName={speak('save')}
          busy={set.isPending}
          error={set.error}
          onSend={(body) => set.mutate({ body })}
        />
      ) : null}
    </Panel>
  );
}
