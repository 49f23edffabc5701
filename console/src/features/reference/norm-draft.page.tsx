import { lineKey, type NormContent, type NormLine, type NormPart } from '#contracts/reference/norm.content.ts';
import { normsApi, type NormRow } from '#contracts/reference/norms.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button, Form, Input, Skeleton } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { allChanges, PARTS } from './norm-content.tsx';
import { NormLines } from './norm-lines.tsx';
import { useNormWords } from './norm-words.tsx';
import { normQuery } from './norm.page.tsx';
import { normsText } from './norms.text.ts';

const newRoute = getRouteApi('/inside/norms/draft/$region');
const reviseRoute = getRouteApi('/inside/norms/$id/revise');
const NOTHING: NormContent = { limits: [], fields: [], categories: [], replies: [], phrases: [] };

/** Drafts a norm for a region: what is in force there, to be changed. */
export function NewNormPage() {
  const { region } = newRoute.useParams();
  const speak = useWords(normsText);
  const words = useNormWords();
  const title = speak('newDraft', { whose: words.region(region) });
  const base = useQuery({
    queryKey: ['norms', 'in-force', region],
    queryFn: async ({ signal }) => {
      const { items } = await call(normsApi.list, { query: { region, limit: 100 } }, { signal });
      const current = items.find((norm) => norm.inForce);
      return current ? call(normsApi.byId, { params: { id: current.id } }, { signal }) : null;
    },
    staleTime: Infinity,
  });
  if (base.error || base.data === undefined) {
    return (
      <Page title={title}>
        {base.error ? <ProblemAlert error={base.error} onRetry={() => void base.refetch()} /> : <Skeleton active paragraph={{ rows: 8 }} />}
      </Page>
    );
  }
  const content = base.data?.content ?? NOTHING;
  return (
    <Editor
      heading={title}
      region={region}
      base={content}
      start={{ title: '', source: '', content }}
      save={(draft) => call(normsApi.draft, { body: { region, ...draft } })}
    />
  );
}

/** Goes on with a draft. */
export function ReviseNormPage() {
  const { id } = reviseRoute.useParams();
  const speak = useWords(normsText);
  const { data: norm, error, refetch } = useQuery({ ...normQuery(id), refetchInterval: false, staleTime: Infinity });
  if (!norm) {
    return (
      <Page title={speak('revise')}>
        {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <Skeleton active paragraph={{ rows: 8 }} />}
      </Page>
    );
  }
  const { title, source, content, region, revision } = norm;
  return (
    <Editor
      heading={speak('revise')}
      region={region}
      base={norm.before?.content ?? NOTHING}
      start={{ title, source, content }}
      save={(draft) => call(normsApi.revise, { params: { id }, body: { revision, input: draft } })}
    />
  );
}

interface Draft {
  readonly title: string;
  readonly source: string;
  readonly content: NormContent;
}

function Editor(props: { heading: string; region: string; base: NormContent; start: Draft; save: (draft: Draft) => Promise<NormRow> }) {
  const speak = useWords(normsText);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [content, setContent] = useState(props.start.content);
  const [form] = Form.useForm<{ title: string; source: string }>();
  const source = Form.useWatch('source', form) ?? props.start.source;
  const save = useMutation({
    mutationFn: (head: { title: string; source: string }) => props.save({ ...head, content }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['norms'] });
      void navigate({ to: '/norms/$id', params: { id } });
    },
  });
  const set = <P extends NormPart>(part: P, line: NormLine<P>) => {
    const key = lineKey(part, line);
    const others = (content[part] as NormLine<P>[]).map((other) => (lineKey(part, other) === key ? line : other));
    setContent({ ...content, [part]: others.includes(line) ? others : [...others, line] });
  };
  const drop = (part: NormPart, key: string) =>
    setContent({ ...content, [part]: (content[part] as NormLine[]).filter((line) => lineKey<NormPart>(part, line) !== key) });
  const changes = allChanges(props.base, content);
  const required = [{ required: true, whitespace: true, min: 2, message: speak('required') }];
  return (
    <Page title={props.heading} note={<span>{speak('editorNote')}</span>}>
      <Panel>
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={{ title: props.start.title, source: props.start.source }}
          onFinish={(head: { title: string; source: string }) => save.mutate(head)}
        >
          <div className="fields-two">
            <Form.Item name="title" label={speak('titleField')} rules={required}>
              <Input maxLength={100} />
            </Form.Item>
            <Form.Item name="source" label={speak('source')} rules={required}>
              <Input maxLength={200} />
            </Form.Item>
          </div>
          <ProblemAlert error={save.error} />
          <div className="buttons">
            <Button type="primary" htmlType="submit" loading={save.isPending}>
              {speak('save')}
            </Button>
            <span className="quiet" role="status">
              {speak('changesCount', { count: changes.length })}
            </span>
          </div>
        </Form>
      </Panel>
      {PARTS.map((part) => (
        <NormLines
          key={part}
          part={part}
          content={content}
          base={props.base}
          source={source}
          onSet={(line) => set(part, line)}
          onDrop={(key) => drop(part, key)}
        />
      ))}
    </Page>
  );
}
