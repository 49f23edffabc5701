import type { Uploaded } from '#contracts/appeals/attachments.api.ts';
import { attachmentsApi } from '#contracts/appeals/attachments.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { useUploading } from '#ui/uploads.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { FilesField, ticketsOf } from '../../../parts/files-field.tsx';
import { attachmentsText } from './attachments.text.ts';

interface Values {
  readonly content?: string;
  readonly files?: readonly Uploaded[];
}

/** What a caller adds to his appeal, taken down by the hotline. */
export function SupplementForm({ id, onClose }: { id: string; onClose: () => void }) {
  const speak = useWords(attachmentsText);
  const queries = useQueryClient();
  const { message } = App.useApp();
  const uploading = useUploading();
  const [form] = Form.useForm<Values>();
  const add = useMutation({
    mutationFn: ({ content = '', files }: Values) =>
      call(attachmentsApi.supplement, { params: { id }, body: { content: content.trim(), ...ticketsOf(files) } }),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['attachments', id] }),
        queries.invalidateQueries({ queryKey: ['orders', 'one', id] }),
      ]);
      void message.success(speak('added'));
      onClose();
    },
  });
  return (
    <Form<Values> form={form} layout="vertical" requiredMark={false} onFinish={(values) => add.mutate(values)}>
      <Form.Item
        name="content"
        label={speak('addContent')}
        dependencies={['files']}
        rules={[
          {
            validator: (_, value) => {
              const files = form.getFieldValue('files') as Values['files'];
              const empty = (typeof value !== 'string' || value.trim() === '') && !files?.length;
              return empty ? Promise.reject(new Error(speak('addEmpty'))) : Promise.resolve();
            },
          },
        ]}
      >
        <Input.TextArea autoFocus autoSize={{ minRows: 3, maxRows: 10 }} maxLength={2000} />
      </Form.Item>
      <Form.Item name="files" label={speak('addFiles')}>
        <FilesField id="supplement-files" />
      </Form.Item>
      <ProblemAlert error={add.error} />
      <div className="buttons">
        <Button type="primary" htmlType="submit" loading={add.isPending} disabled={uploading}>
          {speak(uploading ? 'uploading' : 'addDo')}
        </Button>
        <Button onClick={onClose}>{speak('cancel')}</Button>
      </div>
    </Form>
  );
}
