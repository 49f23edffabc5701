import type { ApiKey } from '#contracts/identity/identity.api.ts';
import { identityApi } from '#contracts/identity/identity.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { accountsText } from './accounts.text.ts';
import { SecretOnce } from './secret-once.tsx';

interface NewKey {
  readonly name: string;
  readonly system: string;
}

export function ApiKeysPage() {
  const speak = useWords(accountsText);
  const queries = useQueryClient();
  const { modal } = App.useApp();
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<{ name: string; secret: string }>();
  const list = useQuery({
    queryKey: ['api-keys'],
    queryFn: ({ signal }) => call(identityApi.apiKeys, {}, { signal }),
  });
  const revoke = useMutation({
    mutationFn: (id: string) => call(identityApi.revokeApiKey, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['api-keys'] }),
  });
  return (
    <Page
      title={speak('keys')}
      note={<span>{speak('keysNote')}</span>}
      actions={
        creating ? null : (
          <Button type="primary" onClick={() => setCreating(true)}>
            {speak('keyCreate')}
          </Button>
        )
      }
    >
      {made ? <SecretOnce note={speak('secretNote', { name: made.name })} secret={made.secret} onNoted={() => setMade(undefined)} /> : null}
      {creating ? (
        <Panel title={speak('keyCreate')}>
          <KeyForm
            onClose={() => setCreating(false)}
            onMade={(name, secret) => {
              setCreating(false);
              setMade({ name, secret });
            }}
          />
        </Panel>
      ) : null}
      <ProblemAlert error={revoke.error} />
      <Panel flush>
        <DataTable<ApiKey>
          caption={speak('keys')}
          rows={list.data?.items}
          rowKey={(key) => key.id}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={speak('noKeys')}
          columns={[
            { key: 'name', title: speak('keyName'), wide: true, cell: (key) => key.name },
            { key: 'system', title: speak('system'), cell: (key) => key.system },
            {
              key: 'prefix',
              title: speak('prefix'),
              cell: (key) => <span className="mono">{key.prefix}</span>,
            },
            {
              key: 'created',
              title: speak('created'),
              minor: true,
              cell: (key) => <span className="ms-number">{instantText(key.createdAt)}</span>,
            },
            {
              key: 'used',
              title: speak('lastUsed'),
              cell: (key) => <span className="ms-number">{key.lastUsedAt ? instantText(key.lastUsedAt) : speak('never')}</span>,
            },
            {
              key: 'status',
              title: speak('status'),
              cell: (key) => (
                <span className={`ms-tag ms-tag--${key.revokedAt ? 'stopped' : 'done'}`}>{speak(key.revokedAt ? 'revoked' : 'inUse')}</span>
              ),
            },
            {
              key: 'actions',
              title: speak('actions'),
              cell: (key) =>
                key.revokedAt ? null : (
                  <Button
                    size="small"
                    danger
                    onClick={() => {
                      modal.confirm({
                        title: speak('revokeConfirm', { name: key.name }),
                        okText: speak('revoke'),
                        cancelText: speak('cancel'),
                        okButtonProps: { danger: true },
                        onOk: () => revoke.mutate(key.id),
                      });
                    }}
                  >
                    {speak('revoke')}
                  </Button>
                ),
            },
          ]}
        />
      </Panel>
    </Page>
  );
}

function KeyForm({ onMade, onClose }: { onMade: (name: string, secret: string) => void; onClose: () => void }) {
  const speak = useWords(accountsText);
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (body: NewKey) => call(identityApi.createApiKey, { body }),
    onSuccess: ({ key, secret }) => {
      void queries.invalidateQueries({ queryKey: ['api-keys'] });
      onMade(key.name, secret);
    },
  });
  const required = { required: true, message: speak('required') };
  return (
    <Form<NewKey> layout="vertical" requiredMark={false} onFinish={(key) => create.mutate(key)}>
      <div className="fields-two">
        <Form.Item name="name" label={speak('keyName')} rules={[required, { min: 2, message: speak('nameWrong') }]}>
          <Input autoFocus autoComplete="off" maxLength={50} />
        </Form.Item>
        <Form.Item
          name="system"
          label={speak('system')}
          rules={[required, { pattern: /^[a-z0-9-]{2,32}$/, message: speak('systemWrong') }]}
        >
          <Input autoComplete="off" maxLength={32} />
        </Form.Item>
      </div>
      <ProblemAlert error={create.error} labels={{ name: speak('keyName'), system: speak('system') }} />
      <div className="buttons">
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {speak('keyCreate')}
        </Button>
        <Button onClick={onClose}>{speak('cancel')}</Button>
      </div>
    </Form>
  );
}
