import { actionInto, BOARD_COLUMNS, BOARD_ORDER, columnOf, type BoardColumn } from '#contracts/operations/records/problem.board.ts';
import type { ProblemCard } from '#contracts/operations/records/problems.api.ts';
import { useSay, useWords } from '#ui/text.ts';
import { Segmented } from 'antd';
import { useRef, useState, type KeyboardEvent } from 'react';
import { BoardCard } from './board-card.tsx';
import { boardText } from './board.text.ts';
import { dropped } from './drag.ts';
import type { Moves } from './use-moves.tsx';

/** The cards of the board in their columns; a card dropped on a column takes the action that leads there. */
export function BoardColumns({ cards, moves }: { cards: readonly ProblemCard[]; moves: Moves }) {
  const speak = useWords(boardText);
  const tell = useSay();
  const [dragged, setDragged] = useState<ProblemCard>();
  const [over, setOver] = useState<BoardColumn>();
  const [menu, setMenu] = useState<string>();
  // On a phone one column is shown at a time.
  const [shown, setShown] = useState<BoardColumn>('review');
  const box = useRef<HTMLDivElement>(null);
  const columns = BOARD_ORDER.map((column) => ({
    column,
    cards: cards.filter((card) => (moves.moving[card.id] ?? columnOf(card.state)) === column),
  }));

  function move(card: ProblemCard, column: BoardColumn, action = actionInto(card.state, column, card.actions)): void {
    if (action)
      moves.move(card, { action, to: column, start: action === 'review' && column === 'accepted' ? { outcome: 'accepted' } : undefined });
  }

  function onKey(card: ProblemCard, event: KeyboardEvent<HTMLElement>): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = nextCard(event.currentTarget, box.current!, event.key);
    if (next) next.focus();
    else if (event.key.toLowerCase() === 'm' && card.actions.length > 0) setMenu(card.id);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <Segmented
        className="board__switch"
        aria-label={speak('column')}
        value={shown}
        options={columns.map(({ column, cards: own }) => ({ value: column, label: `${tell(BOARD_COLUMNS[column].name)} ${own.length}` }))}
        onChange={setShown}
      />
      <div className="board" ref={box} data-testid="board">
        {columns.map(({ column, cards: own }) => {
          const takes = dragged !== undefined && actionInto(dragged.state, column, dragged.actions) !== undefined;
          const shut = dragged !== undefined && !takes && columnOf(dragged.state) !== column;
          return (
            <section
              key={column}
              aria-label={tell(BOARD_COLUMNS[column].name)}
              data-testid={`column-${column}`}
              className={`board__column${shut ? ' board__column--shut' : ''}${takes && over === column ? ' board__column--over' : ''}${shown === column ? ' board__column--shown' : ''}`}
              {...dropped(
                takes,
                over === column,
                (isOver) => setOver(isOver ? column : undefined),
                () => {
                  if (dragged) move(dragged, column);
                  setDragged(undefined);
                },
              )}
            >
              <h2>
                {tell(BOARD_COLUMNS[column].name)}{' '}
                <span className="board__count">
                  {own.length}
                  {column === 'archived' ? ` · ${speak('recent')}` : ''}
                </span>
              </h2>
              {own.length === 0 ? <p className="quiet">{speak('empty')}</p> : null}
              <ul>
                {own.map((card) => (
                  <BoardCard
                    key={card.id}
                    card={card}
                    isMoving={moves.moving[card.id] !== undefined}
                    refusal={moves.refused[card.id]}
                    isMenuOpen={menu === card.id}
                    onMenu={(open) => setMenu(open ? card.id : undefined)}
                    onMove={(action, to) => move(card, to ?? column, action)}
                    onKey={(event) => onKey(card, event)}
                    onDrag={setDragged}
                  />
                ))}
              </ul>
            </section>
          );
        })}
      </div>
    </>
  );
}

/** The card an arrow key leads to: up and down in its column, sideways to the next column that has one, at the same height. */
function nextCard(from: HTMLElement, box: HTMLElement, key: string): HTMLElement | undefined {
  const columns = [...box.querySelectorAll('section')]
    .map((column) => [...column.querySelectorAll<HTMLElement>('[data-card]')])
    .filter((cards) => cards.length > 0);
  const x = columns.findIndex((cards) => cards.includes(from));
  const y = columns[x]?.indexOf(from) ?? -1;
  if (key === 'ArrowUp') return columns[x]?.[y - 1];
  if (key === 'ArrowDown') return columns[x]?.[y + 1];
  const beside = key === 'ArrowLeft' ? columns[x - 1] : key === 'ArrowRight' ? columns[x + 1] : undefined;
  return beside?.[Math.min(y, beside.length - 1)];
}
