import type { AuditKind } from '#contracts/identity/identity.api.ts';
import { auditReportsApi, type AuditFacts } from '#contracts/operations/audit-reports.api.ts';
import { roles, type Role } from '#contracts/permissions.ts';
import { addressOf, call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { countText, instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { lastDay } from './audit-report.days.ts';
import type { AuditSearch } from './audit-search.ts';
import { auditText } from './audit.text.ts';

const KINDS: readonly [AuditKind, keyof AuditFacts][] = [
  ['refused', 'refused'],
  ['reveals', 'reveals'],
  ['exports', 'exports'],
  ['new-administrators', 'newAdministrators'],
  ['at-night', 'atNight'],
];

/** An audit report; each figure leads to the entries that were counted. */
export function AuditReportPage() {
  const speak = useWords(auditText);
  const tell = useSay();
  const { id } = useParams({ from: '/inside/audit-reports/$id' });
  const query = useQuery({
    queryKey: ['audit-reports', id],
    queryFn: ({ signal }) => call(auditReportsApi.one, { params: { id } }, { signal }),
  });
  const { data } = query;
  const within = data ? { from: data.fromDay, to: lastDay(data.toDay) } : {};
  const figure = (name: string, value: number, search: AuditSearch) => (
    <div key={name}>
      <dt>{name}</dt>
      <dd>
        <Link to="/audit" search={{ ...within, ...search }}>
          {countText(value)}
        </Link>
      </dd>
    </div>
  );
  const roleName = (role: string) => (role in roles ? tell(roles[role as Role].name) : role);
  return (
    <Page
      title={data ? `${speak('reports')} · ${speak(data.period)}` : speak('reports')}
      note={
        data ? (
          <>
            <span>{speak('days', { from: data.fromDay, to: lastDay(data.toDay) })}</span>
            <span>{`${speak('madeAt')} ${instantText(data.madeAt)}`}</span>
          </>
        ) : null
      }
      actions={
        <>
          <Link to="/audit-reports">{speak('allReports')}</Link>
          {data ? (
            <Button type="primary" href={addressOf(auditReportsApi.document, { id })}>
              {speak('document')}
            </Button>
          ) : null}
        </>
      }
    >
      {query.error ? <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isPending ? <Skeleton active paragraph={{ rows: 6 }} title={false} /> : null}
      {data ? (
        <>
          <Panel>
            <dl className="load__figures">
              {figure(speak('total'), data.facts.total, {})}
              {KINDS.map(([kind, key]) => figure(speak(kind), data.facts[key] as number, { kind }))}
              <div>
                <dt>{speak('totalBefore')}</dt>
                <dd>{countText(data.facts.totalBefore)}</dd>
              </div>
              <div>
                <dt>{speak('chain')}</dt>
                <dd className={data.facts.chain.ok ? '' : 'load__shed'}>{speak(data.facts.chain.ok ? 'chainOk' : 'chainBroken')}</dd>
              </div>
              <div>
                <dt>{speak('chainChecked')}</dt>
                <dd>{countText(data.facts.chain.checked)}</dd>
              </div>
            </dl>
          </Panel>
          <CountTable
            title={speak('byAction')}
            heading={speak('action')}
            rows={data.facts.byAction}
            nameOf={(key) => <span className="mono">{key}</span>}
            searchOf={(action) => ({ ...within, action })}
          />
          <CountTable
            title={speak('byRole')}
            heading={speak('role')}
            rows={data.facts.byRole}
            nameOf={roleName}
            searchOf={(role) => ({ ...within, role })}
          />
          <Panel title={speak('byPerson')} flush>
            <DataTable<AuditFacts['byPerson'][number]>
              caption={speak('byPerson')}
              rows={data.facts.byPerson}
              rowKey={(row) => row.accountId}
              empty={speak('nothing')}
              columns={[
                {
                  key: 'name',
                  title: speak('actor'),
                  wide: true,
                  cell: (row) => (
                    <Link to="/audit" search={{ ...within, accountId: row.accountId }}>
                      {row.name}
                    </Link>
                  ),
                },
                { key: 'acts', title: speak('acts'), align: 'right', cell: (row) => countText(row.acts) },
                { key: 'night', title: speak('at-night'), align: 'right', minor: true, cell: (row) => countText(row.atNight) },
                { key: 'refused', title: speak('refused'), align: 'right', cell: (row) => countText(row.refused) },
              ]}
            />
          </Panel>
        </>
      ) : null}
    </Page>
  );
}

type Counted = AuditFacts['byAction'][number];

function CountTable({
  title,
  heading,
  rows,
  nameOf,
  searchOf,
}: {
  title: string;
  heading: string;
  rows: readonly Counted[];
  nameOf: (key: string) => ReactNode;
  searchOf: (key: string) => AuditSearch;
}) {
  const speak = useWords(auditText);
  return (
    <Panel title={title} flush>
      <DataTable<Counted>
        caption={title}
        rows={rows}
        rowKey={(row) => row.key}
        empty={speak('nothing')}
        columns={[
          {
            key: 'key',
            title: heading,
            wide: true,
            cell: (row) => (
              <Link to="/audit" search={searchOf(row.key)}>
                {nameOf(row.key)}
              </Link>
            ),
          },
          { key: 'done', title: speak('done'), align: 'right', cell: (row) => countText(row.done) },
          { key: 'refused', title: speak('refused'), align: 'right', cell: (row) => countText(row.refused) },
        ]}
      />
    </Panel>
  );
}
