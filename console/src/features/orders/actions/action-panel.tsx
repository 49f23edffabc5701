import { draftsApi } from '#contracts/drafts/drafts.api.ts';
import type { ActionView, OrderView } from '#contracts/orders/orders.api.ts';
import { call } from '#ui/api/client.ts';
import { stateFacts } from '#ui/components/state-tag.tsx';
import { useDigitKeys } from '#ui/office/keys.ts';
import { useSay, useWords } from '#ui/text.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Panel } from '../../../parts/page.tsx';
import { ActionForm } from './action-form.tsx';
import { actionText } from './actions.text.ts';

/** What this person may do now, as the server lists it; the n-th opens by the digit n. */
export function ActionPanel({ order, onActing }: { order: OrderView; onActing: (action: string | undefined) => void }) {
  const speak = useWords(actionText);
  const tell = useSay();
  const { message } = App.useApp();
  const [chosen, setChosen] = useState<ActionView>();
  // Asked again when a form is closed: it may have left one.
  const drafts = useQuery({
    queryKey: ['drafts', chosen?.action],
    queryFn: ({ signal }) => call(draftsApi.list, {}, { signal }),
    placeholderData: keepPreviousData,
  });
  const hasDraft = (action: string) => drafts.data?.items.some(({ place }) => place === `${order.id}.${action}`);
  const buttons = useRef<HTMLDivElement>(null);
  // What is asked for beside the contact has its place there.
  const listed = order.actions.filter(({ action }) => action !== 'reveal-contact');
  const open = listed.filter(({ refusal }) => refusal === null);
  const shut = listed.filter(({ refusal }) => refusal !== null);

  useEffect(() => onActing(chosen?.action), [chosen, onActing]);

  useDigitKeys(open, setChosen, () => {
    if (!chosen) return;
    setChosen(undefined);
    buttons.current?.querySelector('button')?.focus();
  });

  return (
    <Panel title={speak('panel')}>
      {listed.length === 0 && !chosen ? <p className="quiet">{speak('none')}</p> : null}
      {open.length > 0 ? (
        <div className="actions" ref={buttons} role="group" aria-label={speak('panel')}>
          {open.map((view, i) => (
            <Button
              key={view.action}
              type={chosen?.action === view.action ? 'primary' : 'default'}
              danger={view.danger}
              aria-expanded={chosen?.action === view.action}
              aria-keyshortcuts={String(i + 1)}
              onClick={() => setChosen(chosen?.action === view.action ? undefined : view)}
            >
              {tell(view.name as { zh: string; en: string })}
              {hasDraft(view.action) ? <span className="ms-tag ms-tag--waiting">{speak('draft')}</span> : null}
              {view.second ? <sup title={speak('second')}>②</sup> : null}
              <kbd aria-hidden="true">{i + 1}</kbd>
            </Button>
          ))}
        </div>
      ) : null}
      {chosen ? (
        <ActionForm
          key={chosen.action}
          order={order}
          view={chosen}
          onClose={() => setChosen(undefined)}
          onDone={(state, asked) => {
            setChosen(undefined);
            const facts = stateFacts(state);
            if (asked) {
              void message.success(speak('asked', { name: tell(chosen.name) }));
              return;
            }
            void message.success(speak('done', { name: tell(chosen.name), state: facts ? tell(facts.name) : state }));
          }}
        />
      ) : null}
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
