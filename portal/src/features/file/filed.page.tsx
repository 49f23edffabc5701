import { codeText, numberText } from '#ui/format.ts';
import { useWords } from '#ui/text.ts';
import { useEffect, useState } from 'react';
import { Way } from '../../parts/way.tsx';
import { saveKey } from '../../parts/progress-key.ts';
import { loadFiled } from './draft.ts';
import { filedText } from './file.text.ts';
import { savePicture } from './save-picture.ts';

export function FiledPage() {
  const speak = useWords(filedText);
  const [filed] = useState(loadFiled);
  const [copied, setCopied] = useState<'copied' | 'copyFailed'>();

  useEffect(() => {
    if (filed) saveKey({ number: filed.number, code: filed.queryCode });
  }, [filed]);

  if (!filed) {
    return (
      <section className="sheet">
        <h1 tabIndex={-1}>{speak('nothing')}</h1>
        <Way to="/file" className="button">
          {speak('toFile')}
        </Way>
      </section>
    );
  }
  const copy = () => {
    const text = `${speak('number')} ${filed.number} ${speak('code')} ${filed.queryCode}`;
    // The clipboard is closed to pages that are not served over TLS.
    const done = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
    done.then(
      () => setCopied('copied'),
      () => setCopied('copyFailed'),
    );
  };
  return (
    <section className="sheet slip">
      <h1 tabIndex={-1}>
        <span aria-hidden="true" className="slip__tick">
          ✓
        </span>
        {speak('title')}
      </h1>
      <p>{speak('lead')}</p>
      <dl className="slip__card">
        <dt>{speak('number')}</dt>
        <dd data-testid="appeal-number">{numberText(filed.number)}</dd>
        <dt>{speak('code')}</dt>
        <dd data-testid="query-code" className="slip__code">
          {codeText(filed.queryCode)}
        </dd>
      </dl>
      <div className="row no-print">
        <button type="button" className="button" onClick={copy}>
          {speak('copy')}
        </button>
        <button
          type="button"
          className="button"
          onClick={() =>
            savePicture(`12345-${filed.number}`, [
              { text: '民声 12345', size: 36 },
              { text: speak('number'), size: 30 },
              { text: numberText(filed.number), size: 54 },
              { text: speak('code'), size: 30 },
              { text: codeText(filed.queryCode), size: 64 },
            ])
          }
        >
          {speak('picture')}
        </button>
        <button type="button" className="button" onClick={() => print()}>
          {speak('print')}
        </button>
      </div>
      <p className="soft no-print" role="status">
        {copied ? speak(copied) : speak('hint')}
      </p>
      <div className="row no-print">
        <Way to="/progress" className="button button--main">
          {speak('progress')}
        </Way>
        <Way to="/file" className="link link--tall">
          {speak('another')}
        </Way>
      </div>
    </section>
  );
}
