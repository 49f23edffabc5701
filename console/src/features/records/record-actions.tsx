import type { ActionView } from '#contracts/orders/orders.api.ts';
import { RACI } from '#contracts/operations/responsibilities.api.ts';
import type { RecordView } from '#contracts/operations/records/records.api.ts';
import { kindFacts } from '#contracts/operations/records/records.lifecycles.ts';
import { problemOf } from '#ui/api/problem.ts';
import { beijingLocal } from '#ui/format.ts';
import { useDigitKeys } from '#ui/office/keys.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { Panel } from '../../parts/page.tsx';
import { takeAction } from './records.queries.ts';
import { recordsText } from './records.text.ts';
import { SchemaForm, type FormSchema } from '../../parts/schema-form.tsx';

/** What this person may do now, as the server lists it; the n-th opens by the digit n. */
export function RecordActions({ record }: { record: RecordView }) {
  const speak = useWords(recordsText);
  const tell = useSay();
  const [chosen, setChosen] = useState<ActionView>();
  const open = record.actions.filter(({ refusal }) => refusal === null);
  const shut = record.actions.filter(({ refusal }) => refusal !== null);
  useDigitKeys(open, setChosen, () => setChosen(undefined));
  return (
    <Panel title={speak('actions')}>
      {record.actions.length === 0 && !chosen ? <p className="quiet">{speak('noActions')}</p> : null}
      {open.length > 0 ? (
        <div className="actions" role="group" aria-label={speak('actions')}>
          {open.map((view, i) => (
            <Button
              key={view.action}
              type={chosen?.action === view.action ? 'primary' : 'default'}
              danger={view.danger}
              aria-expanded={chosen?.action === view.action}
              aria-keyshortcuts={String(i + 1)}
              onClick={() => setChosen(chosen?.action === view.action ? undefined : view)}
            >
              {tell(view.name)}
              <kbd aria-hidden="true">{i + 1}</kbd>
            </Button>
          ))}
        </div>
      ) : null}
      {chosen ? <ActionForm key={chosen.action} record={record} view={chosen} onClose={() => setChosen(undefined)} /> : null}
      {shut.length > 0 ? (
        <ul className="shut">
          {shut.map((view) => (
            <li key={view.action}>
              <b>{tell(view.name)}</b> {view.refusal?.text}
            </li>
          ))}
        </ul>
      ) : null}
    </Panel>
  );
}

export interface ActionFormProps {
  readonly record: RecordView;
  readonly view: ActionView;
  /** Stands in the form besides what the record knows. */
  readonly start?: Readonly<Record<string, unknown>> | undefined;
  readonly fill?: Record<string, unknown> | undefined;
  readonly onDone?: () => void;
  readonly onClose: () => void;
}

/** The form of an action, as its schema says; two people at once are told by the version. */
export function ActionForm({ record, view, start, fill, onDone, onClose }: ActionFormProps) {
  const speak = useWords(recordsText);
  const tell = useSay();
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  // What stood on the screen when the form was opened.
  const [seen, setSeen] = useState(record.version);
  const name = tell(view.name);
  const schema = kindFacts(record.kind).lifecycle.actions[view.action]?.input as FormSchema;
  const take = useMutation({
    mutationFn: (input: Readonly<Record<string, unknown>>) => takeAction({ ...record, version: seen }, view.action, input),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['records'] });
      void message.success(speak('done', { name }));
      onClose();
      onDone?.();
    },
    onError: async (error) => {
      if (problemOf(error)?.code !== 'base.stale') return;
      void message.warning(speak('overtaken'));
      await queries.invalidateQueries({ queryKey: ['records', 'one', record.id] });
      const current = problemOf(error)?.['current'] as { version?: number } | undefined;
      if (current?.version) setSeen(current.version);
    },
  });
  const send = (input: Readonly<Record<string, unknown>>) => {
    if (!view.danger) return take.mutate(input);
    modal.confirm({ title: speak('confirm', { name }), okButtonProps: { danger: true }, onOk: () => take.mutate(input) });
  };
  return (
    <div className="action" data-testid={`action-${view.action}`}>
      {record.proposedOwner && schema.properties && ('owner' in schema.properties || 'account' in schema.properties) ? (
        <p className="quiet">
          {speak('proposed', {
            name: record.proposedOwner.name,
            component: record.component ?? '',
            part: tell(RACI[record.proposedOwner.part]),
          })}
        </p>
      ) : null}
      <SchemaForm
        schema={schema}
        start={{ ...startOf(record, schema), ...start }}
        fill={fill}
        sendName={speak('submit', { name })}
        danger={view.danger}
        busy={take.isPending}
        error={problemOf(take.error)?.code === 'base.stale' ? null : take.error}
        onSend={send}
        onClose={onClose}
      />
    </div>
  );
}

/** What the record already knows stands in the form, to be changed or left. */
function startOf(record: RecordView, schema: FormSchema): Record<string, unknown> {
  const known: Readonly<Record<string, unknown>> = {
    ...record.facts,
    level: record.level,
    owner: record.ownerId ?? record.proposedOwner?.id,
    account: record.proposedOwner?.id,
  };
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([name, { format }]) => {
      // Words are written anew for each act; what was planned or chosen stays.
      if (known[name] === undefined || ['evidence', 'remedy', 'cause', 'effect', 'impact', 'summary', 'rootCause', 'rating'].includes(name))
        return [];
      const value = known[name];
      return [[name, format === 'date-time' && typeof value === 'string' ? beijingLocal(Date.parse(value)) : value]];
    }),
  );
}
