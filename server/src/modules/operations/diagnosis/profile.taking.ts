import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { NodeVitals, ProfileKind, ProfileSummary } from '#contracts/operations/diagnosis.api.ts';
import { ROOT } from '#server/platform/maintenance.ts';
import { callsOfCpu, callsOfHeap, shortened, shortenedHeap, summed, type Call, type CpuProfile, type HeapNode } from './profile.rules.ts';

/** Between two samples of the processor. */
const CPU_EVERY_US = 1000;
/** Between two samples of the heap, on average. */
const HEAP_EVERY_BYTES = 32_768;

export interface TakenProfile {
  readonly summary: ProfileSummary;
  /** As the developer tools of Chromium open it, gzipped. */
  readonly file: Buffer;
  readonly bytes: number;
}

/**
 * Takes a profile of this process: of its own thread, for so many seconds or until the signal.
 *
 * A heap profile tells which functions asked for memory that was still held at the end. It is sampled; a snapshot would hold the
 * values themselves, and so people's data.
 */
export async function takeProfile(kind: ProfileKind, seconds: number, signal: AbortSignal): Promise<TakenProfile> {
  const session = new Session();
  session.connect();
  const vitals = watchVitals();
  try {
    const { profile, calls } = await (kind === 'cpu' ? takeCpu : takeHeap)(session, () => wait(seconds * 1000, undefined, { signal }));
    const text = Buffer.from(JSON.stringify(profile));
    return { summary: { vitals: vitals.end(), ...summed(calls) }, file: await promisify(gzip)(text), bytes: text.length };
  } finally {
    vitals.end();
    session.disconnect();
  }
}

interface Taken {
  readonly profile: unknown;
  readonly calls: Call;
}

async function takeCpu(session: Session, span: () => Promise<unknown>): Promise<Taken> {
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: CPU_EVERY_US });
  await session.post('Profiler.start');
  await span();
  const { profile } = await session.post('Profiler.stop');
  const short = shortened(profile as CpuProfile, ROOT);
  return { profile: short, calls: callsOfCpu(short) };
}

async function takeHeap(session: Session, span: () => Promise<unknown>): Promise<Taken> {
  await session.post('HeapProfiler.enable');
  await session.post('HeapProfiler.startSampling', { samplingInterval: HEAP_EVERY_BYTES });
  await span();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  const head = shortenedHeap(profile.head as HeapNode, ROOT);
  return { profile: { ...profile, head }, calls: callsOfHeap(head) };
}

/** The event loop, the garbage collector and the memory of this process, from now on until it is ended. */
function watchVitals(): { end(): NodeVitals } {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  const before = performance.eventLoopUtilization();
  let collections = 0;
  let collectingMs = 0;
  const collector = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      collections++;
      collectingMs += entry.duration;
    }
  });
  delay.enable();
  collector.observe({ entryTypes: ['gc'] });
  return {
    end() {
      delay.disable();
      collector.disconnect();
      const ms = (ns: number) => Math.round(ns / 1e4) / 100;
      const memory = process.memoryUsage();
      return {
        delayP50Ms: ms(delay.percentile(50)),
        delayP99Ms: ms(delay.percentile(99)),
        delayMaxMs: ms(delay.max),
        utilisation: Math.round(1000 * performance.eventLoopUtilization(before).utilization) / 1000,
        collections,
        collectingMs: Math.round(100 * collectingMs) / 100,
        heapBytes: memory.heapUsed,
        residentBytes: memory.rss,
      };
    },
  };
}
