import { desksApi, type DueDay } from '#contracts/orders/desks.api.ts';
import { ordersApi } from '#contracts/orders/orders.api.ts';
import { call } from '#ui/api/client.ts';
import { Due } from '#ui/components/lamp.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { countText, dayText, endOfDay, startOfDay } from '#ui/format.ts';
import { RegionFields } from '#ui/office/region-fields.tsx';
import { useWords } from '#ui/text.ts';
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Radio, Skeleton } from 'antd';
import { DayTag, dayClass, WeekdayHeads } from '../../../parts/calendar-days.tsx';
import {
  isWorkday,
  mondayOf,
  monthAfter,
  plusDays,
  useCalendar,
  useWeekdays,
  weekdayOf,
  weeksOfMonth,
  type KnownDays,
} from '../../../parts/days.ts';
import { Page, Panel } from '../../../parts/page.tsx';
import { LIGHTS } from '../orders.filters.ts';
import { desksText } from './desks.text.ts';
import { dueFrom, type DueSearch } from './due-search.ts';

const route = getRouteApi('/inside/due');
const SHOWN_OF_A_DAY = 5;

/** The whole weeks a month lies in, or one week. */
function spanOf(day: string, by: 'month' | 'week'): { from: string; days: number } {
  return by === 'week' ? { from: mondayOf(day), days: 7 } : weeksOfMonth(day);
}

/** How many orders fall due on each day, by their lamps; a day leads to its list. */
export function DuePage() {
  const speak = useWords(desksText);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const by = search.by ?? 'month';
  const now = dayText(new Date(useNow()).toISOString());
  const day = search.day ?? now;
  const { from, days } = spanOf(day, by);
  const { data, error, refetch } = useQuery({
    queryKey: ['orders', 'due-days', from, days, search.region],
    queryFn: ({ signal }) =>
      call(desksApi.dueDays, { query: { from, days, ...(search.region ? { region: search.region } : {}) } }, { signal }),
    placeholderData: keepPreviousData,
  });
  const { known, unpublished } = useCalendar(from, plusDays(from, days - 1));
  const go = (next: { readonly [K in keyof DueSearch]?: DueSearch[K] | undefined }) =>
    void navigate({ search: dueFrom({ ...search, ...next }), replace: true });
  const move = (steps: 1 | -1) => go({ day: by === 'week' ? plusDays(day, 7 * steps) : monthAfter(day, steps) });
  const shown = data?.days.filter((each) => each.day >= from && each.day <= plusDays(from, days - 1));
  return (
    <Page
      title={speak('calendar')}
      note={
        <strong className="ms-number" data-testid="due-span">
          {by === 'week'
            ? speak('weekOf', { from, to: plusDays(from, 6) })
            : speak('monthOf', { year: day.slice(0, 4), month: Number(day.slice(5, 7)) })}
        </strong>
      }
      actions={
        <>
          <Button icon={<LeftOutlined />} aria-label={speak('earlier')} onClick={() => move(-1)} />
          <Button onClick={() => go({ day: undefined })}>{speak('today')}</Button>
          <Button icon={<RightOutlined />} aria-label={speak('later')} onClick={() => move(1)} />
          <Radio.Group
            optionType="button"
            value={by}
            options={(['month', 'week'] as const).map((value) => ({ value, label: speak(value) }))}
            onChange={({ target }) => go({ day, by: target.value === 'week' ? 'week' : undefined })}
          />
        </>
      }
    >
      <div className="filters filters--one">
        <div className="filters__field">
          <label htmlFor="due-region">{speak('region')}</label>
          <RegionFields
            id="due-region"
            withStreet={false}
            cityAsPrefix
            allowClear
            placeholder={speak('everything')}
            value={search.region}
            onChange={(region) => go({ region })}
          />
        </div>
      </div>
      {unpublished.map((year) => (
        <p key={year} className="quiet">
          {speak('unpublished', { year })}
        </p>
      ))}
      {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton active paragraph={{ rows: 10 }} title={false} /> : null}
      {data && shown && by === 'month' ? (
        <MonthGrid days={shown} today={data.today} month={day.slice(0, 7)} known={known} region={search.region} />
      ) : null}
      {data && shown && by === 'week' ? <WeekList days={shown} today={data.today} known={known} region={search.region} /> : null}
    </Page>
  );
}

interface DaysProps {
  readonly days: readonly DueDay[];
  readonly today: string;
  readonly known: KnownDays;
  readonly region: string | undefined;
}

function MonthGrid({ days, today, month, known, region }: DaysProps & { month: string }) {
  return (
    <Panel flush>
      <ol className="due">
        <WeekdayHeads />
        {days.map((each) => (
          <li key={each.day} className={dayClass(each.day, known, today, month)}>
            <DayHead each={each} known={known} region={region} />
            <Lights each={each} region={region} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** A week as a list of its days, each with what is due first. */
function WeekList({ days, today, known, region }: DaysProps) {
  const speak = useWords(desksText);
  const weekdays = useWeekdays();
  const lists = useQueries({
    queries: days.map(({ day }) => ({
      queryKey: ['orders', 'due-first', day, region],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call(
          ordersApi.list,
          {
            query: {
              dueFrom: startOfDay(day),
              dueTo: endOfDay(day),
              sort: 'due',
              limit: SHOWN_OF_A_DAY,
              ...(region ? { region } : {}),
            },
          },
          { signal },
        ),
    })),
  });
  return (
    <Panel flush>
      <ol className="due-week">
        {days.map((each, i) => (
          <li key={each.day} className={`due-week__day${kindOf(each.day, known)}${each.day === today ? ' due__day--today' : ''}`}>
            <div>
              <DayHead each={each} known={known} region={region} weekday={weekdays[weekdayOf(each.day)]} />
              <Lights each={each} region={region} />
            </div>
            <ul>
              {lists[i]?.data?.items.map((row) => (
                <li key={row.id}>
                  <Due row={row} />
                  <Link to="/orders/$id" params={{ id: row.id }} className="order-link">
                    {row.title}
                  </Link>
                  <span className="under">{row.unit?.name}</span>
                </li>
              ))}
              {totalOf(each) > SHOWN_OF_A_DAY ? (
                <li>
                  <Link to="/orders" search={{ due: each.day, sort: 'due', ...(region ? { region } : {}) }}>
                    {speak('more')}
                  </Link>
                </li>
              ) : null}
            </ul>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function totalOf({ green, yellow, red }: DueDay): number {
  return green + yellow + red;
}

function kindOf(day: string, known: KnownDays): string {
  return isWorkday(day, known) ? '' : ' due__day--off';
}

function DayHead({
  each,
  known,
  region,
  weekday,
}: {
  each: DueDay;
  known: DaysProps['known'];
  region: string | undefined;
  weekday?: string | undefined;
}) {
  const speak = useWords(desksText);
  const { day, capped } = each;
  const total = totalOf(each);
  const count = `${countText(total)}${capped ? '+' : ''}`;
  return (
    <div className="due__top">
      <span className="due__date">
        {weekday ? `${weekday} ${day.slice(5)}` : Number(day.slice(8))}
        <DayTag special={known.get(day)} />
      </span>
      {total > 0 ? (
        <Link
          to="/orders"
          search={{ due: day, sort: 'due', ...(region ? { region } : {}) }}
          aria-label={speak('dayOf', { day, count })}
          className="due__sum"
        >
          {count}
        </Link>
      ) : null}
    </div>
  );
}

function Lights({ each, region }: { each: DueDay; region: string | undefined }) {
  const speak = useWords(desksText);
  return (
    <ul className="due__lights">
      {LIGHTS.toReversed().map((light) =>
        each[light] > 0 ? (
          <li key={light}>
            <Link
              to="/orders"
              search={{ due: each.day, light, sort: 'due', ...(region ? { region } : {}) }}
              aria-label={speak('lightOf', { day: each.day, light: speak(light), count: countText(each[light]) })}
              className={`ms-lamp ms-lamp--${light}`}
            >
              <i aria-hidden="true" />
              {countText(each[light])}
              <span className="due__light"> {speak(light)}</span>
            </Link>
          </li>
        ) : null,
      )}
    </ul>
  );
}
