import { isTyping } from '#ui/office/keys.ts';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useNavigate } from '@tanstack/react-router';
import { Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { keyText, shellText } from './shell.text.ts';
import { SEARCH_ID } from './top-bar.tsx';

const SECOND_KEY_WITHIN_MS = 1500;

/** Keys that work everywhere outside of a field, and the list of them. */
export function Shortcuts() {
  const speak = useWords(shellText);
  const tell = useSay();
  const may = useMay();
  const navigate = useNavigate();
  const [shown, setShown] = useState(false);
  const waitingSince = useRef(0);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const second = performance.now() - waitingSince.current < SECOND_KEY_WITHIN_MS;
      waitingSince.current = 0;
      if (second && event.key === 'h') void navigate({ to: '/' });
      else if (second && event.key === 'o' && may('orders.see')) {
        void navigate({ to: '/orders', search: {} });
      } else if (event.key === 'g') waitingSince.current = performance.now();
      else if (event.key === 'n' && may('appeals.file')) void navigate({ to: '/desk' });
      else if (event.key === '?') setShown(true);
      else if (event.key === '/') document.getElementById(SEARCH_ID)?.focus();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [may, navigate]);

  return (
    <Modal title={speak('keys')} open={shown} onCancel={() => setShown(false)} footer={null} width={420}>
      <dl className="keys">
        {keyText.map(({ keys, words }) => (
          <div key={words.en}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{tell(words)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
