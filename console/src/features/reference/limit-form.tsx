import { LIMIT_CLOCKS, referenceApi } from '#contracts/reference/reference.api.ts';
import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import type { CallInput } from '#ui/api/client.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantFromBeijing } from '#ui/format.ts';
import { limitModes } from '#ui/limits.ts';
import { useNames } from '#ui/office/dictionary.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, InputNumber, Select } from 'antd';
import { referenceText } from './reference.text.ts';

type Rule = CallInput<typeof referenceApi.changeLimit>['body'];

export function LimitForm({ onClose }: { onClose: () => void }) {
  const speak = useWords(referenceText);
  const tell = useSay();
  const names = useNames();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const change = useMutation({
    mutationFn: (rule: Rule) =>
      call(referenceApi.changeLimit, {
        body: {
          ...rule,
          effectiveFrom: instantFromBeijing(rule.effectiveFrom) ?? rule.effectiveFrom,
        },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['limits'] });
      void message.success(speak('saved'));
      onClose();
    },
  });
  const required = [{ required: true, message: speak('required') }];
  const urgencies = [1, 2, 3, 4].map((value) => ({ value, label: names.code('urgency', value) }));
  return (
    <Form<Rule>
      layout="vertical"
      requiredMark={false}
      initialValues={{ urgency: 3, mode: 'workday' }}
      onFinish={(rule) => change.mutate(rule)}
    >
      <div className="fields-four">
        <Form.Item name="appealType" label={speak('type')} rules={required}>
          <Select options={names.codes('appeal_type')} />
        </Form.Item>
        <Form.Item name="urgency" label={speak('urgency')} rules={required}>
          <Select options={urgencies} />
        </Form.Item>
        <Form.Item name="clock" label={speak('clock')} rules={required}>
          <Select
            options={LIMIT_CLOCKS.map((value) => ({
              value,
              label: tell(orderLifecycle.clocks[value].name),
            }))}
          />
        </Form.Item>
        <Form.Item name="amount" label={speak('amount')} rules={required}>
          <InputNumber min={0.5} max={1000} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="mode" label={speak('mode')} rules={required}>
          <Select
            options={Object.entries(limitModes).map(([value, words]) => ({
              value,
              label: tell(words),
            }))}
          />
        </Form.Item>
        <Form.Item name="effectiveFrom" label={speak('from')} extra={speak('beijingTime')} rules={required}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="source" label={speak('source')} rules={[{ ...required[0], min: 2 }]}>
          <Input maxLength={200} />
        </Form.Item>
      </div>
      <ProblemAlert error={change.error} />
      <div className="buttons">
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {speak('save')}
        </Button>
        <Button onClick={onClose}>{speak('cancel')}</Button>
      </div>
    </Form>
  );
}
