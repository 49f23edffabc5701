import type { Filed } from '#contracts/appeals/appeals.api.ts';
import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import { call } from '#ui/api/client.ts';
import { fieldFaults, problemOf } from '#ui/api/problem.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useMay } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useUploading } from '#ui/uploads.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form } from 'antd';
import { useEffect, useRef } from 'react';
import { Panel } from '../../parts/page.tsx';
import type { AppealValues } from './appeal-values.ts';
import { bodyOf, startingValues } from './appeal-values.ts';
import { deskText } from './desk.text.ts';
import { ContactFields, MatterFields, SortingFields } from './form-parts.tsx';

export interface AppealFormProps {
  readonly onFiled: (filed: Filed) => void;
  readonly onClear: () => void;
}

export function AppealForm({ onFiled, onClear }: AppealFormProps) {
  const speak = useWords(deskText);
  const may = useMay();
  const queries = useQueryClient();
  const [form] = Form.useForm<AppealValues>();
  // One key per appeal: pressing twice, or again after the network broke, files once.
  const key = useRef(newKey());
  const accepts = may('orders.accept');
  const uploading = useUploading();
  const accept = useRef(accepts);
  const file = useMutation({
    mutationFn: (values: AppealValues) => call(appealsApi.file, { body: bodyOf(values, accept.current) }, { idempotencyKey: key.current }),
    onSuccess: (filed) => {
      void queries.invalidateQueries({ queryKey: ['orders'] });
      void queries.invalidateQueries({ queryKey: ['home'] });
      onFiled(filed);
    },
    onError: (error) => {
      // Words that were refused are changed before the next try, and that is another request.
      const problem = problemOf(error);
      if (problem && problem.status >= 400 && problem.status < 500) key.current = newKey();
    },
  });

  useEffect(() => {
    const faults = fieldFaults(problemOf(file.error));
    form.setFields(faults.map(({ path, message }) => ({ name: placeOf(path) as never, errors: [message] })));
    const first = faults[0];
    if (first) form.scrollToField(placeOf(first.path) as never, { focus: true, block: 'center' });
  }, [file.error, form]);

  const send = (andAccept: boolean) => {
    if (file.isPending || uploading) return;
    accept.current = andAccept;
    form.submit();
  };
  return (
    <Form<AppealValues>
      form={form}
      layout="vertical"
      requiredMark={false}
      scrollToFirstError={{ focus: true, block: 'center' }}
      initialValues={startingValues}
      onFinish={(values) => file.mutate(values)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          send(accepts);
        }
      }}
    >
      <div className="desk">
        <Panel title={speak('who')}>
          <ContactFields />
        </Panel>
        <Panel title={speak('matter')}>
          <MatterFields />
        </Panel>
        <Panel title={speak('sorting')}>
          <SortingFields />
          <ProblemAlert error={file.error} hideFields />
          <div className="buttons">
            <Button
              type="primary"
              loading={file.isPending}
              disabled={uploading}
              onClick={() => send(accepts)}
              aria-keyshortcuts="Control+Enter"
            >
              {speak(uploading ? 'uploading' : accepts ? 'submit' : 'submitOnly')}
            </Button>
            {accepts ? (
              <Button onClick={() => send(false)} disabled={file.isPending}>
                {speak('submitOnly')}
              </Button>
            ) : null}
            <Button type="text" onClick={onClear} disabled={file.isPending}>
              {speak('clear')}
            </Button>
          </div>
        </Panel>
      </div>
    </Form>
  );
}

/** Where a field of the request stands in the form. */
function placeOf(path: readonly string[]): string | string[] {
  const [first = '', second] = path;
  if (first === 'attachments') return 'files';
  if (first === 'contact') return ['contact', second ?? 'phone'];
  return first;
}

function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
