import type { TimelineLine } from '#contracts/orders/orders.api.ts';
import { instantText } from '#ui/format.ts';
import { useLanguage, useWords } from '#ui/text.ts';

const words = { system: { zh: '系统', en: 'the platform' } } as const;

/** Everything that happened to a case, the newest first. */
export function Timeline({ lines }: { lines: readonly TimelineLine[] }) {
  const speak = useWords(words);
  const language = useLanguage();
  return (
    <ol className="timeline" data-testid="timeline">
      {lines
        .toSorted((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id))
        .map((line) => (
          <li key={line.id}>
            <time className="ms-number" dateTime={line.at}>
              {instantText(line.at)}
            </time>
            <div>
              <span className="timeline__what">{line[language]}</span>
              <span className="under">{[line.unitName, line.actor || speak('system')].filter(Boolean).join(' · ')}</span>
              {line.note ? <p className="said timeline__note">{line.note}</p> : null}
            </div>
          </li>
        ))}
    </ol>
  );
}
