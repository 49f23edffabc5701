import { describe, expect, test } from 'vitest';
import type { AlertRule } from '#contracts/operations/alerts.api.ts';
import { expressionOf, prometheusRules } from './alerts.prometheus.ts';

const disk: AlertRule = {
  key: 'disk-full',
  zh: '磁盘将满',
  en: 'The disk is filling up',
  metric: 'node_filesystem_avail_bytes',
  matchers: [{ label: 'instance', op: '=~', value: 'a.*' }],
  judgement: { kind: 'static', op: 'below', bound: 1e9, back: 2e9 },
  advice: '',
  forSeconds: 60,
  level: 'P2',
};

describe('a rule as Prometheus reads it', () => {
  test('burns on until the value is back behind its second bound', () => {
    expect(expressionOf(disk)).toBe(
      'node_filesystem_avail_bytes{instance=~"a.*"} < 1000000000 or (node_filesystem_avail_bytes{instance=~"a.*"} < 2000000000 and ignoring(alertname, alertstate, level) ALERTS{alertname="disk-full",alertstate="firing"})',
    );
  });

  test('compares the rise of a counter, misses what fell silent, and measures the usual over four weeks', () => {
    const of = (judgement: AlertRule['judgement']) => expressionOf({ ...disk, metric: 'n', matchers: [], judgement });
    expect(of({ kind: 'rate', op: 'above', bound: 1, overSeconds: 300 })).toBe('rate(n{}[300s]) > 1');
    expect(of({ kind: 'absence' })).toBe('(last_over_time(n{}[1d]) unless n{}) or absent(n{})');
    expect(of({ kind: 'baseline', op: 'above', bound: 3 }).match(/offset \d+m/g)).toHaveLength(8);
  });

  test('stands in a file with its level and its words', () => {
    const file = JSON.parse(prometheusRules([disk])) as { groups: { rules: object[] }[] };
    expect(file.groups[0]!.rules[0]).toMatchObject({
      alert: 'disk-full',
      for: '60s',
      labels: { level: 'P2' },
      annotations: { zh: '磁盘将满' },
    });
  });
});
