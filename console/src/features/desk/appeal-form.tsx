import type { Filed } from '#contracts/appeals/appeals.api.ts';
import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import { call } from '#ui/api/client.ts';
import { fieldFaults, problemOf } from '#ui/api/problem.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useMay } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useUploading } from '#ui/uploads.ts';
import { newUuid } from '#ui/uuid.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form } from 'antd';
import { useEffect, useRef } from 'react';
import { DraftLine } from '../../parts/draft-line.tsx';
import { useDraft, type Typed } from '../../parts/drafts.ts';
import { Panel } from '../../parts/page.tsx';
import type { AppealValues } from './appeal-values.ts';
import { bodyOf, startingValues } from './appeal-values.ts';
import { deskKeys, goToField } from './desk-keys.ts';
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
  const key = useRef(newUuid());
  const accepts = may('orders.accept');
  const uploading = useUploading();
  const accept = useRef(accepts);
  const draft = useDraft('desk');
  const file = useMutation({
    mutationFn: async (values: AppealValues) => {
      await draft.settle();
      return call(appealsApi.file, { body: bodyOf(values, accept.current) }, { idempotencyKey: key.current });
    },
    onSuccess: (filed) => {
      draft.done();
      void queries.invalidateQueries({ queryKey: ['orders'] });
      void queries.invalidateQueries({ queryKey: ['home'] });
      onFiled(filed);
    },
    onError: (error) => {
      draft.resume();
      // Words that were refused are changed before the next try, and that is another request.
      const problem = problemOf(error);
      if (problem && problem.status >= 400 && problem.status < 500) key.current = newUuid();
    },
  });

  useEffect(() => {
    const faults = fieldFaults(problemOf(file.error));
    form.setFields(faults.map(({ path, message }) => ({ name: placeOf(path) as never, errors: [message] })));
    const first = faults[0];
    if (first) form.scrollToField(placeOf(first.path) as never, { focus: true, block: 'center' });
  }, [file.error, form]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = event.altKey && !event.ctrlKey && deskKeys.find(({ digit }) => event.code === `Digit${digit}`);
      if (!key || event.isComposing) return;
      event.preventDefault();
      goToField(key.field);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

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
      initialValues={{ ...startingValues, ...draft.typed }}
      onValuesChange={(_, all) => draft.keep(all as Typed)}
      onFinish={(values) => file.mutate(values)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          send(accepts && !event.shiftKey);
        }
      }}
    >
      <div className="draft-slot">
        <DraftLine draft={draft} onUse={(typed) => form.setFieldsValue(typed)} onDecided={() => goToField('contact_phone')} />
      </div>
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
              <Button onClick={() => send(false)} disabled={file.isPending} aria-keyshortcuts="Control+Shift+Enter">
                {speak('submitOnly')}
              </Button>
            ) : null}
            <Button type="text" onClick={() => void draft.discard().then(onClear)} disabled={file.isPending}>
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
