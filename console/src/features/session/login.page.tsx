import { identityApi } from '#contracts/identity/identity.api.ts';
import { call } from '#ui/api/client.ts';
import { LanguageSwitch } from '#ui/components/language-switch.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { Button, Form, Input } from 'antd';
import { returnTo } from '../../parts/return-to.ts';
import { sessionText } from './session.text.ts';

interface Credentials {
  readonly login: string;
  readonly password: string;
}

export function LoginPage() {
  const speak = useWords(sessionText);
  const navigate = useNavigate();
  const router = useRouter();
  const queries = useQueryClient();
  const { back } = useSearch({ from: '/login' });
  const login = useMutation({
    mutationFn: (body: Credentials) => call(identityApi.login, { body: { ...body, login: body.login.trim() } }),
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(['me'], me);
      if (me.mustChangePassword) {
        void navigate({ to: '/password', search: back ? { back } : {} });
      } else returnTo(router, back);
    },
  });
  return (
    <main className="gate">
      <div className="gate__card">
        <div className="gate__head">
          <p className="gate__product">{speak('product')}</p>
          <p>{speak('line')}</p>
        </div>
        <h1>{speak('title')}</h1>
        {back && !login.error ? <p className="gate__note">{speak('ended')}</p> : null}
        <ProblemAlert error={login.error} />
        <Form<Credentials> layout="vertical" requiredMark={false} onFinish={(values) => login.mutate(values)}>
          <Form.Item name="login" label={speak('login')} rules={[{ required: true, message: speak('loginMissing') }]}>
            <Input autoFocus autoComplete="username" autoCapitalize="none" size="large" />
          </Form.Item>
          <Form.Item name="password" label={speak('password')} rules={[{ required: true, message: speak('passwordMissing') }]}>
            <Input.Password autoComplete="current-password" size="large" />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={login.isPending}>
            {speak('submit')}
          </Button>
        </Form>
        <div className="gate__foot">
          <span>{speak('help')}</span>
          <LanguageSwitch />
        </div>
      </div>
    </main>
  );
}
