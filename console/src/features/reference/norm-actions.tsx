import { normLifecycle, type NormAction } from '#contracts/reference/norm.lifecycle.ts';
import type { NormView } from '#contracts/reference/norms.api.ts';
import { normsApi } from '#contracts/reference/norms.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useState } from 'react';
import { DecisionModal, type Decided } from './decision-modal.tsx';
import { normsText } from './norms.text.ts';

type Decision = 'approve' | 'send-back' | 'withdraw';

/** The buttons of a norm, drawn from its lifecycle: what this person may do now, and why something is not open to him. */
export function NormActions({ norm }: { norm: NormView }) {
  const speak = useWords(normsText);
  const tell = useSay();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [open, setOpen] = useState<Decision>();
  const { id: normId, revision } = norm;
  const act = useMutation({
    mutationFn: ({ action, decided }: { action: Decision | 'try'; decided: Decided }) => {
      const { opinion, effectiveFrom } = decided;
      const params = { id: normId };
      if (action === 'try') return call(normsApi.try, { params, body: { revision, input: {} } });
      if (action === 'approve') return call(normsApi.approve, { params, body: { revision, input: { opinion, effectiveFrom } } });
      return call(action === 'withdraw' ? normsApi.withdraw : normsApi.sendBack, { params, body: { revision, input: { opinion } } });
    },
    onSuccess: async (_, { action }) => {
      setOpen(undefined);
      await queries.invalidateQueries({ queryKey: ['norms'] });
      void message.success(speak('done', { action: tell(normLifecycle.actions[action].name) }));
    },
  });
  const take = (action: NormAction) => {
    act.reset();
    if (action === 'revise') void navigate({ to: '/norms/$id/revise', params: { id: normId } });
    else if (action === 'try') act.mutate({ action, decided: { opinion: '', effectiveFrom: '' } });
    else setOpen(action as Decision);
  };
  if (norm.actions.length === 0) return null;
  const main = norm.actions.find(({ refusal }) => !refusal)?.action;
  return (
    <>
      <div className="buttons" role="group" aria-label={speak('actions')}>
        {norm.actions.map(({ action, refusal }) => {
          const facts = normLifecycle.actions[action as NormAction];
          const first = norm.actions.some((one) => one.action === 'approve') ? 'approve' : norm.state === 'draft' ? 'try' : main;
          return (
            <Button
              key={action}
              type={action === first ? 'primary' : 'default'}
              danger={'danger' in facts}
              disabled={refusal !== null || act.isPending}
              onClick={() => take(action as NormAction)}
            >
              {tell(facts.name)}
            </Button>
          );
        })}
      </div>
      {norm.actions
        .filter(({ refusal }) => refusal)
        .map(({ action, refusal }) => (
          <p key={action} className="shut">
            {tell(normLifecycle.actions[action as NormAction].name)}：{refusal?.text}
          </p>
        ))}
      {open ? (
        <DecisionModal
          title={tell(normLifecycle.actions[open].name)}
          withInstant={open === 'approve'}
          busy={act.isPending}
          error={act.error}
          onDecide={(decided) => act.mutate({ action: open, decided })}
          onClose={() => setOpen(undefined)}
        />
      ) : (
        <ProblemAlert error={act.error} />
      )}
    </>
  );
}
