import { dutyApi, NewShift, type Shift } from '#contracts/operations/duty.api.ts';
import { DUTY_LINES, type Line } from '#contracts/operations/duty.values.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { beijingLocal, endOfDay, instantText, startOfDay } from '#ui/format.ts';
import { ScrollBox } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useAct } from '../../parts/act.ts';
import { plusDays } from '../../parts/days.ts';
import { Panel } from '../../parts/page.tsx';
import { SchemaForm, type FormSchema } from '../../parts/schema-form.tsx';
import { shiftsQuery } from './duty.queries.ts';
import { dutyText } from './duty.text.ts';

const DAY_MS = 86_400_000;

/** The shifts of a week by line and day. Chosen ones are removed or swapped by whoever may. */
export function WeekTable() {
  const speak = useWords(dutyText);
  const may = useMay();
  const [from, setFrom] = useState<string>();
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const week = useQuery(shiftsQuery(from));
  const mayDecide = may('operations.decide');
  const monday = week.data?.from;
  const go = (next: string | undefined) => {
    setFrom(next);
    setChosen([]);
  };
  return (
    <Panel
      title={speak('roster')}
      flush
      extra={
        <span className="buttons buttons--tight">
          <Button size="small" disabled={!monday} onClick={() => go(plusDays(monday!, -7))}>
            {speak('before')}
          </Button>
          <Button size="small" disabled={from === undefined} onClick={() => go(undefined)}>
            {speak('thisWeek')}
          </Button>
          <Button size="small" disabled={!monday} onClick={() => go(plusDays(monday!, 7))}>
            {speak('after')}
          </Button>
          {mayDecide && !adding ? (
            <Button size="small" type="primary" onClick={() => setAdding(true)}>
              {speak('add')}
            </Button>
          ) : null}
        </span>
      }
    >
      {adding ? <AddShifts onClose={() => setAdding(false)} /> : null}
      {mayDecide ? <Chosen chosen={chosen} onDone={() => setChosen([])} /> : null}
      {week.error ? <ProblemAlert error={week.error} onRetry={() => void week.refetch()} /> : null}
      {week.data ? (
        <Week
          monday={week.data.from}
          shifts={week.data.items}
          chosen={chosen}
          {...(mayDecide
            ? { onChoose: (id: string) => setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen.slice(-1), id]) }
            : {})}
        />
      ) : week.error ? null : (
        <Skeleton active title={false} paragraph={{ rows: 4 }} />
      )}
    </Panel>
  );
}

function AddShifts({ onClose }: { onClose: () => void }) {
  const speak = useWords(dutyText);
  const { message } = App.useApp();
  const add = useAct(dutyApi.addShifts, 'duty', () => {
    void message.success(speak('saved'));
    onClose();
  });
  const tomorrow = beijingLocal(useNow() + DAY_MS).slice(0, 10);
  return (
    <div className="roster__form">
      <SchemaForm
        schema={NewShift as unknown as FormSchema}
        start={{ line: 1, from: `${tomorrow}T08:00`, to: `${tomorrow}T20:00`, days: 1 }}
        sendName={speak('save')}
        busy={add.isPending}
        error={add.error}
        onSend={(body) => add.mutate({ body: body as never })}
        onClose={onClose}
      />
    </div>
  );
}

function Chosen({ chosen, onDone }: { chosen: readonly string[]; onDone: () => void }) {
  const speak = useWords(dutyText);
  const swap = useAct(dutyApi.swap, 'duty', onDone);
  const remove = useAct(dutyApi.remove, 'duty', onDone);
  const [first, second] = chosen;
  return (
    <div className="roster__bar">
      <ProblemAlert error={swap.error ?? remove.error} />
      {first ? (
        <span className="buttons buttons--tight">
          <b>{speak('chosen', { count: chosen.length })}</b>
          {second ? (
            <Button size="small" loading={swap.isPending} onClick={() => swap.mutate({ params: { id: first }, body: { with: second } })}>
              {speak('swap')}
            </Button>
          ) : (
            <Button size="small" danger loading={remove.isPending} onClick={() => remove.mutate({ params: { id: first } })}>
              {speak('remove')}
            </Button>
          )}
          <Button
            size="small"
            onClick={() => {
              swap.reset();
              remove.reset();
              onDone();
            }}
          >
            {speak('none')}
          </Button>
        </span>
      ) : (
        <span className="quiet">{speak('chooseHint')}</span>
      )}
    </div>
  );
}

function Week({
  monday,
  shifts,
  chosen,
  onChoose,
}: {
  monday: string;
  shifts: readonly Shift[];
  chosen: readonly string[];
  onChoose?: (id: string) => void;
}) {
  const speak = useWords(dutyText);
  const tell = useSay();
  const language = useLanguage();
  const days = Array.from({ length: 7 }, (_, place) => plusDays(monday, place));
  const today = beijingLocal(useNow()).slice(0, 10);
  const nameOf = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short', timeZone: 'UTC' });
  return (
    <ScrollBox label={speak('roster')}>
      <table className="ms-table roster">
        <caption className="ms-visually-hidden">{speak('roster')}</caption>
        <thead>
          <tr>
            <th scope="col">{speak('line')}</th>
            {days.map((day) => (
              <th key={day} scope="col" aria-current={day === today ? 'date' : undefined}>
                {nameOf.format(new Date(`${day}T00:00:00Z`))} <span className="ms-number">{day.slice(5)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(Object.keys(DUTY_LINES).map(Number) as Line[]).map((line) => (
            <tr key={line}>
              <th scope="row">{tell(DUTY_LINES[line])}</th>
              {days.map((day) => (
                <td key={day}>
                  {shifts
                    .filter((shift) => shift.line === line && shift.from < endOfDay(day) && shift.to > startOfDay(day))
                    .map((shift) => (
                      <ShiftBox key={shift.id} shift={shift} day={day} isChosen={chosen.includes(shift.id)} onChoose={onChoose} />
                    ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {shifts.length === 0 ? <p className="quiet roster__bar">{speak('noShifts')}</p> : null}
    </ScrollBox>
  );
}

/** The part of a shift that lies in a day. */
function ShiftBox({
  shift,
  day,
  isChosen,
  onChoose,
}: {
  shift: Shift;
  day: string;
  isChosen: boolean;
  onChoose: ((id: string) => void) | undefined;
}) {
  const speak = useWords(dutyText);
  const nowMs = useNow();
  const begins = shift.from > startOfDay(day) ? instantText(shift.from).slice(11) : '00:00';
  const ends = shift.to < endOfDay(day) ? instantText(shift.to).slice(11) : '24:00';
  const hours = begins === '00:00' && ends === '24:00' ? speak('allDay') : `${begins}–${ends}`;
  const what = (
    <>
      {shift.name}
      <span className="under ms-number">{hours}</span>
    </>
  );
  if (!onChoose || Date.parse(shift.from) <= nowMs) return <div className="roster__shift">{what}</div>;
  return (
    <button type="button" className="roster__shift" aria-pressed={isChosen} onClick={() => onChoose(shift.id)}>
      {what}
    </button>
  );
}
