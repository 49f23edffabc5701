import type { Problem } from '#contracts/base/problem.ts';
import { fieldFaults, problemOf } from '../api/problem.ts';
import { useWords } from '../text.ts';

const words = {
  incident: { zh: '记录编号', en: 'Incident' },
  retryAfter: { zh: '请在 {seconds} 秒后再试', en: 'Please try again in {seconds} seconds' },
  retry: { zh: '重试', en: 'Try again' },
  unknown: { zh: '页面出现故障，请刷新后再试', en: 'The page broke; please reload it' },
} as const;

export interface ProblemAlertProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
  /** The names of fields for people, by the last part of their path. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Faults shown at their fields already need no second telling. */
  readonly hideFields?: boolean;
  /** Citizens are shown the incident only when it was our fault. */
  readonly incident?: 'always' | 'serious';
}

/** What went wrong in plain words, with the id under which it stands in the log. */
export function ProblemAlert({ error, onRetry, labels = {}, hideFields, incident = 'always' }: ProblemAlertProps) {
  const speak = useWords(words);
  if (error === null || error === undefined) return null;
  const problem: Problem | undefined = problemOf(error);
  const faults = hideFields ? [] : fieldFaults(problem);
  const serious = !problem || problem.status >= 500 || problem.status === 0;
  return (
    <div className={`ms-problem${serious ? '' : ' ms-problem--mild'}`} role="alert">
      <p className="ms-problem__title">{problem?.title ?? speak('unknown')}</p>
      {problem?.detail ? <p>{problem.detail}</p> : null}
      {faults.length > 0 ? (
        <ul>
          {faults.map(({ path, message }) => {
            const name = path.at(-1) ?? '';
            return (
              <li key={path.join('.')}>
                {labels[name] ?? path.join('.')}：{message}
              </li>
            );
          })}
        </ul>
      ) : null}
      {problem?.retryAfterS ? <p>{speak('retryAfter', { seconds: problem.retryAfterS })}</p> : null}
      {problem?.incidentId && (serious || incident === 'always') ? (
        <p className="ms-problem__incident">
          {speak('incident')} {problem.incidentId}
        </p>
      ) : null}
      {onRetry ? (
        <button type="button" className="ms-problem__retry" onClick={onRetry}>
          {speak('retry')}
        </button>
      ) : null}
    </div>
  );
}
