import type { AuditEntry } from '#contracts/identity/identity.api.ts';
import { AUDIT_KINDS, auditApi, type AuditKind } from '#contracts/identity/identity.api.ts';
import type { Role } from '#contracts/permissions.ts';
import { roles } from '#contracts/permissions.ts';
import type { Reply } from '#ui/api/client.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { endOfDay, instantText, startOfDay } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Input, Select } from 'antd';
import { useDeferredValue } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { auditFrom } from './audit-search.ts';
import { auditText } from './audit.text.ts';

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const empty = { action: '', kind: '', role: '', objectId: '', accountId: '', from: '', to: '' };
type Typed = typeof empty;
const FIELDS = ['action', 'objectId', 'accountId', 'from', 'to'] as const;
type Verdict = Reply<typeof auditApi.verify>;

export function AuditPage() {
  const speak = useWords(auditText);
  const may = useMay();
  const typed: Typed = { ...empty, ...useSearch({ from: '/inside/audit' }) };
  const navigate = useNavigate({ from: '/audit' });
  const setTyped = (next: Typed) => void navigate({ search: auditFrom(next), replace: true });
  const verify = useMutation({ mutationFn: () => call(auditApi.verify, {}) });
  const query = useDeferredValue(queryOf(typed));
  const list = useInfiniteQuery({
    queryKey: ['audit', query],
    queryFn: ({ pageParam, signal }) =>
      call(auditApi.list, { query: { ...query, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
  return (
    <Page
      title={speak('title')}
      actions={
        may('audit.verify') ? (
          <Button type="primary" loading={verify.isPending} onClick={() => verify.mutate()}>
            {speak('verify')}
          </Button>
        ) : null
      }
    >
      <ProblemAlert error={verify.error} />
      {verify.data ? <Verdict verdict={verify.data} /> : null}
      <AuditFilters typed={typed} onType={setTyped} />
      <Panel flush>
        <DataTable<AuditEntry>
          caption={speak('title')}
          rows={list.data?.pages.flatMap((page) => page.items)}
          rowKey={(entry) => entry.id}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={speak('empty')}
          more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
          columns={useColumns()}
        />
      </Panel>
    </Page>
  );
}

function useColumns() {
  const speak = useWords(auditText);
  const tell = useSay();
  const roleName = (role: string) => (role in roles ? tell(roles[role as Role].name) : role);
  return [
    {
      key: 'at',
      title: speak('at'),
      cell: (entry: AuditEntry) => <span className="ms-number">{instantText(entry.at)}</span>,
    },
    {
      key: 'actor',
      title: speak('actor'),
      cell: (entry: AuditEntry) => (
        <>
          {entry.actor}
          <span className="under">{[entry.roles.map(roleName).join('、'), entry.ip].filter(Boolean).join(' · ')}</span>
        </>
      ),
    },
    {
      key: 'action',
      title: speak('action'),
      cell: (entry: AuditEntry) => <span className="mono">{entry.action}</span>,
    },
    {
      key: 'outcome',
      title: speak('outcome'),
      cell: (entry: AuditEntry) => (
        <span className={`ms-tag ms-tag--${entry.outcome === 'done' ? 'done' : 'danger'}`}>{speak(entry.outcome)}</span>
      ),
    },
    {
      key: 'detail',
      title: speak('detail'),
      wide: true as const,
      cell: (entry: AuditEntry) => (
        <>
          {entry.objectKind ? (
            <span className="under mono">
              {entry.objectKind} {entry.objectId}
            </span>
          ) : null}
          <span className="mono">{detailText(entry.detail)}</span>
        </>
      ),
    },
    {
      key: 'seq',
      title: speak('seq'),
      minor: true as const,
      cell: (entry: AuditEntry) =>
        entry.seq === null ? (
          <span className="quiet">{speak('unsealed')}</span>
        ) : (
          <span className="ms-number" title={entry.hash ?? ''}>
            {entry.seq}
            <span className="under mono">{entry.hash?.slice(0, 12)}</span>
          </span>
        ),
    },
  ];
}

function AuditFilters({ typed, onType }: { typed: Typed; onType: (typed: Typed) => void }) {
  const speak = useWords(auditText);
  const tell = useSay();
  const isBad = (name: keyof Typed) => name.endsWith('Id') && typed[name] !== '' && !ID.test(typed[name].trim());
  return (
    <div className="filters" role="search" aria-label={speak('title')}>
      {FIELDS.map((name) => (
        <div className="filters__field" key={name}>
          <label htmlFor={`audit-${name}`}>{speak(name)}</label>
          <Input
            id={`audit-${name}`}
            maxLength={60}
            {...(name === 'from' || name === 'to' ? { type: 'date' } : {})}
            {...(name === 'action' ? { placeholder: speak('actionHint') } : {})}
            {...(isBad(name) ? { status: 'error' as const, title: speak('badId') } : {})}
            value={typed[name]}
            onChange={(event) => onType({ ...typed, [name]: event.target.value })}
          />
        </div>
      ))}
      <div className="filters__field">
        <label htmlFor="audit-kind">{speak('kind')}</label>
        <Select<string>
          id="audit-kind"
          value={typed.kind}
          options={[{ value: '', label: speak('anyKind') }, ...AUDIT_KINDS.map((value) => ({ value, label: speak(value) }))]}
          onChange={(kind) => onType({ ...typed, kind })}
        />
      </div>
      <div className="filters__field">
        <label htmlFor="audit-role">{speak('role')}</label>
        <Select<string>
          id="audit-role"
          value={typed.role}
          options={[
            { value: '', label: speak('anyRole') },
            ...Object.entries(roles).map(([value, facts]) => ({ value, label: tell(facts.name) })),
          ]}
          onChange={(role) => onType({ ...typed, role })}
        />
      </div>
      {Object.values(typed).some(Boolean) ? (
        <div className="filters__buttons">
          <Button onClick={() => onType(empty)}>{speak('clear')}</Button>
        </div>
      ) : null}
    </div>
  );
}

function Verdict({ verdict }: { verdict: Verdict }) {
  const speak = useWords(auditText);
  const { ok, fault, checked, lastSeq, unsealed } = verdict;
  return (
    <div className={ok ? 'ms-problem ms-problem--good' : 'ms-problem'} role={ok ? 'status' : 'alert'} data-testid="audit-verdict">
      <p className="ms-problem__title">
        {ok || !fault ? speak('intact', { checked, lastSeq, unsealed }) : speak('broken', { seq: fault.seq, what: speak(fault.what) })}
      </p>
      {fault?.entryId ? <p className="mono">{fault.entryId}</p> : null}
    </div>
  );
}

function detailText(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('  ');
}

/** Half-typed ids are not asked for. */
function queryOf(typed: Typed) {
  const { action, kind, role, objectId, accountId, from, to } = typed;
  return {
    ...(action.trim() ? { action: action.trim() } : {}),
    ...(kind ? { kind: kind as AuditKind } : {}),
    ...(role ? { role } : {}),
    ...(ID.test(objectId.trim()) ? { objectId: objectId.trim() } : {}),
    ...(ID.test(accountId.trim()) ? { accountId: accountId.trim() } : {}),
    ...(from ? { from: startOfDay(from) } : {}),
    ...(to ? { to: endOfDay(to) } : {}),
  };
}
