import { backupsApi } from '#contracts/operations/backups.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantFromBeijing, secondText } from '#ui/format.ts';
import { useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { backupsText } from './backups.text.ts';

interface Values {
  readonly target: string;
}

/** Asks for the instant a drill is to restore to; by default a moment ago. */
export function DrillForm({ onClose }: { onClose: () => void }) {
  const speak = useWords(backupsText);
  const [form] = Form.useForm<Values>();
  const [aMomentAgo] = useState(() => secondText(new Date(Date.now() - 1000).toISOString()).replace(' ', 'T'));
  const queries = useQueryClient();
  const navigate = useNavigate();
  const drill = useMutation({
    mutationFn: ({ target }: Values) => call(backupsApi.drill, { body: { target: instantFromBeijing(target) ?? target } }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['backups'] });
      await navigate({ to: '/backups/drills/$id', params: { id } });
    },
  });
  return (
    <Modal
      open
      title={speak('drill')}
      okText={speak('drillStart')}
      cancelText={speak('cancel')}
      confirmLoading={drill.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ target: aMomentAgo }}
        onFinish={(values) => drill.mutate(values)}
      >
        <ProblemAlert error={drill.error} labels={{ target: speak('target') }} />
        <Form.Item
          name="target"
          label={speak('target')}
          extra={speak('targetHint')}
          rules={[{ required: true, message: speak('required') }]}
        >
          <Input type="datetime-local" step={1} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
