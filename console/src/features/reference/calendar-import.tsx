import { referenceApi } from '#contracts/reference/reference.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { referenceText } from './reference.text.ts';

interface Values {
  readonly csv: string;
  readonly source: string;
}

export function CalendarImport({ year }: { year: number }) {
  const speak = useWords(referenceText);
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  const [form] = Form.useForm<Values>();
  const send = useMutation({
    mutationFn: (values: Values) => call(referenceApi.importCalendar, { body: { year, ...values } }),
    onSuccess: async ({ days, recomputed }) => {
      await queries.invalidateQueries();
      void message.success(speak('imported', { days, recomputed }));
    },
  });
  const required = [{ required: true, whitespace: true, message: speak('required') }];
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      onFinish={(values) => {
        modal.confirm({
          title: speak('importConfirm'),
          okText: speak('import'),
          cancelText: speak('cancel'),
          onOk: () => send.mutate(values),
        });
      }}
    >
      <Form.Item name="csv" label={speak('csv')} rules={required}>
        <Input.TextArea rows={6} maxLength={20000} className="mono" placeholder={`${year}-01-01,元旦,off\n${year}-01-04,元旦,work`} />
      </Form.Item>
      <Form.Item>
        <label className="file-pick">
          <span className="under">{speak('csvFile')}</span>
          <input
            className="file-input"
            type="file"
            accept=".csv,text/csv,text/plain"
            onChange={(event) => {
              void event.target.files?.[0]?.text().then((csv) => form.setFieldsValue({ csv }));
            }}
          />
        </label>
      </Form.Item>
      <Form.Item name="source" label={speak('source')} rules={required}>
        <Input maxLength={200} placeholder={speak('sourceHint')} />
      </Form.Item>
      <ProblemAlert error={send.error} />
      <Button type="primary" htmlType="submit" loading={send.isPending}>
        {speak('import')}
      </Button>
    </Form>
  );
}
