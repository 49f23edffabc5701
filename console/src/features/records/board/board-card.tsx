import { BOARD_COLUMNS, BOARD_ORDER, actionInto, type BoardColumn } from '#contracts/operations/records/problem.board.ts';
import { problemLifecycle } from '#contracts/operations/records/problem.lifecycle.ts';
import type { ProblemCard } from '#contracts/operations/records/problems.api.ts';
import { RECORD_SOURCES } from '#contracts/operations/records/records.values.ts';
import { useSay, useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { Button, Dropdown } from 'antd';
import type { KeyboardEvent } from 'react';
import { RecordDue, RecordLevel, RecordState } from '../record-words.tsx';
import { recordsText } from '../records.text.ts';
import { boardText } from './board.text.ts';
import { dragged } from './drag.ts';

type Action = keyof typeof problemLifecycle.actions;

export interface BoardCardProps {
  readonly card: ProblemCard;
  readonly isMoving: boolean;
  readonly refusal: string | undefined;
  readonly isMenuOpen: boolean;
  readonly onMenu: (open: boolean) => void;
  /** `to` is the column the action leads to; without one it stays in its own. */
  readonly onMove: (action: Action, to: BoardColumn | undefined) => void;
  /** A key pressed on its link. */
  readonly onKey: (event: KeyboardEvent<HTMLElement>) => void;
  readonly onDrag: (card: ProblemCard | undefined) => void;
}

/** A problem as a card; the link in it is what the keyboard walks. */
export function BoardCard({ card, isMoving, refusal, isMenuOpen, onMenu, onMove, onKey, onDrag }: BoardCardProps) {
  const speak = useWords(boardText);
  const name = useWords(recordsText);
  const tell = useSay();
  const items = (card.actions as Action[]).map((action) => {
    const to = BOARD_ORDER.find((column) => actionInto(card.state, column, [action]));
    const words = tell(problemLifecycle.actions[action].name);
    return { key: action, label: to ? `${tell(BOARD_COLUMNS[to].name)}：${words}` : words, onClick: () => onMove(action, to) };
  });
  return (
    <li
      className="board__card"
      aria-busy={isMoving}
      data-testid={`card-${card.number}`}
      {...dragged(card, items.length > 0 && !isMoving, onDrag)}
    >
      <div className="board__line">
        <RecordLevel kind="problem" level={card.level} />
        <span className="quiet">
          {card.score === null ? '' : `${speak('score', { score: card.score })} · `}
          {tell(RECORD_SOURCES[card.source])}
        </span>
        {card.state === 'returned' ? <RecordState kind="problem" state={card.state} /> : null}
      </div>
      <Link to="/records/$id" params={{ id: card.id }} data-card={card.id} draggable={false} onKeyDown={onKey} className="board__title">
        {card.title}
      </Link>
      <div className="board__line">
        <span>{card.owner ?? <span className="quiet">{name('nobody')}</span>}</span>
        {card.plannedOn && !card.endedAt ? (
          <span className="ms-number">{speak('plannedFor', { day: card.plannedOn.slice(5) })}</span>
        ) : null}
      </div>
      {card.dueAt && !card.endedAt ? <RecordDue row={card} /> : null}
      {refusal ? (
        <p className="board__refusal" role="alert">
          {refusal}
        </p>
      ) : null}
      <div className="board__line">
        <span className="quiet ms-number">{card.number}</span>
        {items.length > 0 ? (
          <Dropdown open={isMenuOpen} onOpenChange={onMenu} trigger={['click']} autoFocus menu={{ items }}>
            <Button type="link" size="small" className="board__move" aria-label={speak('moveOf', { number: card.number })}>
              {speak('moveTo')}
            </Button>
          </Dropdown>
        ) : null}
      </div>
    </li>
  );
}
