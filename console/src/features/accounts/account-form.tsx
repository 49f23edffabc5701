import { identityApi, SCOPES } from '#contracts/identity/identity.api.ts';
import { roles } from '#contracts/permissions.ts';
import type { CallInput, Reply } from '#ui/api/client.ts';
import { call } from '#ui/api/client.ts';
import { fieldFaults, problemOf } from '#ui/api/problem.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { RegionFields } from '#ui/office/region-fields.tsx';
import { UnitPicker } from '#ui/office/unit-picker.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Radio, Select } from 'antd';
import { useEffect } from 'react';
import { accountsText } from './accounts.text.ts';

type NewAccount = CallInput<typeof identityApi.createAccount>['body'];
export type Opened = Reply<typeof identityApi.createAccount>;

export interface AccountFormProps {
  readonly onOpened: (opened: Opened) => void;
  readonly onClose: () => void;
}

export function AccountForm({ onOpened, onClose }: AccountFormProps) {
  const speak = useWords(accountsText);
  const tell = useSay();
  const queries = useQueryClient();
  const [form] = Form.useForm<NewAccount>();
  const scope = Form.useWatch('scope', form);
  const create = useMutation({
    mutationFn: ({ region, unitCode, ...rest }: NewAccount) =>
      call(identityApi.createAccount, {
        body: {
          ...rest,
          name: rest.name.trim(),
          ...(rest.scope === 'city' && region ? { region } : {}),
          ...(rest.scope === 'unit' && unitCode ? { unitCode } : {}),
        },
      }),
    onSuccess: (opened) => {
      void queries.invalidateQueries({ queryKey: ['accounts'] });
      onOpened(opened);
    },
  });
  useEffect(() => {
    const faults = fieldFaults(problemOf(create.error));
    form.setFields(faults.map(({ path, message }) => ({ name: path as never, errors: [message] })));
  }, [create.error, form]);
  const required = [{ required: true, message: speak('required') }];
  // Citizens have no account; a role is offered only where it may be held.
  const offered = Object.entries(roles).filter(
    ([role, facts]) => role !== 'citizen' && (!scope || (facts.scopes as readonly string[]).includes(scope)),
  );
  return (
    <Form<NewAccount>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ scope: 'city' }}
      onFinish={(values) => create.mutate(values)}
      onValuesChange={(changed: Partial<NewAccount>) => {
        if (changed.scope) form.resetFields(['roles', 'region', 'unitCode']);
      }}
    >
      <div className="fields-two">
        <Form.Item
          name="login"
          label={speak('login')}
          extra={speak('loginHint')}
          rules={[...required, { pattern: /^[a-z][a-z0-9.-]{2,39}$/, message: speak('loginWrong') }]}
        >
          <Input autoFocus autoComplete="off" autoCapitalize="none" maxLength={40} />
        </Form.Item>
        <Form.Item name="name" label={speak('name')} rules={[...required, { min: 2, message: speak('nameWrong') }]}>
          <Input autoComplete="off" maxLength={50} />
        </Form.Item>
      </div>
      <Form.Item name="scope" label={speak('scope')} rules={required}>
        <Radio.Group options={SCOPES.map((value) => ({ value, label: speak(value) }))} />
      </Form.Item>
      <div className="fields-two">
        {scope === 'city' ? (
          <Form.Item name="region" label={speak('region')} rules={required}>
            <RegionFields withStreet={false} />
          </Form.Item>
        ) : null}
        {scope === 'unit' ? (
          <Form.Item name="unitCode" label={speak('unitCode')} rules={required}>
            <UnitPicker />
          </Form.Item>
        ) : null}
        <Form.Item name="roles" label={speak('role')} rules={required}>
          <Select
            mode="multiple"
            maxCount={6}
            showSearch={{ optionFilterProp: 'label' }}
            options={offered.map(([value, { name }]) => ({ value, label: tell(name) }))}
          />
        </Form.Item>
      </div>
      <ProblemAlert error={create.error} />
      <div className="buttons">
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {speak('create')}
        </Button>
        <Button onClick={onClose}>{speak('cancel')}</Button>
      </div>
    </Form>
  );
}
