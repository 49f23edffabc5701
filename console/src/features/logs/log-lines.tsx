import type { LogLine } from '#contracts/operations/logs.api.ts';
import { clauseText, type Clause } from '#contracts/operations/logs.query.ts';
import { isTyping } from '#ui/office/keys.ts';
import { useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { Fragment, useEffect, useRef, useState } from 'react';
import { lineTimeText } from './log-time.ts';
import { logsText } from './logs.text.ts';

const keyOf = (line: LogLine) => `${line.at}/${line.seq}`;

/** Narrows the search: to a value, or to everything else. */
export type Narrow = (clause: string) => void;

/** Lines, one row each; a row unfolds to everything the line says. j and k walk, Enter unfolds. */
export function LogLines({
  lines,
  gaps = false,
  marked,
  onNarrow,
}: {
  lines: readonly LogLine[];
  gaps?: boolean;
  marked?: string;
  onNarrow?: Narrow;
}) {
  const speak = useWords(logsText);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState(-1);
  const body = useRef<HTMLTableSectionElement>(null);
  const toggle = (key: string) =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === 'j' || event.key === 'k') {
        event.preventDefault();
        const next = Math.max(0, Math.min(lines.length - 1, at + (event.key === 'j' ? 1 : -1)));
        setAt(next);
        body.current?.querySelector(`[data-line="${next}"]`)?.scrollIntoView({ block: 'nearest' });
      } else if (event.key === 'Enter' && lines[at] && !(event.target as HTMLElement).closest('a,button')) {
        event.preventDefault();
        toggle(keyOf(lines[at]));
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });

  return (
    <div className="ms-table__scroll">
      <table className="ms-table logs__table">
        <caption className="ms-visually-hidden">{speak('table')}</caption>
        <thead>
          <tr>
            <th scope="col">{speak('at')}</th>
            {gaps ? <th scope="col">{speak('gap')}</th> : null}
            <th scope="col">{speak('level')}</th>
            <th scope="col" className="ms-table__minor">
              {speak('source')}
            </th>
            <th scope="col" className="ms-table__minor">
              {speak('module')}
            </th>
            <th scope="col" className="ms-table__wide">
              {speak('message')}
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {lines.map((line, place) => {
            const key = keyOf(line);
            const before = lines[place - 1];
            return (
              <Fragment key={key}>
                <tr
                  data-line={place}
                  className={[
                    `logs__line logs__line--${line.level}`,
                    place === at ? 'logs__line--at' : '',
                    key === marked ? 'logs__line--marked' : '',
                  ].join(' ')}
                  onClick={(event) => {
                    if ((event.target as HTMLElement).closest('a,button') || getSelection()?.toString()) return;
                    setAt(place);
                    toggle(key);
                  }}
                >
                  <td>
                    <button
                      type="button"
                      className="logs__time"
                      aria-expanded={open.has(key)}
                      aria-label={`${lineTimeText(line.at)} ${speak('unfold')}`}
                      onClick={() => toggle(key)}
                    >
                      {lineTimeText(line.at)}
                    </button>
                  </td>
                  {gaps ? <td className="logs__gap">{before ? `+${Date.parse(line.at) - Date.parse(before.at)} ms` : ''}</td> : null}
                  <td>
                    <span className={`logs__level logs__level--${line.level}`}>{line.level}</span>
                  </td>
                  <td className="ms-table__minor">{line.source}</td>
                  <td className="ms-table__minor">{line.module}</td>
                  <td className="ms-table__wide">
                    <div className="logs__message">
                      {line.message} <span className="logs__inline">{inlineText(line)}</span>
                    </div>
                  </td>
                </tr>
                {open.has(key) ? (
                  <tr className="logs__more">
                    <td colSpan={gaps ? 6 : 5}>
                      <LineFacts line={line} {...(onNarrow ? { onNarrow } : {})} />
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The short fields of a line, for who reads along. What the message says already is left out. */
function inlineText({ fields }: LogLine): string {
  return Object.entries(fields)
    .filter(([key, value]) => !key.startsWith('err.') && String(value).length <= 60)
    .slice(0, 8)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ');
}

/** Everything a line says, each value with the clause that looks for it. */
function LineFacts({ line, onNarrow }: { line: LogLine; onNarrow?: Narrow }) {
  const speak = useWords(logsText);
  const column = (name: 'source' | 'module' | 'template' | 'req' | 'trace' | 'account', value: string | null, label: string) =>
    value ? [{ label, value, clause: { kind: 'column', column: name, value, not: false } as Clause }] : [];
  const facts: { label: string; value: string; clause: Clause }[] = [
    { label: speak('level'), value: line.level, clause: { kind: 'level', op: ':', level: line.level, not: false } },
    ...column('source', line.source, speak('source')),
    ...column('module', line.module, speak('module')),
    ...column('req', line.requestId, speak('field:req')),
    ...column('trace', line.traceId, speak('field:trace')),
    ...column('account', line.accountId, speak('field:account')),
    ...column('template', line.template, speak('field:template')),
    ...Object.entries(line.fields).map(([key, value]) => ({
      label: key,
      value: String(value),
      clause: { kind: 'field', key, op: ':', value: String(value), not: false } as Clause,
    })),
  ];
  return (
    <>
      <div className="logs__links">
        {line.requestId ? (
          <Link to="/logs/requests/$request" params={{ request: line.requestId }}>
            {speak('trace')}
          </Link>
        ) : null}
        <Link to="/logs/around" search={{ source: line.source, at: line.at, seq: String(line.seq) }}>
          {speak('around')}
        </Link>
        <Link to="/logs" search={{ q: `template:${line.template}` }}>
          {speak('likewise')}
        </Link>
      </div>
      <p className="logs__whole">{line.message}</p>
      <dl className="logs__facts">
        {facts.map(({ label, value, clause }) => (
          <div key={`${label}/${value}`}>
            <dt>{label}</dt>
            <dd>
              <span>{value}</span>
              {onNarrow && value.length <= 200 ? (
                <>
                  <Button
                    size="small"
                    type="text"
                    title={speak('only')}
                    aria-label={`${speak('only')}：${label}`}
                    onClick={() => onNarrow(clauseText(clause))}
                  >
                    ＋
                  </Button>
                  <Button
                    size="small"
                    type="text"
                    title={speak('without')}
                    aria-label={`${speak('without')}：${label}`}
                    onClick={() => onNarrow(clauseText({ ...clause, not: true }))}
                  >
                    －
                  </Button>
                </>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
