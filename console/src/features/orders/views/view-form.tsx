import { fieldFaults, problemOf } from '#ui/api/problem.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { Form, Input, Modal, Radio } from 'antd';
import { useEffect } from 'react';
import { viewsText } from './views.text.ts';

export interface ViewGiven {
  readonly name: string;
  readonly shared: boolean;
}

export interface ViewFormProps {
  readonly title: string;
  readonly given: ViewGiven;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSave: (given: ViewGiven) => void;
  readonly onClose: () => void;
}

/** The name of a view, and who sees it. */
export function ViewForm({ title, given, busy, error, onSave, onClose }: ViewFormProps) {
  const speak = useWords(viewsText);
  const [form] = Form.useForm<ViewGiven>();
  const faults = fieldFaults(problemOf(error));
  useEffect(() => {
    form.setFields(faults.map(({ message }) => ({ name: 'name', errors: [message] })));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the faults are those of the error
  }, [error, form]);
  return (
    <Modal
      open
      title={title}
      okText={speak('save')}
      cancelText={speak('no')}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
      // The window takes the focus to its first button; people begin with the name.
      afterOpenChange={(isOpen) => {
        if (isOpen) form.focusField('name');
      }}
      width={420}
    >
      <Form<ViewGiven>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: given.name, shared: given.shared }}
        onFinish={({ name, shared }) => onSave({ name: name.trim(), shared })}
      >
        <ProblemAlert error={error} hideFields={faults.length > 0} />
        <Form.Item name="name" label={speak('name')} rules={[{ required: true, whitespace: true, message: speak('nameNeeded') }]}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="shared" label={speak('who')}>
          <Radio.Group
            options={[
              { value: false, label: speak('private') },
              { value: true, label: speak('office') },
            ]}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
