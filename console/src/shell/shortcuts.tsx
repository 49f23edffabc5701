import type { Words } from '#contracts/base/text.ts';
import { isTyping } from '#ui/office/keys.ts';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useNavigate } from '@tanstack/react-router';
import { Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { deskKeys } from '../features/desk/desk-keys.ts';
import { keyText, shellText } from './shell.text.ts';
import { SEARCH_ID } from './top-bar.tsx';

const SECOND_KEY_WITHIN_MS = 1500;

/** Keys that work everywhere outside of a field, and the list of them. */
export function Shortcuts() {
  const speak = useWords(shellText);
  const may = useMay();
  const navigate = useNavigate();
  const [shown, setShown] = useState(false);
  const waitingSince = useRef(0);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.altKey && event.code === 'Slash') {
        event.preventDefault();
        setShown(true);
        return;
      }
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
      <Keys keys={keyText} />
      {may('appeals.file') ? (
        <>
          <h3 className="keys__of">{speak('desk')}</h3>
          <Keys
            keys={[
              ...deskKeys.map(({ digit, words }) => ({ keys: ['Alt', digit], words })),
              { keys: ['Ctrl', 'Shift', 'Enter'], words: shellText.fileOnly },
            ]}
          />
        </>
      ) : null}
    </Modal>
  );
}

function Keys({ keys }: { keys: readonly { readonly keys: readonly string[]; readonly words: Words }[] }) {
  const tell = useSay();
  return (
    <dl className="keys">
      {keys.map(({ keys: pressed, words }) => (
        <div key={words.en}>
          <dt>
            {pressed.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{tell(words)}</dd>
        </div>
      ))}
    </dl>
  );
}
