import type { Reply } from '#ui/api/client.ts';
import { call } from '#ui/api/client.ts';
import { fieldFaults, problemOf } from '#ui/api/problem.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { approvalsApi } from '#contracts/orders/approvals.api.ts';
import type { BatchAction, OrderRow } from '#contracts/orders/orders.api.ts';
import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form } from 'antd';
import { useEffect, useRef } from 'react';
import { ActionField } from '../actions/action-field.tsx';
import { inputOf } from '../actions/action-form.tsx';
import { fieldsOf } from '../actions/action-schema.ts';
import { actionText } from '../actions/actions.text.ts';
import { batchText } from './batch.text.ts';

export type BatchReply = Reply<typeof approvalsApi.batch>;

type Typed = Record<string, unknown>;

export interface BatchFormProps {
  readonly action: BatchAction;
  readonly rows: readonly OrderRow[];
  readonly left: number;
  readonly onClose: () => void;
  readonly onDone: (reply: BatchReply) => void;
}

/** The form of an action, filled in once for many orders. */
export function BatchForm({ action, rows, left, onClose, onDone }: BatchFormProps) {
  const speak = useWords(batchText);
  const say = useWords(actionText);
  const tell = useSay();
  const { modal } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Typed>();
  const box = useRef<HTMLDivElement>(null);
  const facts = orderLifecycle.actions[action];
  const fields = fieldsOf(action);
  const name = tell(facts.name);
  const count = rows.length;
  const take = useMutation({
    mutationFn: (input: Typed) =>
      call(approvalsApi.batch, { body: { action, orders: rows.map(({ id, version }) => ({ id, version })), input } }),
    onSuccess: async (reply) => {
      await Promise.all(['orders', 'approvals', 'home'].map((of) => queries.invalidateQueries({ queryKey: [of] })));
      onDone(reply);
    },
    onError: (error) =>
      form.setFields(fieldFaults(problemOf(error)).map(({ path, message }) => ({ name: path.at(-1) ?? '', errors: [message] }))),
  });

  useEffect(() => {
    box.current?.querySelector<HTMLElement>('input, textarea, [role=radio], [type=submit]')?.focus();
  }, []);

  const submit = (values: Typed) => {
    const input = inputOf(values, fields);
    if (!('danger' in facts)) return take.mutate(input);
    modal.confirm({
      title: speak('confirm', { name, count }),
      content: say('confirmNote'),
      okText: say('confirmYes'),
      cancelText: say('confirmNo'),
      okButtonProps: { danger: true },
      onOk: () => take.mutate(input),
    });
  };

  // What the unit is proposed by, where all of them agree on it.
  const [{ category, region } = { category: null, region: '' }] = rows;
  const alike = rows.every((row) => row.category === category && row.region === region);
  return (
    <div ref={box} className="batch__form" data-testid={`batch-${action}`}>
      <Form<Typed>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={submit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.submit();
        }}
      >
        {fields.map((spec) => (
          <ActionField key={spec.name} action={action} order={alike ? { category, region } : { category: null, region: '' }} spec={spec} />
        ))}
        {left > 0 ? <p className="quiet">{speak('some', { count: left })}</p> : null}
        {'second' in facts && count > 1 ? <p className="quiet">{speak('second')}</p> : null}
        <ProblemAlert error={take.error} />
        <div className="buttons">
          <Button type="primary" htmlType="submit" danger={'danger' in facts} loading={take.isPending} aria-keyshortcuts="Control+Enter">
            {speak('submit', { name, count })}
          </Button>
          <Button onClick={onClose}>{say('close')}</Button>
        </div>
      </Form>
    </div>
  );
}
