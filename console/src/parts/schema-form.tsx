import type { Words } from '#contracts/base/text.ts';
import { fieldFaults, problemOf } from '#ui/api/problem.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantFromBeijing } from '#ui/format.ts';
import { useSay, useWords } from '#ui/text.ts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, InputNumber, Radio, Select } from 'antd';
import { useEffect, useRef, type ReactElement } from 'react';
import { matchersText, parseMatchers } from '#contracts/operations/matchers.ts';
import type { Matcher } from '#contracts/operations/alerts.api.ts';
import { recordsApi } from '#contracts/operations/records/records.api.ts';
import { call } from '#ui/api/client.ts';

const words = {
  close: { zh: '收起', en: 'Close' },
  optional: { zh: '可不填', en: 'optional' },
  required: { zh: '必填', en: 'is required' },
  addMeasure: { zh: '增加一项', en: 'Add one' },
  removeMeasure: { zh: '删除', en: 'Remove' },
  measureTitle: { zh: '措施', en: 'Action' },
  measureDue: { zh: '期限', en: 'By' },
  owner: { zh: '责任人', en: 'Owner' },
  badMatchers: { zh: '写作 标签="值"，多个以逗号分隔；可用 = != =~ !~', en: 'Write label="value", separated by commas; = != =~ !~' },
} as const;

/** Who may own a matter of the centre. */
export const peopleQuery = queryOptions({
  queryKey: ['records', 'people'],
  queryFn: ({ signal }) => call(recordsApi.people, {}, { signal }),
  staleTime: 60_000,
});

/** What a schema says of a field: its form, and by {@link Named} its name and the names of its choices. */
interface FieldSchema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly items?: { readonly enum?: readonly string[] };
  readonly 'x-name'?: Words;
  readonly 'x-choices'?: Readonly<Record<string, Words>>;
}
export interface FormSchema {
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
}
type Values = Record<string, unknown>;

export interface SchemaFormProps {
  readonly schema: FormSchema;
  readonly start?: Values;
  /** What is written into the form while it is open, over what stood there. */
  readonly fill?: Values | undefined;
  /** Whether its first field takes the focus, as in a form that was just opened. */
  readonly focus?: boolean;
  readonly sendName: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSend: (input: Values) => void;
  readonly onClose?: () => void;
}

/** A form drawn from a schema alone: one field for each property, in its order. */
export function SchemaForm({ schema, start, fill, focus = true, sendName, danger, busy, error, onSend, onClose }: SchemaFormProps) {
  const speak = useWords(words);
  const tell = useSay();
  const [form] = Form.useForm<Values>();
  const box = useRef<HTMLDivElement>(null);
  const fields = Object.entries(schema.properties ?? {});
  // What may be an empty list or is a mark may be left as it is.
  const required = new Set(
    schema.required?.filter((name) => {
      const { type, minItems = 0 } = schema.properties?.[name] ?? {};
      return type !== 'boolean' && (type !== 'array' || minItems > 0);
    }),
  );

  useEffect(() => {
    if (focus) box.current?.querySelector<HTMLElement>('input, textarea')?.focus();
  }, [focus]);
  useEffect(() => {
    if (fill) form.setFieldsValue(fill);
  }, [fill, form]);
  useEffect(() => {
    const known = schema.properties ?? {};
    form.setFields(
      fieldFaults(problemOf(error)).map(({ path, message }) => ({
        name: path.find((part) => part in known) ?? path.at(-1)!,
        errors: [message],
      })),
    );
  }, [error, form, schema]);

  return (
    <div ref={box}>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        {...(start ? { initialValues: shownOf(start) } : {})}
        onFinish={(values) => onSend(inputOf(values, schema))}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.submit();
        }}
      >
        {fields.map(([name, field]) =>
          name === 'measures' ? (
            <Measures key={name} label={tell(field['x-name']!)} />
          ) : (
            <Form.Item
              key={name}
              name={name}
              label={
                <>
                  {field['x-name'] ? tell(field['x-name']) : name}
                  {required.has(name) || field.type === 'boolean' ? null : <span className="optional">{speak('optional')}</span>}
                </>
              }
              {...(field.type === 'boolean' ? { valuePropName: 'checked' } : {})}
              rules={[
                ...(required.has(name) ? [{ required: true, message: speak('required') }] : []),
                ...(name === 'matchers'
                  ? [
                      {
                        validator: (_: unknown, text: string) =>
                          parseMatchers(text ?? '') ? Promise.resolve() : Promise.reject(new Error(speak('badMatchers'))),
                      },
                    ]
                  : []),
              ]}
            >
              {name === 'matchers' ? (
                <Input className="mono" spellCheck={false} maxLength={1000} placeholder='component="peer:sms"' />
              ) : (
                <Control field={field} />
              )}
            </Form.Item>
          ),
        )}
        <ProblemAlert error={error} hideFields />
        <div className="buttons">
          <Button type="primary" htmlType="submit" danger={danger ?? false} loading={busy} aria-keyshortcuts="Control+Enter">
            {sendName}
          </Button>
          {onClose ? <Button onClick={onClose}>{speak('close')}</Button> : null}
        </div>
      </Form>
    </div>
  );
}

const SHORT_CHOICE = 5;

function Control({ field, ...given }: { field: FieldSchema }): ReactElement {
  const tell = useSay();
  // Handed in by Form.Item.
  const bound = given as { id?: string; value?: never; onChange?: (value: unknown) => void };
  const named = field['x-choices'];
  if (field.type === 'boolean') return <Checkbox {...(bound as object)} />;
  if (field.type === 'array') {
    const options = (field.items?.enum ?? []).map((value) => ({ value, label: named?.[value] ? tell(named[value]) : value }));
    return <Checkbox.Group {...(bound as object)} options={options} />;
  }
  if (named) {
    // Keys of an object are text; what is chosen is what the schema says.
    const values = field.enum ?? Object.keys(named).map((value) => (field.type === 'integer' ? Number(value) : value));
    const options = values.map((value) => ({ value, label: tell(named[value]!) }));
    return options.length <= SHORT_CHOICE ? <Radio.Group {...bound} options={options} /> : <Select {...bound} options={options} />;
  }
  if (field.format === 'uuid') return <PersonSelect {...bound} />;
  if (field.format === 'date-time') return <Input {...bound} type="datetime-local" />;
  if (field.format === 'date') return <Input {...bound} type="date" />;
  if (field.type === 'integer') return <InputNumber {...bound} min={field.minimum ?? 0} max={field.maximum ?? 1_000_000} />;
  if (field.type === 'number') return <InputNumber<number> {...(bound as object)} />;
  const max = field.maxLength ?? 200;
  if (max <= 200) return <Input {...bound} maxLength={max} />;
  return <Input.TextArea {...bound} maxLength={max} autoSize={{ minRows: 2, maxRows: 14 }} />;
}

function PersonSelect(bound: { id?: string; value?: never; onChange?: (value: unknown) => void }) {
  const people = useQuery(peopleQuery);
  return (
    <Select
      {...bound}
      allowClear
      loading={people.isPending}
      showSearch={{ optionFilterProp: 'label' }}
      options={(people.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}

/** The actions of a post-mortem: each becomes a problem of its own. */
function Measures({ label }: { label: string }) {
  const speak = useWords(words);
  return (
    <fieldset className="measures">
      <legend>{label}</legend>
      <Form.List name="measures" initialValue={[]}>
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => (
              <div key={key} className="measures__row">
                <Form.Item name={[name, 'title']} label={speak('measureTitle')} rules={[{ required: true, message: speak('required') }]}>
                  <Input maxLength={120} />
                </Form.Item>
                <Form.Item name={[name, 'owner']} label={speak('owner')}>
                  <PersonSelect />
                </Form.Item>
                <Form.Item name={[name, 'due']} label={speak('measureDue')}>
                  <Input type="date" />
                </Form.Item>
                <Button onClick={() => remove(name)}>{speak('removeMeasure')}</Button>
              </div>
            ))}
            <Button onClick={() => add({})}>{speak('addMeasure')}</Button>
          </>
        )}
      </Form.List>
    </fieldset>
  );
}

/** Matchers are typed as one line of text. */
function shownOf(start: Values): Values {
  return Array.isArray(start['matchers']) ? { ...start, matchers: matchersText(start['matchers'] as Matcher[]) } : start;
}

/** Leaves out what was left empty, and reads local times as Beijing time. */
function inputOf(values: Values, schema: FormSchema): Values {
  const clean = (value: unknown, format: string | undefined): unknown => {
    if (typeof value === 'string') return format === 'date-time' ? instantFromBeijing(value) : value.trim() || undefined;
    return value ?? undefined;
  };
  return Object.fromEntries(
    Object.entries(schema.properties ?? {})
      .map(([name, { format }]): [string, unknown] => {
        const value = values[name];
        if (name === 'matchers') return [name, parseMatchers((value as string | undefined) ?? '') ?? []];
        if (!Array.isArray(value)) return [name, clean(value, format)];
        const rows = value as Values[];
        return [
          name,
          rows.map((row) =>
            typeof row !== 'object'
              ? row
              : Object.fromEntries(Object.entries(row).filter(([, one]) => one !== undefined && one !== null && one !== '')),
          ),
        ];
      })
      .filter(([, value]) => value !== undefined),
  );
}
