import { approvalsApi } from '#contracts/orders/approvals.api.ts';
import type { ApprovalView } from '#contracts/orders/orders.branch-views.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { instantText } from '#ui/format.ts';
import { useNames } from '#ui/office/dictionary.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { Panel } from '../../parts/page.tsx';
import { fieldsOf } from './actions/action-schema.ts';
import { fieldName } from './actions/actions.text.ts';
import { orderText } from './order.text.ts';

/** What was asked for about an order, newest first; what this person may decide has its buttons. */
export function Approvals({ approvals }: { approvals: readonly ApprovalView[] }) {
  const speak = useWords(orderText);
  if (approvals.length === 0) return null;
  return (
    <Panel title={speak('approvals')}>
      {approvals.toReversed().map((approval) => (
        <ApprovalCard key={approval.id} approval={approval} />
      ))}
    </Panel>
  );
}

export function ApprovalCard({ approval }: { approval: ApprovalView }) {
  const speak = useWords(orderText);
  const tell = useSay();
  const tone = { open: 'waiting', approved: 'done', declined: 'danger', lapsed: 'stopped', superseded: 'stopped' }[approval.state];
  return (
    <article className="reply" data-testid={`approval-${approval.action}`}>
      <p className="reply__head">
        <b>{tell(approval.name)}</b>
        <span className={`ms-tag ms-tag--${tone}`}>{speak(approval.state)}</span>
        <span className="under">
          {[approval.unitName, approval.askedBy].filter(Boolean).join(' · ')} ·{' '}
          <span className="ms-number">{instantText(approval.askedAt)}</span>
          {approval.state === 'open' && approval.lapsesAt ? ` · ${speak('lapsesAt', { at: instantText(approval.lapsesAt) })}` : ''}
        </span>
      </p>
      <AskedFor approval={approval} />
      {approval.decidedBy ? (
        <p className="said said--soft">
          <b>{speak('decisionOpinion')}</b> {approval.opinion ?? speak('none')}{' '}
          <span className="under">
            {approval.decidedBy} · <span className="ms-number">{approval.decidedAt ? instantText(approval.decidedAt) : ''}</span>
          </span>
        </p>
      ) : null}
      {approval.mayDecide ? <Decision approval={approval} /> : null}
    </article>
  );
}

/** The request's own words, under the names its form had. */
function AskedFor({ approval }: { approval: ApprovalView }) {
  const tell = useSay();
  const names = useNames();
  const given = fieldsOf(approval.action).flatMap((spec) => {
    const value = approval.input[spec.name];
    if (value === undefined || value === null || value === '') return [];
    const text = Array.isArray(value) ? value.join('、') : typeof value === 'string' ? value : JSON.stringify(value);
    const shown = spec.list ? names.code(spec.list, text) : typeof value === 'boolean' ? (value ? '✓' : '✗') : text;
    return [{ name: spec.name, label: tell(fieldName(approval.action, spec.name)), shown }];
  });
  return (
    <dl className="asked">
      {given.map(({ name, label, shown }) => (
        <div key={name}>
          <dt>{label}</dt>
          <dd>{shown}</dd>
        </div>
      ))}
    </dl>
  );
}

function Decision({ approval }: { approval: ApprovalView }) {
  const speak = useWords(orderText);
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [opinion, setOpinion] = useState('');
  const decide = useMutation({
    mutationFn: (verdict: 'approve' | 'decline') =>
      call(approvalsApi.decide, { params: { id: approval.id }, body: { verdict, ...(opinion.trim() ? { opinion: opinion.trim() } : {}) } }),
    onSuccess: async () => {
      void message.success(speak('decided'));
      await Promise.all(['orders', 'approvals', 'home'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
  });
  return (
    <div className="decision">
      <Input.TextArea
        value={opinion}
        onChange={(event) => setOpinion(event.target.value)}
        autoSize={{ minRows: 1, maxRows: 4 }}
        maxLength={500}
        placeholder={speak('decisionOpinion')}
        aria-label={speak('decisionOpinion')}
      />
      <ProblemAlert error={decide.error} />
      <div className="buttons">
        <Button type="primary" loading={decide.isPending && decide.variables === 'approve'} onClick={() => decide.mutate('approve')}>
          {speak('approve')}
        </Button>
        <Button loading={decide.isPending && decide.variables === 'decline'} onClick={() => decide.mutate('decline')}>
          {speak('decline')}
        </Button>
      </div>
    </div>
  );
}
