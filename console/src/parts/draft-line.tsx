import { instantText } from '#ui/format.ts';
import { useWords } from '#ui/text.ts';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import type { FormDraft, Typed } from './drafts.ts';

const words = {
  saved: { zh: '草稿 · {at} 保存', en: 'Draft · saved {at}' },
  offered: { zh: '有一份没有提交的草稿 · {at} 保存', en: 'There is a draft that was not sent · saved {at}' },
  held: { zh: '您刚输入的内容在选择之前不会保存。', en: 'What you have typed just now is not saved until you choose.' },
  use: { zh: '使用草稿', en: 'Use the draft' },
  discard: { zh: '丢弃', en: 'Discard it' },
  unsaved: {
    zh: '草稿还没有保存到服务器，正在重试；请不要关闭本页。',
    en: 'The draft has not reached the server; it is tried again. Please keep this page open.',
  },
  overtaken: { zh: '这份草稿在别的窗口改过 · {at} 保存', en: 'This draft was changed in another window · saved {at}' },
  gone: { zh: '这份草稿在别的窗口已经提交或丢弃', en: 'This draft was sent or discarded in another window' },
  theirs: { zh: '改用那一份', en: 'Use that one' },
  ours: { zh: '以这里的为准', en: 'Keep what stands here' },
} as const;

export interface DraftLineProps {
  readonly draft: FormDraft;
  /** Puts the draft's words into the form. */
  readonly onUse: (typed: Typed) => void;
  /** Where to go on once it is decided. */
  readonly onDecided: () => void;
}

/** Says above a form how its draft stands, and offers an earlier one. */
export function DraftLine({ draft, onUse, onDecided }: DraftLineProps) {
  const speak = useWords(words);
  const box = useRef<HTMLDivElement>(null);
  const { phase, savedAt, found, held } = draft.state;
  const isOffered = phase === 'offered';
  useEffect(() => {
    // Decided first, with one key; who is typing already is not interrupted.
    if (isOffered && !held) box.current?.querySelector('button')?.focus();
  }, [isOffered, held]);

  const use = () => {
    onUse(draft.take());
    onDecided();
  };
  if (isOffered || phase === 'overtaken') {
    const at = found ? instantText(found.savedAt) : '';
    return (
      <div ref={box} className="ms-problem ms-problem--mild draft" role="status" data-testid="draft">
        <p className="ms-problem__title">{speak(isOffered ? 'offered' : found ? 'overtaken' : 'gone', { at })}</p>
        {held ? <p>{speak('held')}</p> : null}
        <div className="buttons">
          {found ? (
            <Button size="small" type={isOffered ? 'primary' : 'default'} onClick={use}>
              {speak(isOffered ? 'use' : 'theirs')}
            </Button>
          ) : null}
          <Button
            size="small"
            onClick={() => {
              if (isOffered) void draft.discard();
              else draft.insist();
              onDecided();
            }}
          >
            {speak(isOffered ? 'discard' : 'ours')}
          </Button>
        </div>
      </div>
    );
  }
  if (phase === 'unsaved') {
    return (
      <p className="ms-problem ms-problem--mild draft" role="status" data-testid="draft">
        {speak('unsaved')}
      </p>
    );
  }
  // While it is typed on, the last saving stands: a line that comes and goes would only draw the eye.
  return savedAt ? (
    <p className="quiet draft" data-testid="draft" data-phase={phase}>
      {speak('saved', { at: instantText(savedAt).slice(-5) })}
    </p>
  ) : null;
}
