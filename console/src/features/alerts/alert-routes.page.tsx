import {
  alertsApi,
  ChangedAlertRoute,
  CHANNEL_NAMES,
  NewAlertRoute,
  type AlertRoute,
  type Message,
} from '#contracts/operations/alerts.api.ts';
import { DUTY_LINES, type Line } from '#contracts/operations/duty.values.ts';
import { permissions, type Permission } from '#contracts/permissions.ts';
import { matchersText } from '#contracts/operations/matchers.ts';
import { Lamp } from '#ui/components/lamp.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { Fragment, useState } from 'react';
import { useAct } from '../../parts/act.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { SchemaForm, type FormSchema } from '../../parts/schema-form.tsx';
import { AlertLevelTag, useSecondsText } from './alert-words.tsx';
import { messagesQuery, routesQuery } from './alerts.queries.ts';
import { alertsText } from './alerts.text.ts';

/** Who is told of which alerts, and what was sent. */
export function AlertRoutesPage() {
  const speak = useWords(alertsText);
  const may = useMay();
  const [edited, setEdited] = useState<AlertRoute | 'new'>();
  return (
    <Page
      title={speak('routes')}
      actions={
        may('operations.decide') && !edited ? (
          <Button type="primary" onClick={() => setEdited('new')}>
            {speak('addRoute')}
          </Button>
        ) : null
      }
    >
      {edited ? (
        <RouteForm
          key={edited === 'new' ? edited : edited.id}
          route={edited === 'new' ? null : edited}
          onClose={() => setEdited(undefined)}
        />
      ) : null}
      <Routes onEdit={setEdited} />
      <Messages />
    </Page>
  );
}

function RouteForm({ route, onClose }: { route: AlertRoute | null; onClose: () => void }) {
  const speak = useWords(alertsText);
  const { message } = App.useApp();
  const onDone = () => {
    void message.success(speak('saved'));
    onClose();
  };
  const add = useAct(alertsApi.addRoute, 'alerts', onDone);
  const change = useAct(alertsApi.changeRoute, 'alerts', onDone);
  const act = route ? change : add;
  return (
    <Panel title={route ? route.name : speak('addRoute')}>
      <SchemaForm
        schema={(route ? ChangedAlertRoute : NewAlertRoute) as unknown as FormSchema}
        start={route ? { ...route } : { levels: ['P1', 'P2'], channel: 'sms', target: 'line:1', groupSeconds: 30, matchers: [] }}
        sendName={speak('save')}
        busy={act.isPending}
        error={act.error}
        onSend={(body) => (route ? change.mutate({ params: { id: route.id }, body: body as never }) : add.mutate({ body: body as never }))}
        onClose={onClose}
      />
    </Panel>
  );
}

function Routes({ onEdit }: { onEdit: (route: AlertRoute) => void }) {
  const speak = useWords(alertsText);
  const tell = useSay();
  const may = useMay();
  const { modal } = App.useApp();
  const spanOf = useSecondsText();
  const routes = useQuery(routesQuery);
  const drop = useAct(alertsApi.dropRoute, 'alerts');
  return (
    <Panel flush>
      <DataTable<AlertRoute>
        caption={speak('routes')}
        rows={routes.data?.items}
        rowKey={(row) => row.id}
        error={routes.data ? null : routes.error}
        onRetry={() => void routes.refetch()}
        empty={speak('noRoutes')}
        stack
        columns={[
          {
            key: 'name',
            title: speak('name'),
            cell: (row) => (
              <>
                <b>{row.name}</b> {row.enabled ? null : <span className="ms-tag ms-tag--stopped">{speak('disabled')}</span>}
              </>
            ),
          },
          {
            key: 'levels',
            title: speak('level'),
            cell: (row) => (
              <>
                {row.levels.map((level) => (
                  <Fragment key={level}>
                    <AlertLevelTag level={level} />{' '}
                  </Fragment>
                ))}
              </>
            ),
          },
          {
            key: 'matchers',
            title: speak('matchers'),
            wide: true,
            cell: (row) =>
              row.matchers.length > 0 ? (
                <span className="mono">{matchersText(row.matchers)}</span>
              ) : (
                <span className="quiet">{speak('everything')}</span>
              ),
          },
          { key: 'channel', title: speak('channel'), cell: (row) => tell(CHANNEL_NAMES[row.channel]) },
          { key: 'target', title: speak('target'), wide: true, cell: (row) => <Target text={row.target} /> },
          { key: 'gathers', title: speak('gathers'), align: 'right', minor: true, cell: (row) => spanOf(row.groupSeconds) },
          { key: 'by', title: speak('by'), minor: true, cell: (row) => row.madeBy },
          {
            key: 'acts',
            title: '',
            align: 'right',
            cell: (row) =>
              may('operations.decide') ? (
                <span className="buttons buttons--tight">
                  <Button size="small" onClick={() => onEdit(row)}>
                    {speak('edit')}
                  </Button>
                  <Button
                    size="small"
                    danger
                    onClick={() =>
                      void modal.confirm({
                        title: speak('dropAsk', { name: row.name }),
                        okButtonProps: { danger: true },
                        onOk: () => drop.mutateAsync({ params: { id: row.id } }),
                      })
                    }
                  >
                    {speak('drop')}
                  </Button>
                </span>
              ) : null,
          },
        ]}
      />
    </Panel>
  );
}

/** A line of duty or a permission by its name, anything else as it is. */
function Target({ text }: { text: string }) {
  const speak = useWords(alertsText);
  const tell = useSay();
  const line = /^line:([1-4])$/.exec(text)?.[1];
  if (line) return <>{speak('lineTarget', { line: tell(DUTY_LINES[Number(line) as Line]) })}</>;
  // On the console whoever holds a permission is told.
  if (text in permissions) return <>{speak('holders', { permission: tell(permissions[text as Permission]) })}</>;
  return <span className="mono">{text}</span>;
}

function Messages() {
  const speak = useWords(alertsText);
  const tell = useSay();
  const nowMs = useNow();
  const list = useInfiniteQuery(messagesQuery);
  return (
    <Panel title={speak('messages')} flush>
      <DataTable<Message>
        caption={speak('messages')}
        rows={list.data?.pages.flatMap((page) => page.items)}
        rowKey={(row) => row.id}
        error={list.data ? null : list.error}
        onRetry={() => void list.refetch()}
        empty={speak('noMessages')}
        stack
        more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
        columns={[
          { key: 'at', title: speak('at'), cell: (row) => <span className="ms-number">{shortInstantText(row.at, nowMs)}</span> },
          { key: 'channel', title: speak('channel'), cell: (row) => tell(CHANNEL_NAMES[row.channel]) },
          {
            key: 'receiver',
            title: speak('receiver'),
            cell: (row) => (
              <>
                {row.receiver}
                <span className={row.receiver ? 'under' : ''}>
                  <Target text={row.target} />
                </span>
              </>
            ),
          },
          { key: 'subject', title: speak('subject'), wide: true, cell: (row) => row.subject },
          { key: 'tries', title: speak('tries'), align: 'right', cell: (row) => <span className="ms-number">{row.tries}</span> },
          {
            key: 'outcome',
            title: speak('outcome'),
            wide: true,
            cell: (row) => (
              <>
                <Lamp
                  light={row.sentAt ? 'green' : row.waiting ? 'yellow' : 'red'}
                  text={row.sentAt ? `${speak('sent')} ${shortInstantText(row.sentAt, nowMs)}` : speak(row.waiting ? 'waiting' : 'failed')}
                />
                {row.failure ? <span className="under">{row.failure}</span> : null}
              </>
            ),
          },
        ]}
      />
    </Panel>
  );
}
