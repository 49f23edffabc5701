import { RACI, responsibilitiesApi, type Party, type RaciPart, type Responsibility } from '#contracts/operations/responsibilities.api.ts';
import { roles, type Role } from '#contracts/permissions.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useAct } from '../../parts/act.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { ResponsibilityForm } from './responsibility-form.tsx';
import { responsibilitiesText } from './responsibilities.text.ts';

const PARTS = Object.keys(RACI) as RaciPart[];

/** Who answers for each component of the platform. */
export function ResponsibilitiesPage() {
  const speak = useWords(responsibilitiesText);
  const tell = useSay();
  const may = useMay();
  const nowMs = useNow();
  const { modal } = App.useApp();
  const [edited, setEdited] = useState<Responsibility | 'new'>();
  const list = useQuery({ queryKey: ['responsibilities'], queryFn: ({ signal }) => call(responsibilitiesApi.list, {}, { signal }) });
  const remove = useAct(responsibilitiesApi.remove, 'responsibilities');
  const mayDecide = may('operations.decide');
  const nameOf = ({ party, name }: Party) => (party.startsWith('role:') ? tell(roles[name as Role].name) : name);
  const ask = ({ component }: Responsibility) =>
    void modal.confirm({
      title: speak('removeSure', { component }),
      okButtonProps: { danger: true },
      onOk: () => remove.mutate({ params: { component } }),
    });
  return (
    <Page
      title={speak('title')}
      note={<span>{speak('note')}</span>}
      actions={
        mayDecide ? (
          <Button type="primary" onClick={() => setEdited('new')}>
            {speak('add')}
          </Button>
        ) : null
      }
    >
      <ProblemAlert error={remove.error} />
      <Panel flush>
        <DataTable<Responsibility>
          caption={speak('title')}
          rows={list.data?.items}
          rowKey={(row) => row.component}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={speak('none')}
          stack
          columns={[
            { key: 'component', title: speak('component'), cell: (row) => <span className="mono">{row.component}</span> },
            ...PARTS.map((part) => ({
              key: part,
              title: `${tell(RACI[part])} ${part[0]!.toUpperCase()}`,
              wide: true as const,
              cell: (row: Responsibility) => (
                <>
                  <span className="raci__part">{tell(RACI[part])} </span>
                  {[row[part]].flat().map(nameOf).join('、') || '—'}
                </>
              ),
            })),
            {
              key: 'set',
              title: speak('setBy'),
              minor: true,
              cell: (row) => (
                <>
                  {row.setBy} <span className="under ms-number">{shortInstantText(row.setAt, nowMs)}</span>
                </>
              ),
            },
            ...(mayDecide
              ? [
                  {
                    key: 'do',
                    title: '',
                    cell: (row: Responsibility) => (
                      <span className="buttons buttons--tight">
                        <Button size="small" onClick={() => setEdited(row)}>
                          {speak('edit')}
                        </Button>
                        <Button size="small" danger onClick={() => ask(row)}>
                          {speak('remove')}
                        </Button>
                      </span>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </Panel>
      {edited ? <ResponsibilityForm known={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} /> : null}
    </Page>
  );
}
