import type { AssetKind, Health } from '#contracts/operations/assets.api.ts';
import { below, type Relation } from '#contracts/operations/topology.ts';

/** A thing the platform found by itself. */
export interface FoundAsset {
  readonly key: string;
  readonly kind: AssetKind;
  readonly name: string;
}

/** What the platform knows of its surroundings without being told. */
export interface Surroundings {
  /** Nodes that told figures within the last day: `host:port`. */
  readonly nodes: readonly string[];
  /** The host the database runs on, where it is known. */
  readonly databaseHost: string | null;
  readonly probes: readonly { readonly key: string; readonly name: string; readonly kind: string; readonly component: string | null }[];
  readonly gateways: readonly ('sms' | 'mail')[];
  /** Hosts that webhooks of alert routes lead to. */
  readonly webhooks: readonly string[];
  readonly sites: readonly ('first' | 'second')[];
}

/** What citizens and officers use the hotline for, and what of the outside it needs. */
const FUNCTIONS = [
  { key: 'function:intake', name: '诉求受理', needs: [] },
  { key: 'function:dispatch', name: '派单与办理', needs: [] },
  { key: 'function:follow-up', name: '回访与评价', needs: [] },
  { key: 'function:portal', name: '群众门户', needs: [] },
  { key: 'function:alerting', name: '告警通知', needs: ['gateway:sms', 'gateway:mail'] },
] as const;
const SERVICE = 'service:minsheng';
const PROBED: Readonly<Record<string, AssetKind>> = {
  http: 'service',
  tcp: 'interface',
  sql: 'database',
  certificate: 'certificate',
  dns: 'interface',
};

/** The assets and relations that follow from what the platform knows; each key once. */
export function foundAssets({ nodes, databaseHost, probes, gateways, webhooks, sites }: Surroundings): {
  assets: FoundAsset[];
  relations: Relation[];
} {
  const assets = new Map<string, FoundAsset>();
  const relations: Relation[] = [];
  const add = (key: string, kind: AssetKind, name: string) => {
    if (!assets.has(key)) assets.set(key, { key, kind, name: name.slice(0, 120) });
  };
  const on = (upper: string, lower: string) => relations.push({ upper, lower });
  add(SERVICE, 'service', '民声平台');
  add('database', 'database', '平台数据库');
  if (databaseHost) {
    add(`host:${databaseHost}`, 'host', databaseHost);
    on('database', `host:${databaseHost}`);
  }
  for (const node of nodes) {
    const host = node.slice(0, node.lastIndexOf(':'));
    add(node, 'node', `节点 ${node}`);
    add(`host:${host}`, 'host', host);
    on(SERVICE, node);
    on(node, `host:${host}`);
    on(node, 'database');
  }
  for (const gateway of gateways) add(`gateway:${gateway}`, 'interface', gateway === 'sms' ? '短信网关' : '邮件网关');
  for (const host of webhooks) add(`webhook:${host}`, 'interface', `告警推送 ${host}`);
  for (const site of sites) add(`site:${site}`, 'site', site === 'first' ? '备份存储' : '异地备份存储');
  // What a probe watches is known by its component; it may be one of the things above.
  for (const probe of probes) add(probe.component ?? `probe:${probe.key}`, PROBED[probe.kind] ?? 'interface', probe.name);
  for (const { key, name, needs } of FUNCTIONS) {
    add(key, 'function', name);
    on(key, SERVICE);
    for (const need of needs) if (assets.has(need)) on(key, need);
  }
  for (const host of webhooks) on('function:alerting', `webhook:${host}`);
  return { assets: [...assets.values()], relations };
}

/** The thing that a series or an alert speaks of: one of the register, or an objective. */
export function assetOf(labels: Readonly<Record<string, string>>): string | null {
  const named = ['probe', 'slo'].find((label) => labels[label] !== undefined);
  return labels['component'] ?? (named ? `${named}:${labels[named]}` : labels['instance']) ?? null;
}

/** The first of these that stands on a thing already, so that the thing cannot stand on it. */
export function circleIn(relations: readonly Relation[], key: string, lowers: readonly string[]): string | null {
  return lowers.find((lower) => lower === key || below(relations, lower).has(key)) ?? null;
}

/** How a thing stands by the gravest of its open alerts (P1 to P4) and the gravest of its open faults (1 to 4). */
export function healthOf(alert: string | null, fault: number | null): Health {
  if ((alert !== null && alert <= 'P2') || (fault !== null && fault <= 2)) return 'bad';
  return alert !== null || fault !== null ? 'warning' : 'good';
}
