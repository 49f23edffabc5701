import { identityApi } from '#contracts/identity/identity.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { App, Button, Form, Input } from 'antd';
import { returnTo } from '../../parts/return-to.ts';
import { sessionText } from './session.text.ts';

interface Passwords {
  readonly present: string;
  readonly next: string;
  readonly repeat: string;
}

export function PasswordPage() {
  const speak = useWords(sessionText);
  const router = useRouter();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { back } = useSearch({ from: '/password' });
  const me = useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => call(identityApi.me, {}, { signal }),
    staleTime: 60_000,
  });
  const leave = () => returnTo(router, back);
  const change = useMutation({
    mutationFn: ({ present, next }: Passwords) => call(identityApi.changePassword, { body: { present, next } }),
    onSuccess: (changed) => {
      queries.setQueryData(['me'], changed);
      void message.success(speak('changed'));
      leave();
    },
  });
  const forced = me.data?.mustChangePassword ?? false;
  return (
    <main className="gate">
      <div className="gate__card">
        <div className="gate__head">
          <p className="gate__product">{speak('product')}</p>
          <p>{me.data?.name ?? speak('line')}</p>
        </div>
        <h1>{speak('changeTitle')}</h1>
        {forced ? <p className="gate__note">{speak('first')}</p> : null}
        <ProblemAlert error={change.error} labels={{ present: speak('present'), next: speak('next') }} />
        <Form<Passwords> layout="vertical" requiredMark={false} onFinish={(values) => change.mutate(values)}>
          <input type="text" autoComplete="username" value={me.data?.login ?? ''} readOnly hidden />
          <Form.Item name="present" label={speak('present')} rules={[{ required: true, message: speak('passwordMissing') }]}>
            <Input.Password autoFocus autoComplete="current-password" />
          </Form.Item>
          <Form.Item
            name="next"
            label={speak('next')}
            extra={speak('nextHint')}
            rules={[{ required: true, min: 10, message: speak('short') }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <Form.Item
            name="repeat"
            label={speak('repeat')}
            dependencies={['next']}
            rules={[
              { required: true, message: speak('differs') },
              ({ getFieldValue }) => ({
                validator: (_, value) =>
                  value === undefined || value === getFieldValue('next') ? Promise.resolve() : Promise.reject(new Error(speak('differs'))),
              }),
            ]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={change.isPending}>
            {speak('change')}
          </Button>
          {forced ? null : (
            <Button type="text" block onClick={leave}>
              {speak('cancel')}
            </Button>
          )}
        </Form>
      </div>
    </main>
  );
}
