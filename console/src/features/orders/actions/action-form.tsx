import type { ActionView, OrderView } from '#contracts/orders/orders.api.ts';
import { fieldFaults, problemOf } from '#ui/api/problem.ts';
import { stateFacts } from '#ui/components/state-tag.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantFromBeijing } from '#ui/format.ts';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { goneUploads, useUploading } from '#ui/uploads.ts';
import type { Uploaded } from '#contracts/appeals/attachments.api.ts';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Form } from 'antd';
import { useEffect, useMemo, useRef } from 'react';
import { DraftLine } from '../../../parts/draft-line.tsx';
import { useDraft, type Typed } from '../../../parts/drafts.ts';
import { timelineQuery } from '../orders.queries.ts';
import { useRefusalScripts } from './use-refusal-scripts.ts';
import { ActionField } from './action-field.tsx';
import { fieldsOf } from './action-schema.ts';
import { actionText } from './actions.text.ts';
import type { Overtaken } from './use-action.ts';
import { isOvertaken, useAction } from './use-action.ts';

export interface ActionFormProps {
  readonly order: OrderView;
  readonly view: ActionView;
  readonly onClose: () => void;
  readonly onDone: (state: string, asked: boolean) => void;
}

export function ActionForm({ order, view, onClose, onDone }: ActionFormProps) {
  const speak = useWords(actionText);
  const tell = useSay();
  const { modal } = App.useApp();
  const [form] = Form.useForm<Typed>();
  const { action } = view;
  const box = useRef<HTMLDivElement>(null);
  const fields = useMemo(() => fieldsOf(action), [action]);
  const draft = useDraft(`${order.id}.${action}`);
  const { take, busy, error, overtaken } = useAction(action, order, draft, onDone);
  const satisfaction: unknown = Form.useWatch('satisfaction', form);
  const name = tell(view.name);
  const scripts = useRefusalScripts();
  const uploading = useUploading();

  useEffect(() => {
    // The first control, so that a digit key leads straight into the form.
    focusFirst(box.current);
  }, []);

  useEffect(() => {
    const faults = fieldFaults(problemOf(error)).map(({ path, message }) => ({
      path: path[0] === 'attachments' ? ['attachments'] : path,
      message,
    }));
    form.setFields(faults.map(({ path, message }) => ({ name: path, errors: [message] })));
    const gone = goneUploads(error);
    if (gone.length > 0)
      form.setFieldValue(
        'attachments',
        (form.getFieldValue('attachments') as Uploaded[]).filter((_, place) => !gone.includes(place)),
      );
  }, [error, form]);

  const submit = (values: Typed) => {
    const input = inputOf(values, fields);
    if (!view.danger) return take(input);
    modal.confirm({
      title: speak('confirm', { name }),
      content: speak('confirmNote'),
      okText: speak('confirmYes'),
      cancelText: speak('confirmNo'),
      okButtonProps: { danger: true },
      onOk: () => take(input),
    });
  };

  const problem = problemOf(error);
  const shown = isOvertaken(problem) ? null : error;
  const allAtFields = fieldFaults(problem).every(({ path }) => fields.some(({ name: field }) => field === path.at(-1)));
  return (
    <div ref={box} className="action" data-testid={`action-${action}`}>
      <DraftLine draft={draft} onUse={(typed) => form.setFieldsValue(typed)} onDecided={() => focusFirst(box.current)} />
      <Form<Typed>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ ...startingValues(action, order), ...draft.typed }}
        onFinish={submit}
        onValuesChange={(changed: Typed, all) => {
          draft.keep(all);
          if (action === 'refuse' && 'reason' in changed) {
            const script = scripts.get(String(changed['reason']));
            const present = textOf(all['explanation']).trim();
            // A script is a proposal; it never replaces what somebody wrote himself.
            const isOwn = present !== '' && ![...scripts.values()].includes(present);
            if (script && !isOwn) form.setFieldsValue({ explanation: script });
          }
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.submit();
        }}
      >
        {fields
          .filter(({ name: field }) => field !== 'reasons' || isUnhappy(satisfaction))
          .map((spec) => (
            <ActionField key={spec.name} action={action} order={order} spec={spec} />
          ))}
        {overtaken ? <OvertakenNotice order={order} view={view} overtaken={overtaken} /> : null}
        <ProblemAlert error={shown} hideFields={allAtFields} />
        <div className="buttons">
          <Button
            type="primary"
            htmlType="submit"
            danger={view.danger}
            loading={busy}
            disabled={uploading}
            aria-keyshortcuts="Control+Enter"
          >
            {speak('submit', { name })}
          </Button>
          <Button onClick={onClose}>{speak('close')}</Button>
        </div>
      </Form>
    </div>
  );
}

function focusFirst(box: HTMLElement | null): void {
  box?.querySelector<HTMLElement>('input, textarea, [role=radio]')?.focus();
}

/** Says what another person did to the order while this one was typing. */
function OvertakenNotice({ order, view, overtaken }: { order: OrderView; view: ActionView; overtaken: Overtaken }) {
  const speak = useWords(actionText);
  const tell = useSay();
  const language = useLanguage();
  const timeline = useQuery(timelineQuery(order.id));
  const last = timeline.data?.items.toSorted((a, b) => a.at.localeCompare(b.at)).at(-1);
  const still = order.actions.some(({ action, refusal }) => action === view.action && refusal === null);
  const nameOf = (state: string) => tell(stateFacts(state)?.name ?? { zh: state, en: state });
  const states = { before: nameOf(overtaken.before), after: nameOf(overtaken.after) };
  return (
    <div className="ms-problem ms-problem--mild" role="alert">
      <p className="ms-problem__title">{speak('changed')}</p>
      <p>
        {speak(overtaken.before === overtaken.after ? 'changedSame' : 'changedState', states)}{' '}
        {last ? speak('lastLine', { line: last[language], actor: last.actor }) : null}
      </p>
      <p>{still ? speak('keptOpen') : speak('keptShut', { name: tell(view.name) })}</p>
    </div>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isUnhappy(satisfaction: unknown): boolean {
  return typeof satisfaction === 'number' && satisfaction <= 2;
}

/** The order's own classification stands in the form, to be changed or left. */
function startingValues(action: string, order: OrderView): Typed {
  const names = new Set(fieldsOf(action).map(({ name }) => name));
  return {
    ...(names.has('type') ? { type: order.type } : {}),
    ...(names.has('category') && order.category ? { category: order.category } : {}),
    ...(names.has('urgency') ? { urgency: order.urgency } : {}),
    ...(names.has('mode') ? { mode: action === 'contact' ? 'phone' : '01' } : {}),
  };
}

/** Leaves out what was left empty, and reads local times as Beijing time. */
export function inputOf(values: Typed, fields: ReturnType<typeof fieldsOf>): Typed {
  const input: Typed = {};
  for (const { name, kind } of fields) {
    const value = values[name];
    const clean = typeof value === 'string' ? value.trim() : value;
    if (clean === undefined || clean === null || clean === '') continue;
    if (Array.isArray(clean) && clean.length === 0) continue;
    if (name === 'reasons' && !isUnhappy(values['satisfaction'])) continue;
    if (kind === 'files') input[name] = (clean as Uploaded[]).map(({ ticket }) => ticket);
    else input[name] = kind === 'instant' ? instantFromBeijing(textOf(clean)) : clean;
  }
  return input;
}
