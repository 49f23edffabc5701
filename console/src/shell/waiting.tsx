import { useWords } from '#ui/text.ts';
import { Spin } from 'antd';
import { shellText } from './shell.text.ts';

export function Waiting() {
  const speak = useWords(shellText);
  return (
    <div className="waiting" role="status" aria-label={speak('loading')}>
      <Spin />
    </div>
  );
}
