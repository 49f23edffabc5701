import type { AlertLevel, AlertRule } from '#contracts/operations/alerts.api.ts';
import { useWords } from '#ui/text.ts';
import { judgementText } from './alerts.text.ts';

const TONES: Readonly<Record<AlertLevel, string>> = { P1: 'danger', P2: 'danger', P3: 'waiting', P4: 'stopped' };

export function AlertLevelTag({ level }: { level: AlertLevel }) {
  return <span className={`ms-tag ms-tag--${TONES[level]}`}>{level}</span>;
}

/** A length of time of a rule: whole minutes as minutes, the rest as seconds. */
export function useSecondsText(): (seconds: number) => string {
  const speak = useWords(judgementText);
  return (seconds) =>
    seconds >= 60 && seconds % 60 === 0 ? speak('minutes', { count: seconds / 60 }) : speak('seconds', { count: seconds });
}

/** What a rule judges, as one reads it: the bound, for how long, and when it is good again. */
export function useRuleWords(): (rule: Pick<AlertRule, 'judgement' | 'forSeconds'>) => string {
  const speak = useWords(judgementText);
  const spanOf = useSecondsText();
  return ({ judgement, forSeconds }) => {
    const lasts = forSeconds > 0 ? [speak('for', { span: spanOf(forSeconds) })] : [];
    if (judgement.kind === 'absence') return [speak('absence'), ...lasts].join('，');
    const side = judgement.op === 'above' ? 'Above' : 'Below';
    const over = judgement.kind === 'rate' ? spanOf(judgement.overSeconds) : '';
    return [
      speak(`${judgement.kind}${side}`, { bound: judgement.bound, over }),
      ...lasts,
      ...(judgement.back === undefined ? [] : [speak(`back${side}`, { back: judgement.back })]),
    ].join('，');
  };
}

/** A number of a series, short enough for a table. */
export function valueText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** The labels of a series in one line. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
