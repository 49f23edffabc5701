import { needsInput } from '#contracts/operations/records/problem.board.ts';
import type { ProblemCard } from '#contracts/operations/records/problems.api.ts';
import type { RecordView } from '#contracts/operations/records/records.api.ts';
import { problemOf } from '#ui/api/problem.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Modal, Skeleton } from 'antd';
import { useState, type ReactNode } from 'react';
import { ActionForm } from '../record-actions.tsx';
import { recordQuery, takeAction } from '../records.queries.ts';
import { recordsText } from '../records.text.ts';

type Input = Readonly<Record<string, unknown>>;

export interface Move {
  readonly action: string;
  /** Where the card stands until the server has answered: a column, or a day. */
  readonly to: string;
  /** All the action asks for; without it a form asks, where something is asked. */
  readonly input?: Input;
  /** What stands in that form. */
  readonly start?: Input | undefined;
}

export interface Moves {
  move(card: ProblemCard, move: Move): void;
  /** Where cards are on their way to, by id. */
  readonly moving: Readonly<Record<string, string>>;
  /** Why a card went back, by id. */
  readonly refused: Readonly<Record<string, string>>;
  readonly dialog: ReactNode;
}

/** Moves cards by the actions of the lifecycle, and in no other way. */
export function useMoves(): Moves {
  const queries = useQueryClient();
  const [moving, setMoving] = useState<Moves['moving']>({});
  const [refused, setRefused] = useState<Moves['refused']>({});
  const [asked, setAsked] = useState<{ id: string; action: string; start?: Input | undefined }>();
  const take = useMutation({
    mutationFn: ({ card, action, input }: { card: ProblemCard; action: string; input: Input }) => takeAction(card, action, input),
    onError: (error, { card }) => setRefused((all) => ({ ...all, [card.id]: problemOf(error)?.title ?? String(error) })),
    onSettled: async (_reply, _error, { card }) => {
      await queries.invalidateQueries({ queryKey: ['records'] });
      setMoving((all) => without(all, card.id));
    },
  });
  return {
    moving,
    refused,
    move(card, { action, to, input, start }) {
      setRefused((all) => without(all, card.id));
      if (!input && needsInput(action)) return setAsked({ id: card.id, action, start });
      setMoving((all) => ({ ...all, [card.id]: to }));
      take.mutate({ card, action, input: input ?? {} });
    },
    dialog: asked ? <MoveDialog {...asked} onClose={() => setAsked(undefined)} /> : null,
  };
}

function without(all: Readonly<Record<string, string>>, id: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(all).filter(([each]) => each !== id));
}

function MoveDialog({ id, action, start, onClose }: { id: string; action: string; start?: Input | undefined; onClose: () => void }) {
  // What was kept of an earlier look may be old; the form begins with what stands now.
  const { data: record, error, isFetchedAfterMount } = useQuery(recordQuery(id));
  return (
    <Modal open footer={null} title={record ? `${record.number} ${record.title}` : ' '} onCancel={onClose} destroyOnHidden>
      {record && isFetchedAfterMount ? (
        <MoveForm record={record} action={action} start={start} onClose={onClose} />
      ) : error ? (
        <ProblemAlert error={error} />
      ) : (
        <Skeleton active paragraph={{ rows: 3 }} title={false} />
      )}
    </Modal>
  );
}

interface MoveFormProps {
  readonly record: RecordView;
  readonly action: string;
  readonly start: Input | undefined;
  readonly onClose: () => void;
}

function MoveForm({ record, action, start, onClose }: MoveFormProps) {
  const speak = useWords(recordsText);
  const tell = useSay();
  const [view] = useState(() => record.actions.find((each) => each.action === action));
  if (!view) return <p role="alert">{speak('overtaken')}</p>;
  if (view.refusal) return <p role="alert">{view.refusal.text}</p>;
  return (
    <>
      <h3>{tell(view.name)}</h3>
      <ActionForm record={record} view={view} start={start} onClose={onClose} />
    </>
  );
}
