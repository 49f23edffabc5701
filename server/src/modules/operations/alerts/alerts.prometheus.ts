import type { AlertRule, Judgement } from '#contracts/operations/alerts.api.ts';

/** A rule file of Prometheus that opens the same alerts. JSON is YAML, so `promtool` and Prometheus read it as it is. */
export function prometheusRules(rules: readonly AlertRule[]): string {
  const rendered = rules.map((rule) => ({
    alert: rule.key,
    expr: expressionOf(rule),
    for: `${rule.forSeconds}s`,
    labels: { level: rule.level },
    annotations: { zh: rule.zh, summary: rule.en },
  }));
  return `${JSON.stringify({ groups: [{ name: 'minsheng', interval: '15s', rules: rendered }] }, null, 2)}\n`;
}

/** How far back a series must have told something for its silence to be missed. */
const KNOWN = '1d';
const WEEKS = [1, 2, 3, 4];

/** The PromQL expression of what a rule calls bad. */
export function expressionOf({ key, metric, matchers, judgement }: AlertRule): string {
  const selector = `${metric}{${matchers.map(({ label, op, value }) => `${label}${op}${JSON.stringify(value)}`).join(',')}}`;
  if (judgement.kind === 'absence') return `(last_over_time(${selector}[${KNOWN}]) unless ${selector}) or absent(${selector})`;
  const sign = judgement.op === 'above' ? '>' : '<';
  const value = valueOf(judgement, selector);
  const bad = `${value} ${sign} ${judgement.bound}`;
  if (judgement.back === undefined) return bad;
  // Behind the bound but not back behind the other: it goes on for as long as it burns.
  const burns = `ALERTS{alertname=${JSON.stringify(key)},alertstate="firing"}`;
  return `${bad} or (${value} ${sign} ${judgement.back} and ignoring(alertname, alertstate, level) ${burns})`;
}

function valueOf(judgement: Exclude<Judgement, { kind: 'absence' }>, selector: string): string {
  if (judgement.kind === 'rate') return `rate(${selector}[${judgement.overSeconds}s])`;
  if (judgement.kind === 'static') return selector;
  return `(${selector} - ${overWeeks(selector, 'avg')}) / ${overWeeks(selector, 'stddev')}`;
}

/** What was usual an hour around this instant in each of the last four weeks. */
function overWeeks(selector: string, what: 'avg' | 'stddev'): string {
  const parts = WEEKS.map((week) => `${what}_over_time(${selector}[1h] offset ${week * 7 * 24 * 60 - 30}m)`);
  return `((${parts.join(' + ')}) / ${WEEKS.length})`;
}
