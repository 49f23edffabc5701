import type { OrderView } from '#contracts/orders/orders.api.ts';
import { CategorySelect } from '#ui/office/category-select.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { UnitPicker, UnitsPicker } from '#ui/office/unit-picker.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { Checkbox, Form, Input, InputNumber, Radio, Select, Switch } from 'antd';
import type { ReactElement } from 'react';
import { FilesField } from '../../../parts/files-field.tsx';
import type { FieldSpec } from './action-schema.ts';
import { actionText, fieldName } from './actions.text.ts';

const SHORT_CHOICE = 5;

export interface ActionFieldProps {
  readonly action: string;
  /** What a unit is proposed by. */
  readonly order: Pick<OrderView, 'category' | 'region'>;
  readonly spec: FieldSpec;
}

/** One field of an action's form, with the checks that its schema asks for. */
export function ActionField({ action, order, spec }: ActionFieldProps) {
  const speak = useWords(actionText);
  const tell = useSay();
  const label = tell(fieldName(action, spec.name));
  return (
    <Form.Item
      name={spec.name}
      label={
        spec.required ? (
          label
        ) : (
          <>
            {label}
            <span className="optional">{speak('optional')}</span>
          </>
        )
      }
      {...(spec.kind === 'instant' ? { extra: speak('now') } : {})}
      {...(spec.kind === 'switch' ? { valuePropName: 'checked' } : {})}
      rules={[
        ...(spec.required ? [{ required: true, message: speak('required') }] : []),
        {
          validator: (_: unknown, value: unknown) => {
            const length = typeof value === 'string' ? [...value.trim()].length : 0;
            const short = spec.min !== undefined && length > 0 && length < spec.min;
            return short ? Promise.reject(new Error(speak('short', { min: spec.min ?? 0 }))) : Promise.resolve();
          },
        },
      ]}
    >
      <Control order={order} spec={spec} />
    </Form.Item>
  );
}

interface ControlProps {
  readonly order: ActionFieldProps['order'];
  readonly spec: FieldSpec;
  // Handed in by Form.Item.
  readonly id?: string;
  readonly value?: unknown;
  readonly onChange?: (value: unknown) => void;
}

function Control({ order, spec, ...given }: ControlProps): ReactElement {
  const names = useNames();
  const speak = useWords(actionText);
  const category: unknown = Form.useWatch('category');
  const bound = given as { id?: string; value?: never; onChange?: (value: unknown) => void };
  const options = spec.values.map((value) => ({
    value,
    label: spec.list ? names.code(spec.list, value) : String(value),
  }));
  switch (spec.kind) {
    case 'unit':
      return <UnitPicker {...bound} category={typeof category === 'string' ? category : order.category} region={order.region} />;
    case 'units':
      return <UnitsPicker {...bound} />;
    case 'orders':
      return (
        <Select
          {...bound}
          mode="tags"
          open={false}
          tokenSeparators={[' ', ',', '，', '\n']}
          suffixIcon={null}
          placeholder={speak('numbers')}
        />
      );
    case 'category':
      return <CategorySelect {...bound} />;
    case 'choice':
      return options.length <= SHORT_CHOICE ? (
        <Radio.Group {...bound} options={options} />
      ) : (
        <Select {...bound} options={options} allowClear={!spec.required} showSearch={{ optionFilterProp: 'label' }} />
      );
    case 'choices':
      return <Checkbox.Group {...bound} options={options} />;
    case 'instant':
      return <Input {...bound} type="datetime-local" />;
    case 'day':
      return <Input {...bound} type="date" />;
    case 'switch':
      return <Switch {...bound} />;
    case 'number':
      return <InputNumber {...bound} />;
    case 'files':
      return <FilesField {...bound} />;
    case 'line':
      return <Input {...bound} {...(spec.max ? { maxLength: spec.max } : {})} />;
    case 'text':
    default:
      return (
        <Input.TextArea
          {...bound}
          autoSize={{ minRows: (spec.min ?? 0) >= 10 ? 7 : 3, maxRows: 16 }}
          {...(spec.max ? { maxLength: spec.max, showCount: spec.max >= 1000 } : {})}
        />
      );
  }
}
