import type { Account } from '#contracts/identity/identity.api.ts';
import { identityApi } from '#contracts/identity/identity.api.ts';
import type { Role } from '#contracts/permissions.ts';
import { roles } from '#contracts/permissions.ts';
import { call } from '#ui/api/client.ts';
import { useNow } from '#ui/components/use-now.ts';
import { instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { useMay, useMe } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { AccountForm } from './account-form.tsx';
import { accountsText } from './accounts.text.ts';
import { ReasonModal } from './reason-modal.tsx';
import { SecretOnce } from './secret-once.tsx';

type Doing = { readonly what: 'disable' | 'enable' | 'reset'; readonly account: Account };
type Status = Account['status'];

export function AccountsPage() {
  const speak = useWords(accountsText);
  const tell = useSay();
  const may = useMay();
  const me = useMe();
  const names = useNames();
  const nowMs = useNow();
  const [typed, setTyped] = useState('');
  const [role, setRole] = useState<Role>();
  const [status, setStatus] = useState<Status>();
  const [creating, setCreating] = useState(false);
  const [doing, setDoing] = useState<Doing>();
  const [secret, setSecret] = useState<{ name: string; text: string }>();
  const q = useDeferredValue(typed.trim());
  const query = { ...(q ? { q } : {}), ...(role ? { role } : {}), ...(status ? { status } : {}) };
  const list = useInfiniteQuery({
    queryKey: ['accounts', query],
    queryFn: ({ pageParam, signal }) =>
      call(identityApi.accounts, { query: { ...query, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
  const mayChange = may('identity.change-accounts');
  return (
    <Page
      title={speak('title')}
      actions={
        mayChange && !creating ? (
          <Button type="primary" onClick={() => setCreating(true)}>
            {speak('create')}
          </Button>
        ) : null
      }
    >
      {secret ? (
        <SecretOnce note={speak('oneTimeNote', { name: secret.name })} secret={secret.text} onNoted={() => setSecret(undefined)} />
      ) : null}
      {creating ? (
        <Panel title={speak('create')}>
          <AccountForm
            onClose={() => setCreating(false)}
            onOpened={({ account, oneTimePassword }) => {
              setCreating(false);
              setSecret({ name: account.name, text: oneTimePassword });
            }}
          />
        </Panel>
      ) : null}
      <div className="filters" role="search" aria-label={speak('title')}>
        <div className="filters__field">
          <label htmlFor="a-q">{speak('search')}</label>
          <Input id="a-q" allowClear maxLength={50} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
        <div className="filters__field">
          <label htmlFor="a-role">{speak('role')}</label>
          <Select
            id="a-role"
            allowClear
            placeholder={speak('all')}
            options={Object.entries(roles).map(([value, facts]) => ({
              value: value as Role,
              label: tell(facts.name),
            }))}
            value={role}
            onChange={(chosen?: Role) => setRole(chosen)}
          />
        </div>
        <div className="filters__field">
          <label htmlFor="a-status">{speak('status')}</label>
          <Select
            id="a-status"
            allowClear
            placeholder={speak('all')}
            options={(['active', 'disabled'] as const).map((value) => ({
              value,
              label: speak(value),
            }))}
            value={status}
            onChange={(chosen?: Status) => setStatus(chosen)}
          />
        </div>
      </div>
      <Panel flush>
        <DataTable<Account>
          caption={speak('title')}
          rows={list.data?.pages.flatMap((page) => page.items)}
          rowKey={(account) => account.id}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={speak('empty')}
          more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
          columns={[
            { key: 'login', title: speak('login'), cell: (account) => account.login },
            { key: 'name', title: speak('name'), cell: (account) => account.name },
            {
              key: 'roles',
              title: speak('role'),
              wide: true,
              cell: (account) => account.roles.map((each) => tell(roles[each].name)).join('、'),
            },
            {
              key: 'scope',
              title: speak('scope'),
              cell: (account) => (
                <>
                  {speak(account.scope)}{' '}
                  <span className="under">{account.unitCode ?? (account.region ? names.region(account.region) : '')}</span>
                </>
              ),
            },
            {
              key: 'status',
              title: speak('status'),
              cell: (account) => (
                <>
                  <span className={`ms-tag ms-tag--${account.status === 'active' ? 'done' : 'stopped'}`}>{speak(account.status)}</span>
                  {account.lockedUntil && Date.parse(account.lockedUntil) > nowMs ? (
                    <span className="under">{speak('locked', { when: instantText(account.lockedUntil).slice(11) })}</span>
                  ) : null}
                </>
              ),
            },
            {
              key: 'last',
              title: speak('lastLogin'),
              minor: true,
              cell: (account) => (
                <span className="ms-number">{account.lastLoginAt ? instantText(account.lastLoginAt) : speak('never')}</span>
              ),
            },
            ...(mayChange
              ? [
                  {
                    key: 'actions',
                    title: speak('actions'),
                    cell: (account: Account) => (account.id === me.accountId ? null : <AccountButtons account={account} onDo={setDoing} />),
                  },
                ]
              : []),
          ]}
        />
      </Panel>
      {doing ? (
        <DoModal doing={doing} onClose={() => setDoing(undefined)} onSecret={(text) => setSecret({ name: doing.account.name, text })} />
      ) : null}
    </Page>
  );
}

function AccountButtons({ account, onDo }: { account: Account; onDo: (doing: Doing) => void }) {
  const speak = useWords(accountsText);
  const toggle = account.status === 'active' ? 'disable' : 'enable';
  return (
    <span className="buttons buttons--tight">
      <Button size="small" onClick={() => onDo({ what: toggle, account })}>
        {speak(toggle)}
      </Button>
      <Button size="small" onClick={() => onDo({ what: 'reset', account })}>
        {speak('reset')}
      </Button>
    </span>
  );
}

function DoModal({ doing, onClose, onSecret }: { doing: Doing; onClose: () => void; onSecret: (text: string) => void }) {
  const speak = useWords(accountsText);
  const queries = useQueryClient();
  const { message } = App.useApp();
  const params = { id: doing.account.id };
  const act = useMutation({
    mutationFn: async (reason: string) => {
      if (doing.what === 'reset') {
        const reply = await call(identityApi.resetPassword, { params, body: { reason } });
        return reply.oneTimePassword;
      }
      const status = doing.what === 'disable' ? 'disabled' : 'active';
      await call(identityApi.setAccountStatus, { params, body: { status, reason } });
      return undefined;
    },
    onSuccess: (secret) => {
      void queries.invalidateQueries({ queryKey: ['accounts'] });
      if (secret) onSecret(secret);
      else void message.success(speak('done'));
      onClose();
    },
  });
  return (
    <ReasonModal
      title={`${speak(doing.what)} ${doing.account.name} (${doing.account.login})`}
      busy={act.isPending}
      error={act.error}
      onReason={(reason) => act.mutate(reason)}
      onClose={onClose}
    />
  );
}
