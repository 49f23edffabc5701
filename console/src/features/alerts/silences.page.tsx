import { alertsApi, SILENCE_NAMES, NewSilence, type Silence } from '#contracts/operations/alerts.api.ts';
import { matchersText } from '#contracts/operations/matchers.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { beijingLocal, shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useAct } from '../../parts/act.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { SchemaForm, type FormSchema } from '../../parts/schema-form.tsx';
import { silencesQuery } from './alerts.queries.ts';
import { alertsText } from './alerts.text.ts';

const USUAL_MS = 2 * 3_600_000;

/** Times in which alerts that match tell nobody, in force and planned. */
export function SilencesPage() {
  const speak = useWords(alertsText);
  const tell = useSay();
  const may = useMay();
  const { message } = App.useApp();
  const nowMs = useNow();
  const [adding, setAdding] = useState(false);
  const silences = useQuery(silencesQuery);
  const end = useAct(alertsApi.endSilence, 'alerts');
  const add = useAct(alertsApi.silence, 'alerts', () => {
    void message.success(speak('saved'));
    setAdding(false);
  });
  const mayHandle = may('operations.handle');
  return (
    <Page
      title={speak('silences')}
      actions={
        mayHandle && !adding ? (
          <Button type="primary" onClick={() => setAdding(true)}>
            {speak('addSilence')}
          </Button>
        ) : null
      }
    >
      {adding ? (
        <Panel title={speak('addSilence')}>
          <SchemaForm
            schema={NewSilence as unknown as FormSchema}
            start={{ kind: 'silence', to: beijingLocal(nowMs + USUAL_MS) }}
            sendName={speak('save')}
            busy={add.isPending}
            error={add.error}
            onSend={(body) => add.mutate({ body: body as never })}
            onClose={() => setAdding(false)}
          />
        </Panel>
      ) : null}
      <ProblemAlert error={end.error} />
      <Panel flush>
        <DataTable<Silence>
          caption={speak('silences')}
          rows={silences.data?.items}
          rowKey={(row) => row.id}
          error={silences.data ? null : silences.error}
          onRetry={() => void silences.refetch()}
          empty={speak('noSilences')}
          stack
          columns={[
            { key: 'kind', title: speak('kind'), cell: (row) => tell(SILENCE_NAMES[row.kind]) },
            {
              key: 'state',
              title: speak('state'),
              cell: (row) =>
                row.inForce ? (
                  <span className="ms-tag ms-tag--working">{speak('running')}</span>
                ) : (
                  <span className="ms-tag ms-tag--stopped">{speak('planned')}</span>
                ),
            },
            {
              key: 'matchers',
              title: speak('matchers'),
              wide: true,
              cell: (row) => <span className="mono">{matchersText(row.matchers)}</span>,
            },
            { key: 'reason', title: speak('reason'), wide: true, cell: (row) => row.reason },
            {
              key: 'until',
              title: speak('until'),
              cell: (row) => (
                <span className="ms-number">
                  {shortInstantText(row.from, nowMs)} – {shortInstantText(row.to, nowMs)}
                </span>
              ),
            },
            { key: 'by', title: speak('by'), minor: true, cell: (row) => row.madeBy },
            {
              key: 'acts',
              title: '',
              align: 'right',
              cell: (row) =>
                mayHandle ? (
                  <Button
                    size="small"
                    loading={end.isPending && end.variables.params.id === row.id}
                    onClick={() => end.mutate({ params: { id: row.id } })}
                  >
                    {speak('end')}
                  </Button>
                ) : null,
            },
          ]}
        />
      </Panel>
    </Page>
  );
}
