import { PARTY_ROLES, RACI, responsibilitiesApi, type RaciPart, type Responsibility } from '#contracts/operations/responsibilities.api.ts';
import { assetsApi } from '#contracts/operations/assets.api.ts';
import { roles } from '#contracts/permissions.ts';
import { call } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { App, AutoComplete, Form, Modal, Select } from 'antd';
import { useAct } from '../../parts/act.ts';
import { peopleQuery } from '../../parts/schema-form.tsx';
import { responsibilitiesText } from './responsibilities.text.ts';

interface Values {
  readonly component: string;
  readonly responsible: string[];
  readonly accountable: string;
  readonly consulted?: string[];
  readonly informed?: string[];
}
const PARTS = Object.keys(RACI) as RaciPart[];

/** Who answers for one component; without `known`, of a new one. */
export function ResponsibilityForm({ known, onClose }: { known: Responsibility | undefined; onClose: () => void }) {
  const speak = useWords(responsibilitiesText);
  const tell = useSay();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const people = useQuery(peopleQuery);
  const assets = useQuery({
    queryKey: ['assets', 'names'],
    queryFn: ({ signal }) => call(assetsApi.list, { query: {} }, { signal }),
    staleTime: 60_000,
  });
  const put = useAct(responsibilitiesApi.put, 'responsibilities', () => {
    void message.success(speak('saved'));
    onClose();
  });
  const options = [
    { label: speak('people'), options: (people.data?.items ?? []).map(({ id, name }) => ({ value: `person:${id}`, label: name })) },
    { label: speak('roles'), options: PARTY_ROLES.map((role) => ({ value: `role:${role}`, label: tell(roles[role].name) })) },
  ];
  const codes = (part: 'responsible' | 'consulted' | 'informed') => known?.[part].map(({ party }) => party);
  return (
    <Modal
      open
      title={known?.component ?? speak('add')}
      okText={speak('save')}
      cancelText={speak('cancel')}
      confirmLoading={put.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        {...(known
          ? {
              initialValues: {
                component: known.component,
                responsible: codes('responsible'),
                accountable: known.accountable.party,
                consulted: codes('consulted'),
                informed: codes('informed'),
              },
            }
          : {})}
        onFinish={({ component, consulted = [], informed = [], ...parts }) =>
          put.mutate({
            params: { component: component.trim() },
            body: { ...parts, consulted, informed, version: known?.version ?? 0 },
          })
        }
      >
        {problemOf(put.error)?.code === 'base.stale' ? <p role="alert">{speak('overtaken')}</p> : <ProblemAlert error={put.error} />}
        {known ? (
          <Form.Item name="component" hidden>
            <AutoComplete />
          </Form.Item>
        ) : (
          <Form.Item
            name="component"
            label={speak('component')}
            rules={[{ required: true, whitespace: true, max: 120, message: speak('required') }]}
          >
            <AutoComplete
              options={(assets.data?.items ?? []).map(({ key, name }) => ({ value: key, label: `${key}　${name}` }))}
              showSearch={{ filterOption: (typed, option) => (option?.label ?? '').includes(typed) }}
            />
          </Form.Item>
        )}
        {PARTS.map((part) => {
          const isNeeded = part === 'responsible' || part === 'accountable';
          return (
            <Form.Item
              key={part}
              name={part}
              label={
                <>
                  {tell(RACI[part])} {part[0]!.toUpperCase()}
                  {isNeeded ? null : <span className="optional">{speak('optional')}</span>}
                </>
              }
              rules={isNeeded ? [{ required: true, message: speak('required') }] : []}
            >
              <Select
                {...(part === 'accountable' ? {} : { mode: 'multiple' as const, maxCount: 10 })}
                options={options}
                loading={people.isPending}
                showSearch={{ optionFilterProp: 'label' }}
              />
            </Form.Item>
          );
        })}
      </Form>
    </Modal>
  );
}
