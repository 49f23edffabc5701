import type { CalendarDay } from '#contracts/reference/reference.api.ts';
import { referenceApi } from '#contracts/reference/reference.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { dayText } from '#ui/format.ts';
import { useMay } from '#ui/office/session.ts';
import { useLanguage, useWords } from '#ui/text.ts';
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { CalendarImport } from './calendar-import.tsx';
import { referenceText } from './reference.text.ts';

export function CalendarPage() {
  const speak = useWords(referenceText);
  const may = useMay();
  const [year, setYear] = useState(() => Number(dayText(new Date().toISOString()).slice(0, 4)));
  const { data, error, refetch } = useQuery({
    queryKey: ['calendar', year],
    queryFn: ({ signal }) => call(referenceApi.calendar, { params: { year } }, { signal }),
  });
  return (
    <Page
      title={speak('calendar')}
      note={data?.source ? <span>{data.source}</span> : null}
      actions={
        <>
          <Button icon={<LeftOutlined />} aria-label={speak('previous')} disabled={year <= 2000} onClick={() => setYear(year - 1)} />
          <span className="calendar__year">{speak('year', { year })}</span>
          <Button icon={<RightOutlined />} aria-label={speak('next')} disabled={year >= 2100} onClick={() => setYear(year + 1)} />
        </>
      }
    >
      {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton active paragraph={{ rows: 8 }} /> : null}
      {data && !data.published ? (
        <div className="ms-problem ms-problem--mild" role="status" data-testid="calendar-unpublished">
          <p className="ms-problem__title">{speak('unpublished', { year })}</p>
          <p>{speak('unpublishedNote', { count: data.provisionalClocks })}</p>
        </div>
      ) : null}
      {data && !data.published && may('reference.import-calendar') ? (
        <Panel title={speak('importTitle', { year })}>
          <CalendarImport key={year} year={year} />
        </Panel>
      ) : null}
      {data ? (
        <>
          <p className="legend">
            <span className="day day--off">1</span> {speak('off')}
            <span className="day day--work">1</span> {speak('work')}
            <span className="day day--weekend">1</span> {speak('weekend')}
          </p>
          <div className="calendar">
            {Array.from({ length: 12 }, (_, month) => (
              <Month key={month} year={year} month={month} days={data.days} />
            ))}
          </div>
        </>
      ) : null}
    </Page>
  );
}

function Month({ year, month, days }: { year: number; month: number; days: readonly CalendarDay[] }) {
  const speak = useWords(referenceText);
  const language = useLanguage();
  const locale = language === 'zh' ? 'zh-CN' : 'en';
  const name = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(year, month, 1));
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  // Monday stands first, as in Chinese calendars.
  const lead = (new Date(Date.UTC(year, month, 1)).getUTCDay() + 6) % 7;
  const heads = language === 'zh' ? [...'一二三四五六日'] : ['M', 'T', 'W', 'T', 'F', 'S', 'S'];
  return (
    <Panel title={name}>
      <div className="month">
        {heads.map((head, i) => (
          <span key={`${head}${i}`} className="month__head" aria-hidden="true">
            {head}
          </span>
        ))}
        {Array.from({ length: lead }, (_, i) => (
          <span key={`lead${i}`} />
        ))}
        {Array.from({ length }, (_, i) => {
          const date = `${year}-${String(month + 1).padStart(2, '0')}-${String(i + 1).padStart(2, '0')}`;
          const known = days.find((day) => day.date === date);
          const kind = known?.type ?? ((lead + i) % 7 >= 5 ? 'weekend' : 'plain');
          const words = known ? `${known.name} ${speak(known.type)}` : undefined;
          return (
            <span key={date} className={`day day--${kind}`} title={words}>
              {i + 1}
              {words ? <span className="ms-visually-hidden"> {words}</span> : null}
            </span>
          );
        })}
      </div>
    </Panel>
  );
}
