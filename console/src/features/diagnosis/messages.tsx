import { CHANNEL_NAMES } from '#contracts/operations/alerts.api.ts';
import { DUTY_LINES } from '#contracts/operations/duty.values.ts';
import type { Words } from '#contracts/base/text.ts';
import { diagnosisApi, MESSAGE_OUTCOMES, type MessageOutcome, type OutgoingMessage } from '#contracts/operations/diagnosis.api.ts';
import { call } from '#ui/api/client.ts';
import { Lamp } from '#ui/components/lamp.tsx';
import { instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { App, Button, Segmented } from 'antd';
import { useState } from 'react';
import { useAct } from '../../parts/act.ts';
import { Panel } from '../../parts/page.tsx';
import { InSight, ReasonForm } from './diagnosis-parts.tsx';
import type { TabProps } from './diagnosis.search.ts';
import { diagnosisText, messagesText } from './diagnosis.text.ts';

/** A line of duty by its name. */
const lineOf = (target: string): Words | undefined => (DUTY_LINES as Readonly<Record<string, Words>>)[target.replace(/^line:/, '')];

const LIGHTS = { failed: 'red', waiting: 'yellow', sent: 'green' } as const;

/** What was sent outside, request and answer as they were, and sending it once more. */
export function MessagesTab({ search, go }: TabProps) {
  const speak = useWords(messagesText);
  const tell = useSay();
  const [open, setOpen] = useState<OutgoingMessage>();
  const outcome = (Object.keys(MESSAGE_OUTCOMES) as MessageOutcome[]).find((one) => one === search.outcome);
  const list = useInfiniteQuery({
    queryKey: ['diagnosis', 'messages', outcome ?? ''],
    queryFn: ({ pageParam, signal }) =>
      call(
        diagnosisApi.messages,
        { query: { limit: 50, ...(outcome ? { outcome } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 5000,
  });
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const shown = rows?.find(({ id }) => id === open?.id) ?? open;
  return (
    <>
      {shown ? (
        <InSight key={shown.id}>
          <Message message={shown} onClose={() => setOpen(undefined)} />
        </InSight>
      ) : null}
      <Panel
        title={speak('table')}
        extra={
          <Segmented<MessageOutcome | 'all'>
            size="small"
            value={outcome ?? 'all'}
            options={[
              { value: 'all', label: speak('all') },
              ...(Object.keys(MESSAGE_OUTCOMES) as MessageOutcome[]).map((value) => ({ value, label: tell(MESSAGE_OUTCOMES[value]) })),
            ]}
            onChange={(value) => {
              const { outcome: _, ...rest } = search;
              go(value === 'all' ? rest : { ...rest, outcome: value });
            }}
          />
        }
        flush
      >
        <DataTable<OutgoingMessage>
          caption={speak('table')}
          rows={rows}
          rowKey={(row) => row.id}
          error={rows ? null : list.error}
          onRetry={() => void list.refetch()}
          empty={speak('none')}
          onOpen={setOpen}
          stack
          more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
          columns={[
            { key: 'at', title: speak('at'), cell: (row) => <span className="ms-number">{instantText(row.at)}</span> },
            { key: 'channel', title: speak('channel'), cell: (row) => tell(CHANNEL_NAMES[row.channel]) },
            {
              key: 'target',
              title: speak('target'),
              cell: (row) => (
                <>
                  {row.receiver}
                  <span className={row.receiver ? 'under mono' : 'mono'}>
                    {lineOf(row.target) ? tell(lineOf(row.target)!) : row.target}
                  </span>
                </>
              ),
            },
            {
              key: 'subject',
              title: speak('subject'),
              wide: true,
              cell: (row) => (
                <>
                  {row.subject}
                  {row.repeatOf ? <span className="under">{speak('repeatOf', { name: row.askedBy ?? '' })}</span> : null}
                </>
              ),
            },
            {
              key: 'tries',
              title: speak('tries'),
              align: 'right',
              minor: true,
              cell: (row) => <span className="ms-number">{row.tries}</span>,
            },
            {
              key: 'outcome',
              title: speak('outcome'),
              cell: (row) => (
                <>
                  <Lamp light={LIGHTS[row.outcome]} text={tell(MESSAGE_OUTCOMES[row.outcome])} />
                  {row.failure ? <span className="under two-lines">{row.failure}</span> : null}
                </>
              ),
            },
            {
              key: 'open',
              title: '',
              align: 'right',
              cell: (row) => (
                <Button size="small" onClick={() => setOpen(row)}>
                  {speak('open')}
                </Button>
              ),
            },
          ]}
        />
      </Panel>
    </>
  );
}

function Message({ message: row, onClose }: { message: OutgoingMessage; onClose: () => void }) {
  const speak = useWords(messagesText);
  const speakAll = useWords(diagnosisText);
  const may = useMay();
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const repeat = useAct(diagnosisApi.repeatMessage, 'diagnosis', () => {
    void message.success(speak('repeated'));
    setAsking(false);
  });
  return (
    <Panel title={row.subject} extra={<span className="quiet">{instantText(row.at)}</span>}>
      <div className="diagnosis__exchange">
        <section>
          <h3>{speak('request')}</h3>
          <pre className="mono">{row.request}</pre>
        </section>
        <section>
          <h3>{speak('answer')}</h3>
          <pre className="mono">{row.answer ?? speak('noAnswer')}</pre>
          {row.failure ? (
            <p>
              <span className="quiet">{speak('failure')}</span> {row.failure}
            </p>
          ) : null}
        </section>
      </div>
      {asking ? (
        <ReasonForm
          sendName={speak('repeat')}
          busy={repeat.isPending}
          error={repeat.error}
          onSend={(reason) => repeat.mutate({ params: { id: row.id }, body: { reason } })}
          onClose={() => setAsking(false)}
        />
      ) : (
        <div className="buttons">
          {may('operations.handle') && row.outcome !== 'waiting' ? (
            <Button type="primary" onClick={() => setAsking(true)}>
              {speak('repeat')}
            </Button>
          ) : null}
          <Button onClick={onClose}>{speakAll('close')}</Button>
        </div>
      )}
    </Panel>
  );
}
