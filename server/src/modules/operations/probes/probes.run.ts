import { promises as dns } from 'node:dns';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import pg from 'pg';
import { walkInBrowser, type BrowserMeans } from './probes.browser.ts';
import type { ProbeKind } from '#contracts/operations/probes.api.ts';

export interface Probe {
  readonly id: string;
  readonly key: string;
  readonly kind: ProbeKind;
  readonly target: string;
  /** What a good answer has in it. */
  readonly expects: string | null;
  readonly timeoutMs: number;
  readonly component: string | null;
}

export interface ProbeResult {
  readonly good: boolean;
  readonly tookMs: number;
  /** What was wrong, or what it told. */
  readonly note: string;
  /** Of a certificate: until when it is good. */
  readonly daysLeft?: number;
}

type Try = (probe: Probe, signal: AbortSignal, means: BrowserMeans) => Promise<Omit<ProbeResult, 'tookMs' | 'good'>>;

const MOST_BYTES = 1_000_000;
const DAY_MS = 86_400_000;

const tries: Readonly<Record<ProbeKind, Try>> = {
  async http({ target, expects }, signal) {
    const answer = await fetch(target, { signal, redirect: 'manual', headers: { 'user-agent': 'minsheng-probe' } });
    const text = (await answer.text()).slice(0, MOST_BYTES);
    if (answer.status >= 400) throw new Error(`HTTP ${answer.status}`);
    if (expects !== null && !text.includes(expects)) throw new Error(`HTTP ${answer.status}，响应中没有“${expects}”`);
    return { note: `HTTP ${answer.status}` };
  },
  async tcp({ target }, signal) {
    const { host, port } = hostAndPort(target);
    await settled((done, fail) => {
      const socket = connectTcp({ host, port, signal }, () => done(socket.destroy()));
      socket.on('error', fail);
    });
    return { note: '已连通' };
  },
  async sql({ target, expects, timeoutMs }) {
    const client = new pg.Client({ connectionString: target, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
    // A lost connection is told by the query; nobody else listens.
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query(expects ?? 'select 1');
      return { note: `${rows.length} 行` };
    } finally {
      await client.end().catch(() => {});
    }
  },
  async certificate({ target }, signal) {
    const { host, port } = hostAndPort(target, 443);
    const until = await settled<string>((done, fail) => {
      // An expired or foreign certificate is told of, not refused: that is what is asked.
      const socket = connectTls({ host, port, servername: host, rejectUnauthorized: false }, () => {
        done(socket.getPeerCertificate().valid_to);
        socket.destroy();
      });
      socket.on('error', fail);
      signal.addEventListener('abort', () => socket.destroy(new Error('超时')));
    });
    const daysLeft = (Date.parse(until) - Date.now()) / DAY_MS;
    if (daysLeft <= 0) throw Object.assign(new Error(`证书已于 ${until} 到期`), { daysLeft });
    return { note: `有效至 ${until}`, daysLeft };
  },
  async dns({ target, expects }) {
    const found = (await dns.lookup(target, { all: true })).map(({ address }) => address);
    if (expects !== null && !found.includes(expects)) throw new Error(`解析为 ${found.join('、')}，没有 ${expects}`);
    return { note: found.join('、') };
  },
  browser: async ({ target }, signal, means) => ({ note: await walkInBrowser(new URL(target).origin, means, signal) }),
};

/** Tries a probe once; whatever goes wrong is its result. */
export async function tryProbe(probe: Probe, means: BrowserMeans): Promise<ProbeResult> {
  const begunMs = performance.now();
  const took = () => Math.round(performance.now() - begunMs);
  try {
    const attempt = tries[probe.kind](probe, AbortSignal.timeout(probe.timeoutMs), means);
    const told = await Promise.race([attempt, late(probe.timeoutMs)]);
    return { good: true, tookMs: took(), ...told };
  } catch (error) {
    // A request that fails says only that; why stands in its cause.
    const cause = error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
    const daysLeft = (error as { daysLeft?: number }).daysLeft;
    return {
      good: false,
      tookMs: took(),
      note: (cause instanceof Error ? cause.message : String(cause)).slice(0, 300) || '失败',
      ...(daysLeft === undefined ? {} : { daysLeft }),
    };
  }
}

function late(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${ms} 毫秒内没有应答`)), ms + 50).unref();
  });
}

function settled<T = unknown>(begin: (done: (value: T) => void, fail: (error: Error) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => begin(resolve, reject));
}

export function hostAndPort(target: string, usual?: number): { host: string; port: number } {
  const found = /^\[?([^\]]+?)\]?(?::(\d{1,5}))?$/.exec(target);
  const port = Number(found?.[2] ?? usual);
  if (!found || !Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`不是地址加端口：${target}`);
  return { host: found[1]!, port };
}
