import type { ProblemCard } from '#contracts/operations/records/problems.api.ts';
import type { DragEvent, HTMLAttributes } from 'react';

/** What lets a card be dragged; the keyboard has the menu or the form of the same card. */
export function dragged(card: ProblemCard, may: boolean, onDrag: (card: ProblemCard | undefined) => void): HTMLAttributes<HTMLElement> {
  return {
    draggable: may,
    onDragStart(event: DragEvent) {
      event.dataTransfer.setData('text/plain', card.number);
      event.dataTransfer.effectAllowed = 'move';
      onDrag(card);
    },
    onDragEnd: () => onDrag(undefined),
  };
}

/** What lets a card be dropped on a place, where `takes` it. */
export function dropped(
  takes: boolean,
  isOver: boolean,
  setOver: (over: boolean) => void,
  onDrop: () => void,
): Pick<HTMLAttributes<HTMLElement>, 'onDragOver' | 'onDragLeave' | 'onDrop'> {
  return {
    onDragOver(event) {
      if (!takes) return;
      event.preventDefault();
      if (!isOver) setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop(event) {
      event.preventDefault();
      setOver(false);
      onDrop();
    },
  };
}
