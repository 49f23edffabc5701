import type { Filed } from '#contracts/appeals/appeals.api.ts';
import { StateTag } from '#ui/components/state-tag.tsx';
import { codeText, numberText } from '#ui/format.ts';
import { useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect } from 'react';
import { Panel } from '../../parts/page.tsx';
import { deskText } from './desk.text.ts';

export function FiledSlip({ filed, onNext }: { filed: Filed; onNext: () => void }) {
  const speak = useWords(deskText);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'n' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      onNext();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onNext]);
  return (
    <Panel>
      <div className="slip" role="status">
        <h2>
          {speak('filed')} <StateTag state={filed.state} />
        </h2>
        <dl>
          <div>
            <dt>{speak('number')}</dt>
            <dd className="ms-number" data-testid="appeal-number">
              {numberText(filed.number)}
            </dd>
          </div>
          <div>
            <dt>{speak('code')}</dt>
            <dd className="ms-number" data-testid="query-code">
              {codeText(filed.queryCode)}
            </dd>
          </div>
        </dl>
        <p className="quiet">{speak('codeNote')}</p>
        <div className="buttons">
          <Button type="primary" autoFocus onClick={onNext} aria-keyshortcuts="n">
            {speak('next')} <kbd aria-hidden="true">n</kbd>
          </Button>
          <Link to="/orders/$id" params={{ id: filed.id }}>
            {speak('open')}
          </Link>
        </div>
      </div>
    </Panel>
  );
}
