import { describe, expect, it } from 'vitest';
import { above } from '#contracts/operations/topology.ts';
import { assetOf, circleIn, foundAssets, healthOf } from './assets.rules.ts';

const surroundings = {
  nodes: ['app-1:8080', 'app-2:8080'],
  databaseHost: 'db-1',
  probes: [
    { key: 'sms', name: '短信网关端口', kind: 'tcp', component: 'gateway:sms' },
    { key: 'portal-cert', name: '门户证书', kind: 'certificate', component: null },
  ],
  gateways: ['sms'],
  webhooks: ['oncall.example'],
  sites: ['first', 'second'],
} as const;

describe('what the platform finds by itself', () => {
  const { assets, relations } = foundAssets(surroundings);
  const kinds = Object.fromEntries(assets.map(({ key, kind }) => [key, kind]));

  it('is each thing once, and relations between things that are there', () => {
    expect(new Set(assets.map(({ key }) => key)).size).toBe(assets.length);
    for (const { upper, lower } of relations) expect([upper in kinds, lower in kinds], `${upper} ${lower}`).toEqual([true, true]);
    expect(kinds).toMatchObject({
      'app-1:8080': 'node',
      'host:app-1': 'host',
      'host:db-1': 'host',
      database: 'database',
      'probe:portal-cert': 'certificate',
      'gateway:sms': 'interface',
      'site:second': 'site',
    });
  });

  it('carries the functions of the hotline down to the hosts', () => {
    expect([...above(relations, 'host:db-1')]).toEqual(
      expect.arrayContaining(['database', 'app-2:8080', 'service:minsheng', 'function:intake']),
    );
    expect([...above(relations, 'gateway:sms')]).toEqual(['function:alerting']);
  });
});

describe('the register', () => {
  it('knows whom an alert speaks of', () => {
    expect(assetOf({ component: 'peer:sms', probe: 'sms', instance: 'probes' })).toBe('peer:sms');
    expect(assetOf({ probe: 'portal', instance: 'probes' })).toBe('probe:portal');
    expect(assetOf({ slo: 'fast-submit', window: '1h', instance: 'slo' })).toBe('slo:fast-submit');
    expect(assetOf({ instance: 'app-1:8080' })).toBe('app-1:8080');
    expect(assetOf({})).toBeNull();
  });

  it('lets nothing stand on itself, however far around', () => {
    const relations = [
      { upper: 'a', lower: 'b' },
      { upper: 'b', lower: 'c' },
    ];
    expect(circleIn(relations, 'c', ['x', 'a'])).toBe('a');
    expect(circleIn(relations, 'c', ['c'])).toBe('c');
    expect(circleIn(relations, 'a', ['c'])).toBeNull();
  });

  it('shows a thing as it stands', () => {
    expect([healthOf(null, null), healthOf('P3', null), healthOf(null, 4), healthOf('P2', null), healthOf('P4', 1)]).toEqual([
      'good',
      'warning',
      'warning',
      'bad',
      'bad',
    ]);
  });
});
