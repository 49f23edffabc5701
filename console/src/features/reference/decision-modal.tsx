import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantFromBeijing } from '#ui/format.ts';
import { useWords } from '#ui/text.ts';
import { Form, Input, Modal } from 'antd';
import { normsText } from './norms.text.ts';

export interface Decided {
  readonly opinion: string;
  readonly effectiveFrom: string;
}

/** What is decided about a norm or an entry is said in words, which go on record; an approval also says from when. */
export function DecisionModal(props: {
  title: string;
  withInstant: boolean;
  busy: boolean;
  error: unknown;
  onDecide: (decided: Decided) => void;
  onClose: () => void;
}) {
  const speak = useWords(normsText);
  const [form] = Form.useForm<Decided>();
  return (
    <Modal
      open
      title={props.title}
      okText={props.title}
      cancelText={speak('cancel')}
      confirmLoading={props.busy}
      onOk={() => form.submit()}
      onCancel={props.onClose}
    >
      <Form<Decided>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={({ opinion, effectiveFrom }) =>
          props.onDecide({ opinion: opinion.trim(), effectiveFrom: instantFromBeijing(effectiveFrom) ?? effectiveFrom })
        }
      >
        <ProblemAlert error={props.error} labels={{ effectiveFrom: speak('effective') }} />
        {props.withInstant ? (
          <Form.Item
            name="effectiveFrom"
            label={speak('effective')}
            extra={speak('beijingTime')}
            rules={[{ required: true, message: speak('required') }]}
          >
            <Input type="datetime-local" />
          </Form.Item>
        ) : null}
        <Form.Item
          name="opinion"
          label={speak('opinion')}
          rules={[{ required: true, whitespace: true, min: 4, message: speak('opinionShort') }]}
        >
          <Input.TextArea autoFocus={!props.withInstant} maxLength={500} rows={2} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
