import { inspectionsApi, VERDICTS, type Finding, type Verdict } from '#contracts/operations/inspections.api.ts';
import { inspectionNames } from '#contracts/operations/inspections.text.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { EvidenceView, isOpen, OutcomeTag } from './inspection-parts.tsx';
import { inspectionsText } from './inspections.text.ts';

/** What is found and what became of it, with a button that checks it again. */
export function FindingTable({ findings, empty }: { findings: readonly Finding[] | undefined; empty: string }) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  const may = useMay();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Finding | null>(null);
  const recheck = useMutation({
    mutationFn: ({ finding, said }: { finding: Finding; said: { verdict?: Verdict; note?: string } }) =>
      call(inspectionsApi.recheck, { params: { id: finding.id }, body: said }),
    onSuccess: async (after) => {
      setAsked(null);
      void (after.closedAt ? message.success(speak('nowGood')) : message.warning(speak('stillBad')));
      await queries.invalidateQueries({ queryKey: ['inspections'] });
    },
  });
  return (
    <>
      <ProblemAlert error={asked ? null : recheck.error} />
      <DataTable<Finding>
        caption={speak('findings')}
        rows={findings}
        rowKey={(finding) => finding.id}
        empty={empty}
        tone={(finding) => (isOpen(finding) ? finding.level : undefined)}
        stack
        columns={[
          { key: 'level', title: speak('outcome'), cell: (finding) => <OutcomeTag outcome={finding.level} /> },
          {
            key: 'item',
            title: speak('item'),
            cell: (finding) => (
              <>
                <b>{tell(finding.name)}</b>
                <br />
                <span className="faint">
                  {tell(inspectionNames.objects[finding.object])} · {speak('times', { count: finding.times })}
                </span>
              </>
            ),
          },
          {
            key: 'fault',
            title: speak('fault'),
            cell: (finding) => (
              <>
                <Link to="/records/$id" params={{ id: finding.record.id }} className="mono">
                  {finding.record.number}
                </Link>
                <br />
                <span className="faint">{finding.owner ?? speak('noOwner')}</span>
              </>
            ),
          },
          {
            key: 'fixBy',
            title: speak('fixBy'),
            cell: (finding) =>
              finding.closedAt
                ? speak('closedBy', { name: finding.closedBy ?? '', at: instantText(finding.closedAt) })
                : finding.dueAt
                  ? instantText(finding.dueAt)
                  : '—',
          },
          {
            key: 'evidence',
            title: speak('evidence'),
            wide: true,
            cell: (finding) => (
              <>
                <Seen when={speak('firstFound')} at={finding.openedAt} outcome={finding.level} finding={finding} which="opened" />
                {finding.lastAt === finding.openedAt ? null : (
                  <Seen when={speak('lastChecked')} at={finding.lastAt} outcome={finding.lastOutcome} finding={finding} which="last" />
                )}
                <p className="evidence__advice">
                  {speak('advice')}：{tell(finding.advice)}
                </p>
              </>
            ),
          },
          {
            key: 'recheck',
            title: '',
            cell: (finding) =>
              isOpen(finding) && may('operations.handle') ? (
                <Button
                  loading={recheck.isPending && recheck.variables.finding.id === finding.id}
                  onClick={() => (finding.kind === 'manual' ? setAsked(finding) : recheck.mutate({ finding, said: {} }))}
                >
                  {speak('recheck')}
                </Button>
              ) : null,
          },
        ]}
      />
      {asked ? (
        <VerdictModal
          name={tell(asked.name)}
          busy={recheck.isPending}
          error={recheck.error}
          onVerdict={(said) => recheck.mutate({ finding: asked, said })}
          onClose={() => {
            setAsked(null);
            recheck.reset();
          }}
        />
      ) : null}
    </>
  );
}

function Seen({
  when,
  at,
  outcome,
  finding,
  which,
}: {
  when: string;
  at: string;
  outcome: Finding['lastOutcome'];
  finding: Finding;
  which: 'opened' | 'last';
}) {
  const evidence = which === 'opened' ? finding.openedEvidence : finding.lastEvidence;
  return (
    <div className="evidence__seen">
      <span className="faint">
        {when} {instantText(at)}
        {which === 'last' && finding.lastBy ? ` · ${finding.lastBy}` : ''}
      </span>{' '}
      {which === 'last' ? <OutcomeTag outcome={outcome} /> : null}
      {finding.lastNote && (which === 'last' || finding.lastAt === finding.openedAt) ? (
        <p className="evidence__said">{finding.lastNote}</p>
      ) : null}
      <EvidenceView evidence={evidence} unit={finding.unit} />
    </div>
  );
}

/** What only a person can check again: his verdict, and what he saw. */
function VerdictModal({
  name,
  busy,
  error,
  onVerdict,
  onClose,
}: {
  name: string;
  busy: boolean;
  error: unknown;
  onVerdict: (said: { verdict: Verdict; note?: string }) => void;
  onClose: () => void;
}) {
  const speak = useWords(inspectionsText);
  const tell = useSay();
  const [form] = Form.useForm<{ verdict: Verdict; note?: string }>();
  return (
    <Modal
      open
      title={speak('recheckTitle', { name })}
      okText={speak('recheck')}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ verdict: 'ok' }} onFinish={onVerdict}>
        <ProblemAlert error={error} />
        <Form.Item name="verdict" label={speak('outcome')}>
          <Radio.Group optionType="button" options={VERDICTS.map((value) => ({ value, label: tell(inspectionNames.verdicts[value]) }))} />
        </Form.Item>
        <Form.Item
          name="note"
          label={speak('remark')}
          dependencies={['verdict']}
          rules={[
            ({ getFieldValue }) => ({
              required: getFieldValue('verdict') === 'abnormal',
              whitespace: true,
              message: speak('remarkNeeded'),
            }),
          ]}
        >
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
