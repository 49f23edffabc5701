import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { Form, Input, Modal } from 'antd';
import { accountsText } from './accounts.text.ts';

/** What is done to an account is done for a reason, which goes on record. */
export function ReasonModal({
  title,
  busy,
  error,
  onReason,
  onClose,
}: {
  title: string;
  busy: boolean;
  error: unknown;
  onReason: (reason: string) => void;
  onClose: () => void;
}) {
  const speak = useWords(accountsText);
  const [form] = Form.useForm<{ reason: string }>();
  return (
    <Modal
      open
      title={title}
      okText={speak('confirm')}
      cancelText={speak('cancel')}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form<{ reason: string }> form={form} layout="vertical" requiredMark={false} onFinish={({ reason }) => onReason(reason.trim())}>
        <ProblemAlert error={error} />
        <Form.Item
          name="reason"
          label={speak('reason')}
          rules={[{ required: true, whitespace: true, min: 4, message: speak('reasonShort') }]}
        >
          <Input autoFocus maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
