import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantText } from '#ui/format.ts';
import { useLanguage, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { Panel } from '../../parts/page.tsx';
import { orderText } from './order.text.ts';
import { timelineQuery } from './orders.queries.ts';

/** Everything that happened to the order, the newest first. */
export function OrderTimeline({ id }: { id: string }) {
  const speak = useWords(orderText);
  const language = useLanguage();
  const { data, error, refetch } = useQuery(timelineQuery(id));
  return (
    <Panel title={speak('timeline')}>
      {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <ol className="timeline" data-testid="timeline">
          {data.items
            .toSorted((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id))
            .map((line) => (
              <li key={line.id}>
                <time className="ms-number" dateTime={line.at}>
                  {instantText(line.at)}
                </time>
                <div>
                  <span className="timeline__what">{line[language]}</span>
                  <span className="under">{[line.unitName, line.actor || speak('system')].filter(Boolean).join(' · ')}</span>
                  {line.note ? <p className="said timeline__note">{line.note}</p> : null}
                </div>
              </li>
            ))}
        </ol>
      ) : error ? null : (
        <Skeleton active title={false} paragraph={{ rows: 3 }} />
      )}
    </Panel>
  );
}
