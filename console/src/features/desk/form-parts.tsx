import { APPEAL_TYPES } from '#contracts/reference/reference.values.ts';
import { instantFromBeijing } from '#ui/format.ts';
import { CategorySelect } from '#ui/office/category-select.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { RegionFields } from '#ui/office/region-fields.tsx';
import { useWords } from '#ui/text.ts';
import { Checkbox, Form, Input, Radio, Select } from 'antd';
import type { ReactNode } from 'react';
import { FilesField } from '../../parts/files-field.tsx';
import { deskText } from './desk.text.ts';

const PHONE = /^\+?[\d\s-]{5,20}$/;

function useLabel(): (key: keyof typeof deskText, optional?: boolean) => ReactNode {
  const speak = useWords(deskText);
  return (key, optional) =>
    optional ? (
      <>
        {speak(key)}
        <span className="optional">{speak('optional')}</span>
      </>
    ) : (
      speak(key)
    );
}

export function ContactFields() {
  const speak = useWords(deskText);
  const names = useNames();
  const label = useLabel();
  const anonymous = Form.useWatch('anonymous') === true;
  // Unknown is what stands when nothing is chosen.
  const genders = names.codes('gender').filter(({ value }) => value === '1' || value === '2');
  return (
    <>
      <Form.Item
        name={['contact', 'phone']}
        label={label('phone')}
        rules={
          anonymous
            ? []
            : [
                { required: true, message: speak('required') },
                { pattern: PHONE, message: speak('phoneWrong') },
              ]
        }
      >
        <Input autoFocus disabled={anonymous} inputMode="tel" maxLength={20} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name={['contact', 'name']}
        label={label('name')}
        rules={anonymous ? [] : [{ required: true, whitespace: true, message: speak('required') }]}
      >
        <Input disabled={anonymous} maxLength={50} autoComplete="off" />
      </Form.Item>
      <Form.Item name={['contact', 'gender']} label={label('gender', true)}>
        <Radio.Group options={genders} disabled={anonymous} />
      </Form.Item>
      <Form.Item name={['contact', 'kind']} label={label('kind', true)}>
        <Select options={names.codes('caller_kind')} disabled={anonymous} />
      </Form.Item>
      <Form.Item name={['contact', 'address']} label={label('home', true)}>
        <Input disabled={anonymous} maxLength={200} autoComplete="off" />
      </Form.Item>
      <div className="checks">
        <Form.Item name="anonymous" valuePropName="checked" noStyle>
          <Checkbox>{speak('anonymous')}</Checkbox>
        </Form.Item>
        <Form.Item name="confidential" valuePropName="checked" noStyle>
          <Checkbox disabled={anonymous}>{speak('confidential')}</Checkbox>
        </Form.Item>
      </div>
    </>
  );
}

export function MatterFields() {
  const speak = useWords(deskText);
  const label = useLabel();
  return (
    <>
      <Form.Item
        name="content"
        label={label('content')}
        rules={[
          { required: true, whitespace: true, message: speak('required') },
          { min: 10, message: speak('short') },
        ]}
      >
        <Input.TextArea rows={8} maxLength={5000} showCount placeholder={speak('contentHint')} />
      </Form.Item>
      <Form.Item name="expectation" label={label('expectation', true)}>
        <Input maxLength={500} autoComplete="off" />
      </Form.Item>
      <div className="fields-two">
        <Form.Item name="region" label={label('region')} rules={[{ required: true, message: speak('required') }]}>
          <RegionFields />
        </Form.Item>
        <Form.Item name="address" label={label('address', true)}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="eventAt"
          label={label('eventAt', true)}
          rules={[
            {
              validator: (_, value) => {
                const at = typeof value === 'string' ? instantFromBeijing(value) : undefined;
                return at && Date.parse(at) > Date.now() ? Promise.reject(new Error(speak('future'))) : Promise.resolve();
              },
            },
          ]}
        >
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="title" label={label('titleField', true)}>
          <Input maxLength={100} placeholder={speak('titleHint')} autoComplete="off" />
        </Form.Item>
      </div>
      <Form.Item name="files" label={label('files', true)}>
        <FilesField />
      </Form.Item>
    </>
  );
}

export function SortingFields() {
  const names = useNames();
  const label = useLabel();
  const channel: unknown = Form.useWatch('channel');
  return (
    <>
      <Form.Item name="type" label={label('type')}>
        <Radio.Group
          className="grid-radios"
          options={APPEAL_TYPES.map((value) => ({
            value,
            label: names.code('appeal_type', value),
          }))}
        />
      </Form.Item>
      <Form.Item name="category" label={label('category', true)}>
        <CategorySelect />
      </Form.Item>
      <Form.Item name="urgency" label={label('urgency')}>
        <Radio.Group
          className="grid-radios"
          options={[1, 2, 3, 4].map((value) => ({
            value,
            label: names.code('urgency', value),
          }))}
        />
      </Form.Item>
      <Form.Item name="channel" label={label('channel')}>
        <Select showSearch={{ optionFilterProp: 'label' }} options={names.codes('channel')} />
      </Form.Item>
      {channel === '01' ? null : (
        <Form.Item name="sourceNumber" label={label('sourceNumber', true)}>
          <Input maxLength={64} autoComplete="off" />
        </Form.Item>
      )}
    </>
  );
}
