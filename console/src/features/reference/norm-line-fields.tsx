import {
  ANY_TYPE,
  FILING_FIELDS,
  LIMIT_CLOCKS,
  LIMIT_MODES,
  type NormCategory,
  type NormField,
  type NormLimit,
  type NormLine,
  type NormPart,
  type NormPhrase,
  type NormReply,
} from '#contracts/reference/norm.content.ts';
import { limitModes } from '#ui/limits.ts';
import { CategorySelect } from '#ui/office/category-select.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { useSay, useWords } from '#ui/text.ts';
import { Checkbox, Form, Input, InputNumber, Select } from 'antd';
import { FIELD_WORDS, useNormWords } from './norm-words.tsx';
import { normsText } from './norms.text.ts';

/** What the form of a line holds; which of it counts depends on the part. */
export interface LineValues {
  readonly appealType?: string;
  readonly urgency?: number | null;
  readonly clock?: NormLimit['clock'];
  readonly category?: string;
  readonly mode?: NormLimit['mode'];
  readonly amount?: number;
  readonly field?: NormField['field'];
  readonly inUse?: boolean;
  readonly reviewed?: boolean;
  readonly minLength?: number | null;
  readonly contact?: boolean;
  readonly basis?: boolean;
  readonly attachment?: boolean;
  readonly phrase?: string;
}

/** A line as the form shows it. */
export function valuesOf(line: NormLine): LineValues {
  const { source: _source, ...values } = line;
  return { ...values, category: 'category' in line && line.category !== '' ? line.category : undefined } as LineValues;
}

/** The form as a line of its part. */
export function lineOf(part: NormPart, values: LineValues, source: string): NormLine {
  const category = values.category ?? '';
  const flag = (name: 'contact' | 'basis' | 'attachment' | 'reviewed') => (values[name] ? { [name]: true as const } : {});
  switch (part) {
    case 'limits': {
      const { urgency, appealType, clock, mode, amount } = values;
      return { urgency, appealType, clock, category, mode, amount, source } as NormLimit;
    }
    case 'fields':
      return { appealType: values.appealType, category, field: values.field, source } as NormField;
    case 'categories': {
      const urgency = values.urgency ? { urgency: values.urgency } : {};
      return { category, inUse: values.inUse ?? false, ...urgency, ...flag('reviewed'), source } as NormCategory;
    }
    case 'replies': {
      const minLength = values.minLength ? { minLength: values.minLength } : {};
      return {
        appealType: values.appealType,
        ...minLength,
        ...flag('contact'),
        ...flag('basis'),
        ...flag('attachment'),
        source,
      } as NormReply;
    }
    case 'phrases':
      return { phrase: values.phrase?.trim() ?? '', source } as NormPhrase;
  }
}

/** The fields of a line of this part. */
export function LineFields({ part }: { part: NormPart }) {
  const speak = useWords(normsText);
  const tell = useSay();
  const names = useNames();
  const words = useNormWords();
  const required = [{ required: true, message: speak('required') }];
  const types = names.codes('appeal_type');
  const urgencies = (upTo: number) =>
    Array.from({ length: upTo }, (_, index) => ({ value: index + 1, label: names.code('urgency', index + 1) }));
  const type = (options: { value: string; label: string }[]) => (
    <Form.Item name="appealType" label={speak('type')} rules={required}>
      <Select options={options} />
    </Form.Item>
  );
  const category = (needed: boolean) => (
    <Form.Item name="category" label={speak('category')} rules={needed ? required : []}>
      <CategorySelect {...(needed ? {} : { placeholder: speak('anyCategory') })} />
    </Form.Item>
  );
  const anyType = [{ value: ANY_TYPE, label: speak('anyType') }, ...types];
  switch (part) {
    case 'limits':
      return (
        <>
          {type(types)}
          <Form.Item name="urgency" label={speak('urgency')} rules={required}>
            <Select options={urgencies(4)} />
          </Form.Item>
          <Form.Item name="clock" label={speak('clock')} rules={required}>
            <Select options={LIMIT_CLOCKS.map((value) => ({ value, label: words.clock(value) }))} />
          </Form.Item>
          {category(false)}
          <Form.Item name="amount" label={speak('amount')} rules={required}>
            <InputNumber min={0.5} max={1000} style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="mode" label={speak('mode')} rules={required}>
            <Select options={LIMIT_MODES.map((value) => ({ value, label: tell(limitModes[value]!) }))} />
          </Form.Item>
        </>
      );
    case 'fields':
      return (
        <>
          {type(anyType)}
          {category(false)}
          <Form.Item name="field" label={speak('field')} rules={required}>
            <Select options={FILING_FIELDS.map((value) => ({ value, label: speak(FIELD_WORDS[value]) }))} />
          </Form.Item>
        </>
      );
    case 'categories':
      return (
        <>
          {category(true)}
          <Form.Item name="urgency" label={speak('defaultUrgency')}>
            <Select allowClear options={urgencies(3)} placeholder={speak('none')} />
          </Form.Item>
          <Form.Item name="inUse" valuePropName="checked" label={speak('use')}>
            <Checkbox>{speak('inUse')}</Checkbox>
          </Form.Item>
          <Form.Item name="reviewed" valuePropName="checked" label={speak('reviewedField')}>
            <Checkbox>{speak('reviewed')}</Checkbox>
          </Form.Item>
        </>
      );
    case 'replies':
      return (
        <>
          {type(anyType)}
          <Form.Item name="minLength" label={speak('minLength')}>
            <InputNumber min={1} max={2000} precision={0} style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item label={speak('demands')}>
            <div className="checks">
              {(['contact', 'basis', 'attachment'] as const).map((demand) => (
                <Form.Item key={demand} name={demand} valuePropName="checked" noStyle>
                  <Checkbox>{speak(demand)}</Checkbox>
                </Form.Item>
              ))}
            </div>
          </Form.Item>
        </>
      );
    case 'phrases':
      return (
        <Form.Item name="phrase" label={speak('phrase')} rules={[{ required: true, whitespace: true, min: 2, message: speak('required') }]}>
          <Input maxLength={50} />
        </Form.Item>
      );
  }
}
