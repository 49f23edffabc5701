import type { ProblemCard } from '#contracts/operations/records/problems.api.ts';
import { useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { RecordLevel } from '../record-words.tsx';
import { boardText } from './board.text.ts';
import { dragged } from './drag.ts';

export interface PlanChipProps {
  readonly card: ProblemCard;
  /** Its day is past. */
  readonly isLate: boolean;
  readonly isMoving: boolean;
  readonly refusal: string | undefined;
  readonly onDrag: (card: ProblemCard | undefined) => void;
  /** Asks for its day in a form. */
  readonly onAsk: () => void;
}

/** A problem in the calendar; dragged to another day it is scheduled anew. */
export function PlanChip({ card, isLate, isMoving, refusal, onDrag, onAsk }: PlanChipProps) {
  const speak = useWords(boardText);
  const mayPlan = card.actions.includes('schedule');
  return (
    <li
      className={`plan__chip${isLate ? ' plan__chip--late' : ''}`}
      aria-busy={isMoving}
      data-testid={`chip-${card.number}`}
      {...dragged(card, mayPlan && !isMoving, onDrag)}
    >
      <Link to="/records/$id" params={{ id: card.id }} draggable={false} className="board__title" title={card.title}>
        {card.title}
      </Link>
      <div className="board__line quiet">
        <RecordLevel kind="problem" level={card.level} />
        {card.owner ? <span>{card.owner}</span> : null}
        {card.hours === null ? null : <span className="ms-number">{speak('hours', { hours: card.hours })}</span>}
        {mayPlan ? (
          <Button type="link" size="small" className="board__move" aria-label={speak('planOf', { number: card.number })} onClick={onAsk}>
            {speak('setDay')}
          </Button>
        ) : null}
      </div>
      {refusal ? (
        <p className="board__refusal" role="alert">
          {refusal}
        </p>
      ) : null}
    </li>
  );
}
