import type { ImportRun } from '#contracts/appeals/appeals.api.ts';
import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import { call, upload } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Form, Select } from 'antd';
import { useRef, useState } from 'react';
import { importsText } from './imports.text.ts';

interface Values {
  readonly mapping: string;
  readonly dryRun?: boolean;
}

export function ImportForm({ onStarted }: { onStarted: (run: ImportRun) => void }) {
  const speak = useWords(importsText);
  const queries = useQueryClient();
  const [form] = Form.useForm<Values>();
  const dryRun = Form.useWatch('dryRun', form) ?? true;
  const file = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState(false);
  const mappings = useQuery({
    queryKey: ['import-mappings'],
    queryFn: ({ signal }) => call(appealsApi.importMappings, {}, { signal }),
  });
  const start = useMutation({
    mutationFn: ({ values, chosen }: { values: Values; chosen: File }) =>
      upload(appealsApi.startImport, { query: { mapping: values.mapping, ...(values.dryRun ? { dryRun: true } : {}) } }, chosen),
    onSuccess: (run) => {
      void queries.invalidateQueries({ queryKey: ['imports'], exact: true });
      onStarted(run);
    },
  });
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ dryRun: true }}
      onFinish={(values) => {
        const chosen = file.current?.files?.[0];
        setMissing(!chosen);
        if (chosen) start.mutate({ values, chosen });
      }}
    >
      <div className="fields-two">
        <Form.Item
          label={speak('file')}
          htmlFor="import-file"
          {...(missing ? { validateStatus: 'error' as const, help: speak('fileMissing') } : {})}
        >
          <input
            className="file-input"
            ref={file}
            id="import-file"
            type="file"
            accept=".csv,.jsonl,.ndjson,.xlsx"
            onChange={() => setMissing(false)}
          />
        </Form.Item>
        <Form.Item name="mapping" label={speak('mapping')} rules={[{ required: true, message: speak('required') }]}>
          <Select
            loading={mappings.isPending}
            notFoundContent={speak('noMappings')}
            options={mappings.data?.items.map(({ name, title }) => ({ value: name, label: title })) ?? []}
          />
        </Form.Item>
      </div>
      <Form.Item name="dryRun" valuePropName="checked">
        <Checkbox>{speak('dryRun')}</Checkbox>
      </Form.Item>
      <ProblemAlert error={mappings.error} onRetry={() => void mappings.refetch()} />
      <ProblemAlert error={start.error} />
      <Button type="primary" htmlType="submit" loading={start.isPending}>
        {speak(dryRun ? 'submitDry' : 'submit')}
      </Button>
    </Form>
  );
}
