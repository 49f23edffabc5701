import type { FlameFrame } from '#contracts/operations/diagnosis.api.ts';
import { ScrollBox } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { Button } from 'antd';
import { useState } from 'react';
import { percentText } from './diagnosis-parts.tsx';
import { profilesText } from './diagnosis.text.ts';

const WIDTH = 1000;
const ROW = 18;
/** A frame narrower than this has no room for its name. */
const NAMED_FROM = 40;
const CHARACTER = 6.6;

/** Calls as a flame graph, callers above; one that is clicked takes the whole width. Its figures stand in the table above. */
export function FlameGraph({ frames }: { frames: readonly FlameFrame[] }) {
  const speak = useWords(profilesText);
  const [zoomed, setZoomed] = useState<FlameFrame>();
  const from = zoomed?.from ?? 0;
  const share = zoomed?.share ?? 1;
  const shown = frames.flatMap((frame) => {
    const left = Math.max(0, (frame.from - from) / share);
    const right = Math.min(1, (frame.from + frame.share - from) / share);
    // Who called the one that is enlarged stands over it in full width.
    return right - left > 0.0005 ? [{ frame, x: left * WIDTH, width: (right - left) * WIDTH }] : [];
  });
  const depth = Math.max(...shown.map(({ frame }) => frame.depth)) + 1;
  return (
    <>
      <ScrollBox label={speak('flame')}>
        <svg className="flame" viewBox={`0 0 ${WIDTH} ${depth * ROW}`} role="img" aria-label={speak('flameOf', { count: frames.length })}>
          {shown.map(({ frame, x, width }) => (
            <g
              key={`${frame.depth} ${frame.from} ${frame.name}`}
              className={`flame__frame flame__frame--${kindOf(frame.place)}`}
              transform={`translate(${x} ${frame.depth * ROW})`}
              onClick={() => setZoomed(frame === zoomed ? undefined : frame)}
            >
              <title>{`${frame.name} ${frame.place} ${percentText(frame.share)}`}</title>
              <rect width={Math.max(0.5, width - 0.5)} height={ROW - 1} rx={1.5} />
              {width >= NAMED_FROM ? (
                <text x={4} y={ROW - 5.5}>
                  {shortened(frame.name, width)}
                </text>
              ) : null}
            </g>
          ))}
        </svg>
      </ScrollBox>
      {zoomed ? (
        <div className="buttons">
          <Button onClick={() => setZoomed(undefined)}>{speak('whole')}</Button>
        </div>
      ) : null}
    </>
  );
}

/** Whose code it is: the project's, a library's, or the machine's. */
function kindOf(place: string): 'ours' | 'library' | 'machine' {
  if (place.startsWith('node_modules/')) return 'library';
  return place === '' || place.startsWith('node:') ? 'machine' : 'ours';
}

function shortened(name: string, width: number): string {
  const room = Math.floor((width - 8) / CHARACTER);
  return name.length <= room ? name : `${name.slice(0, Math.max(1, room - 1))}…`;
}
