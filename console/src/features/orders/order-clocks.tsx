import type { ClockView } from '#contracts/orders/orders.api.ts';
import { Lamp, lightOf } from '#ui/components/lamp.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { dueText, shortInstantText } from '#ui/format.ts';
import { limitText } from '#ui/limits.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { Panel } from '../../parts/page.tsx';
import { clockName } from './order-header.tsx';
import { orderText } from './order.text.ts';

export function OrderClocks({ clocks }: { clocks: readonly ClockView[] }) {
  const speak = useWords(orderText);
  const tell = useSay();
  const language = useLanguage();
  const nowMs = useNow();
  if (clocks.length === 0) return null;
  return (
    <Panel title={speak('clocks')} flush>
      <DataTable<ClockView>
        caption={speak('clocks')}
        rows={clocks}
        rowKey={(clock) => `${clock.name}${clock.startedAt}`}
        empty={speak('none')}
        columns={[
          {
            key: 'name',
            title: speak('clock'),
            cell: (clock) => (
              <span title={clock.rule}>
                {tell(clockName(clock.name))}
                <span className="under">{limitText(clock.limit, language)}</span>
              </span>
            ),
          },
          {
            key: 'due',
            title: speak('due'),
            cell: (clock) => (
              <span className="ms-number">
                {shortInstantText(clock.dueAt, nowMs)}
                {clock.provisional ? <span className="under">{speak('provisional')}</span> : null}
              </span>
            ),
          },
          {
            key: 'outcome',
            title: speak('outcome'),
            cell: (clock) =>
              clock.stoppedAt ? (
                <Lamp
                  light={clock.result === 'late' ? 'red' : clock.result === 'void' ? 'none' : 'green'}
                  text={speak(clock.result === 'late' ? 'late' : clock.result === 'void' ? 'void' : 'inTime')}
                />
              ) : (
                <Lamp light={lightOf(clock.light)} text={dueText(clock.dueAt, nowMs, language)} />
              ),
          },
        ]}
      />
    </Panel>
  );
}
