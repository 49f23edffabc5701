import { HOURS_A_DAY, loadOf, type PersonLoad } from '#contracts/operations/records/problem.board.ts';
import type { ProblemCard } from '#contracts/operations/records/problems.api.ts';
import { useNow } from '#ui/components/use-now.ts';
import { dayText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Radio } from 'antd';
import { useState } from 'react';
import { DayTag, dayClass, WeekdayHeads } from '../../../parts/calendar-days.tsx';
import { isWorkday, mondayOf, monthAfter, plusDays, useCalendar, weeksOfMonth, type KnownDays } from '../../../parts/days.ts';
import { Panel } from '../../../parts/page.tsx';
import type { BoardSearch } from './board.search.ts';
import { boardText } from './board.text.ts';
import { dropped } from './drag.ts';
import { PlanChip } from './plan-chip.tsx';
import type { Moves } from './use-moves.tsx';

/** Work that is still to be done counts in the calendar and in the load. */
const TO_DO = ['planned', 'working', 'testing'];

export interface PlanTabProps {
  readonly cards: readonly ProblemCard[];
  readonly moves: Moves;
  readonly search: BoardSearch;
  readonly go: (next: Readonly<Record<string, string | undefined>>) => void;
}

/** Problems by the day they are planned for, what each person has to do in each week, and what has no day yet. */
export function PlanTab({ cards, moves, search, go }: PlanTabProps) {
  const speak = useWords(boardText);
  const today = dayText(new Date(useNow()).toISOString());
  const day = search.day ?? today;
  const { from, days } = search.by === 'weeks' ? { from: mondayOf(day), days: 14 } : weeksOfMonth(day);
  const all = Array.from({ length: days }, (_, i) => plusDays(from, i));
  const { known, unpublished } = useCalendar(from, all.at(-1)!);
  const [dragged, setDragged] = useState<ProblemCard>();
  const planned = cards
    .filter(({ state, plannedOn, id }) => TO_DO.includes(state) && (plannedOn !== null || id in moves.moving))
    .map((card) => ({ ...card, plannedOn: moves.moving[card.id] ?? card.plannedOn }));
  const unplanned = cards.filter(({ state }) => state === 'accepted');
  const weeks = Array.from({ length: days / 7 }, (_, i) => all.slice(7 * i, 7 * i + 7));
  const step = (by: 1 | -1) => go({ day: search.by === 'weeks' ? plusDays(day, 14 * by) : monthAfter(day, by) });

  /** What is known of it goes along; what is not, a form asks. */
  function plan(card: ProblemCard, on: string): void {
    const { ownerId: owner, hours } = card;
    moves.move(card, {
      action: 'schedule',
      to: on,
      ...(owner !== null && hours !== null ? { input: { owner, plannedOn: on, hours } } : { start: { plannedOn: on } }),
    });
  }
  const chip = (card: ProblemCard) => (
    <PlanChip
      key={card.id}
      card={card}
      isLate={card.plannedOn !== null && card.plannedOn < today}
      isMoving={moves.moving[card.id] !== undefined}
      refusal={moves.refused[card.id]}
      onDrag={setDragged}
      onAsk={() => moves.move(card, { action: 'schedule', to: '' })}
    />
  );
  return (
    <>
      <div className="plan__head">
        <strong className="ms-number" data-testid="plan-span">
          {search.by === 'weeks'
            ? speak('weeksOf', { from, to: all.at(-1)! })
            : speak('monthOf', { year: day.slice(0, 4), month: Number(day.slice(5, 7)) })}
        </strong>
        <Button icon={<LeftOutlined />} aria-label={speak('earlier')} onClick={() => step(-1)} />
        <Button onClick={() => go({ day: undefined })}>{speak('today')}</Button>
        <Button icon={<RightOutlined />} aria-label={speak('later')} onClick={() => step(1)} />
        <Radio.Group
          optionType="button"
          value={search.by ?? 'month'}
          options={(['month', 'weeks'] as const).map((value) => ({ value, label: speak(value) }))}
          onChange={({ target }) => go({ by: target.value as string })}
        />
      </div>
      {unpublished.map((year) => (
        <p key={year} className="quiet">
          {speak('unpublished', { year })}
        </p>
      ))}
      <div className="plan">
        <Calendar
          days={all}
          month={search.by === 'weeks' ? undefined : day.slice(0, 7)}
          today={today}
          known={known}
          dragged={dragged}
          onDrop={(on) => {
            if (dragged && dragged.plannedOn !== on) plan(dragged, on);
            setDragged(undefined);
          }}
          chipsOf={(on) => planned.filter(({ plannedOn }) => plannedOn === on).map(chip)}
        />
        <Panel title={speak('unplanned')}>
          {unplanned.length === 0 ? <p className="quiet">{speak('nothingUnplanned')}</p> : null}
          <ul className="plan__chips">{unplanned.map(chip)}</ul>
        </Panel>
      </div>
      <Load weeks={weeks} known={known} people={loadOf(planned, weeks)} />
    </>
  );
}

interface CalendarProps {
  readonly days: readonly string[];
  /** The days of other months are faint; none is where weeks are shown. */
  readonly month: string | undefined;
  readonly today: string;
  readonly known: KnownDays;
  readonly dragged: ProblemCard | undefined;
  readonly onDrop: (day: string) => void;
  readonly chipsOf: (day: string) => React.ReactNode[];
}

function Calendar({ days, month, today, known, dragged, onDrop, chipsOf }: CalendarProps) {
  const [over, setOver] = useState<string>();
  return (
    <Panel flush>
      <ol className="due plan__days">
        <WeekdayHeads />
        {days.map((day) => {
          const chips = chipsOf(day);
          return (
            <li
              key={day}
              data-testid={`day-${day}`}
              className={`${dayClass(day, known, today, month)}${dragged && over === day ? ' plan__day--over' : ''}${chips.length === 0 ? ' plan__day--empty' : ''}`}
              {...dropped(
                dragged !== undefined,
                over === day,
                (isOver) => setOver(isOver ? day : undefined),
                () => onDrop(day),
              )}
            >
              <span className="due__date">
                <time dateTime={day}>{day.endsWith('-01') || day === days[0] ? day.slice(5) : Number(day.slice(8))}</time>
                <DayTag special={known.get(day)} />
              </span>
              {chips.length > 0 ? <ul className="plan__chips">{chips}</ul> : null}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

function Load({ weeks, known, people }: { weeks: readonly (readonly string[])[]; known: KnownDays; people: readonly PersonLoad[] }) {
  const speak = useWords(boardText);
  const able = weeks.map((days) => days.filter((day) => isWorkday(day, known)).length * HOURS_A_DAY);
  return (
    <Panel title={speak('load')} extra={<span className="quiet">{speak('loadNote')}</span>} flush>
      <DataTable<PersonLoad>
        caption={speak('load')}
        rows={people}
        rowKey={(row) => row.id}
        empty={speak('noLoad')}
        columns={[
          { key: 'name', title: speak('person'), wide: true, cell: (row) => row.name },
          ...weeks.map((days, i) => ({
            key: days[0]!,
            title: speak('weekOf', { day: days[0]!.slice(5) }),
            align: 'right' as const,
            cell: (row: PersonLoad) => {
              const isOver = row.hours[i]! > able[i]!;
              return (
                <span
                  className={`ms-number${isOver ? ' record__grave' : row.hours[i] === 0 ? ' quiet' : ''}`}
                  title={isOver ? speak('overload') : undefined}
                >
                  {row.hours[i]} / {able[i]}
                </span>
              );
            },
          })),
        ]}
      />
    </Panel>
  );
}
