import type { Entry } from '#contracts/reference/catalogue.api.ts';
import { catalogueApi } from '#contracts/reference/catalogue.api.ts';
import { referenceApi } from '#contracts/reference/reference.api.ts';
import type { CallInput } from '#ui/api/client.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { CategorySelect } from '#ui/office/category-select.tsx';
import { useDictionary } from '#ui/office/dictionary.ts';
import { useMe } from '#ui/office/session.ts';
import { UnitPicker } from '#ui/office/unit-picker.tsx';
import { regionPath } from '#ui/regions.ts';
import { useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Form, Input, Radio, Select } from 'antd';
import { catalogueText } from './catalogue.text.ts';
import { useEntryWords } from './entry-words.tsx';

type Proposal = CallInput<typeof catalogueApi.propose>['body'];

interface Values {
  readonly region: string;
  readonly category: string;
  readonly unit?: string;
  readonly owner: 'unit' | 'kind';
  readonly role: 'main' | 'assist';
  readonly legalSource: string;
  readonly reason: string;
  readonly ended?: boolean;
}

export interface EntryFormProps {
  /** The version that a new one follows. */
  readonly follows?: Entry | undefined;
  /** The entry whose open objections it answers. */
  readonly answers?: string | undefined;
  /** What the form begins with. */
  readonly start?: Partial<Values>;
  readonly onDone: (entry: Entry) => void;
  readonly onClose: () => void;
}

/** Proposes an entry, or a new version of one. An owner is a unit, or the unit of the same kind and level of each place. */
export function EntryForm({ follows, answers, start, onDone, onClose }: EntryFormProps) {
  const speak = useWords(catalogueText);
  const words = useEntryWords();
  const me = useMe();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { regions } = useDictionary();
  const [form] = Form.useForm<Values>();
  const category = Form.useWatch('category', form);
  const propose = useMutation({
    mutationFn: async (values: Values) => call(catalogueApi.propose, { body: await bodyOf(values, follows, answers) }),
    onSuccess: async (entry) => {
      await queries.invalidateQueries({ queryKey: ['catalogue'] });
      void message.success(speak('sent'));
      onDone(entry);
    },
  });
  const own = me.region?.slice(0, 4);
  const places = regions
    .filter(({ code, level }) => (level === 'city' || level === 'county') && (!own || code.startsWith(own)))
    .map(({ code, level }) => ({ value: level === 'city' ? code.slice(0, 4) : code, label: regionPath(regions, code) }));
  const required = [{ required: true, message: speak('required') }];
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{
        role: follows?.role ?? 'main',
        owner: follows?.kind ? 'kind' : 'unit',
        region: follows?.region ?? own ?? '32',
        category: follows?.category,
        unit: follows?.unit?.code,
        legalSource: follows?.legalSource,
        ...start,
      }}
      onFinish={(values) => propose.mutate(values)}
    >
      <div className="fields-four">
        <Form.Item name="region" label={speak('region')} rules={required}>
          <Select
            disabled={follows !== undefined}
            showSearch={{ optionFilterProp: 'label' }}
            options={own ? places : [{ value: '32', label: speak('province') }, ...places]}
          />
        </Form.Item>
        <Form.Item name="category" label={speak('category')} rules={required}>
          <CategorySelect />
        </Form.Item>
        <Form.Item name="role" label={speak('role')} rules={required}>
          <Radio.Group options={(['main', 'assist'] as const).map((value) => ({ value, label: speak(value) }))} />
        </Form.Item>
        <Form.Item name="owner" label={speak('owner')} rules={required}>
          <Radio.Group
            options={[
              { value: 'unit', label: speak('ownerUnit') },
              { value: 'kind', label: speak('ownerKind') },
            ]}
          />
        </Form.Item>
      </div>
      <Form.Item
        name="unit"
        label={speak('unit')}
        rules={follows?.kind ? [] : required}
        extra={follows?.kind ? words.owner(follows) : undefined}
      >
        <UnitPicker category={category} region={undefined} />
      </Form.Item>
      <div className="fields-two">
        <Form.Item name="legalSource" label={speak('legalSource')} rules={[{ ...required[0], min: 2 }]}>
          <Input maxLength={300} />
        </Form.Item>
        <Form.Item
          name="reason"
          label={speak('reason')}
          rules={[{ required: true, whitespace: true, min: 4, message: speak('reasonShort') }]}
        >
          <Input maxLength={500} />
        </Form.Item>
      </div>
      {follows ? (
        <Form.Item name="ended" valuePropName="checked">
          <Checkbox>{speak('endEntry')}</Checkbox>
        </Form.Item>
      ) : null}
      <ProblemAlert error={propose.error} labels={{ unit: speak('unit'), region: speak('region'), category: speak('category') }} />
      <div className="buttons">
        <Button type="primary" htmlType="submit" loading={propose.isPending}>
          {speak('propose')}
        </Button>
        <Button onClick={onClose}>{speak('cancel')}</Button>
      </div>
    </Form>
  );
}

async function bodyOf(values: Values, follows: Entry | undefined, answers: string | undefined): Promise<Proposal> {
  const { unit, owner, ended, ...rest } = values;
  const body = { ...rest, ...(follows ? { entry: follows.id } : {}), ...(answers ? { answers } : {}), ...(ended ? { ended } : {}) };
  if (owner === 'unit') return { ...body, ...(unit ? { unit } : {}) };
  if (!unit) return { ...body, ...(follows?.kind && follows.level ? { kind: follows.kind, level: follows.level } : {}) };
  // The kind of the unit that was picked stands for all of them.
  const { items } = await call(referenceApi.units, { query: { under: unit, limit: 1 } });
  const picked = items[0];
  return picked ? { ...body, kind: picked.kind, level: picked.level } : { ...body, unit };
}
