import { readFile, statfs } from 'node:fs/promises';
import { Counter, Gauge, type Registry } from 'prom-client';

type Told = (host: Host) => readonly { readonly labels: Record<string, string>; readonly value: number }[];

const each =
  (label: string, values: (host: Host) => Readonly<Record<string, number>>): Told =>
  (host) =>
    Object.entries(values(host)).map(([name, value]) => ({ labels: { [label]: name }, value }));

const single = (name: string, help: string): readonly [string, string, readonly string[], Told] => [
  name,
  help,
  [],
  (host) => (host.single[name] === undefined ? [] : [{ labels: {}, value: host.single[name] }]),
];

/** Name, help, labels, and what a host tells of it. */
const METRICS: readonly (readonly [string, string, readonly string[], Told])[] = [
  ['node_cpu_seconds_total', 'Seconds the processors spent in each mode', ['mode'], each('mode', (host) => host.cpuSeconds)],
  ['node_network_receive_bytes_total', 'Bytes received', ['device'], each('device', (host) => host.received)],
  ['node_network_transmit_bytes_total', 'Bytes sent', ['device'], each('device', (host) => host.sent)],
  single('node_load1', 'Processes that run or wait to, over a minute'),
  single('node_cpus', 'Processors'),
  single('node_memory_total_bytes', 'Memory'),
  single('node_memory_available_bytes', 'Memory that processes may still have'),
  single('node_swap_total_bytes', 'Swap space'),
  single('node_swap_free_bytes', 'Swap space that is free'),
  single('node_filesystem_size_bytes', 'Size of the file system that holds the data folder'),
  single('node_filesystem_avail_bytes', 'Space on it that is free to the platform'),
  single('node_filesystem_files', 'Inodes of it'),
  single('node_filesystem_files_free', 'Inodes of it that are free'),
  single('node_filefd_allocated', 'File descriptors in use on the host'),
  single('node_filefd_maximum', 'File descriptors the host allows'),
  single('minsheng_memory_used_ratio', 'Part of the memory that is not available'),
  single('minsheng_load_per_cpu', 'Processes that run or wait to, for each processor'),
  single('minsheng_disk_used_ratio', 'Part of the file system that is used'),
  single('minsheng_inodes_used_ratio', 'Part of its inodes that is used'),
];

/** Metrics are collected side by side; within so short a time they tell of the same reading. */
const SAME_MS = 1000;

/** Registers what a host tells of itself, under the names of the Prometheus node exporter where these follow Prometheus's own rules for names. Linux only; elsewhere it tells nothing. */
export function collectHostMetrics(registry: Registry, dataFolder: string): void {
  let read: { readonly atMs: number; readonly host: Promise<Host | null> } | null = null;
  const readOnce = () => {
    const atMs = performance.now();
    if (!read || atMs - read.atMs > SAME_MS) read = { atMs, host: readHost(dataFolder).catch(() => null) };
    return read.host;
  };
  for (const [name, help, labelNames, told] of METRICS) {
    const Kind = name.endsWith('_total') ? Counter : Gauge;
    const metric = new Kind({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        const host = await readOnce();
        metric.reset();
        for (const { labels, value } of host ? told(host) : []) metric.inc(labels, value);
      },
    });
  }
}

export interface Host {
  readonly cpuSeconds: Readonly<Record<string, number>>;
  /** The figures without labels, by name. */
  readonly single: Readonly<Record<string, number>>;
  readonly received: Readonly<Record<string, number>>;
  readonly sent: Readonly<Record<string, number>>;
}

const CPU_MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'];
/** Clock ticks of /proc/stat in a second: 100 on every Linux that is built today. */
const TICKS = 100;
/** Lines of /proc/meminfo, and the metrics they are told as: those of the node exporter would not pass `promtool`. */
const SHOWN_MEMORY: Readonly<Record<string, string>> = {
  MemTotal: 'node_memory_total_bytes',
  MemAvailable: 'node_memory_available_bytes',
  SwapTotal: 'node_swap_total_bytes',
  SwapFree: 'node_swap_free_bytes',
};

async function readHost(dataFolder: string): Promise<Host> {
  const proc = (name: string) => readFile(`/proc/${name}`, 'utf8');
  const texts = {
    stat: await proc('stat'),
    memory: await proc('meminfo'),
    load: await proc('loadavg'),
    files: await proc('sys/fs/file-nr'),
    network: await proc('net/dev'),
  };
  return hostOf(texts, await statfs(dataFolder));
}

/** The figures of a host from the texts of /proc, and of the file system of its data. */
export function hostOf(
  texts: Readonly<Record<'stat' | 'memory' | 'load' | 'files' | 'network', string>>,
  disk: { readonly bsize: number; readonly blocks: number; readonly bavail: number; readonly files: number; readonly ffree: number },
): Host {
  const [first = '', ...cpus] = texts.stat.split('\n');
  const ticks = first.trim().split(/\s+/).slice(1).map(Number);
  const memory: Record<string, number> = {};
  for (const [, name, kilobytes] of texts.memory.matchAll(/^(\w+):\s+(\d+) kB$/gm))
    if (SHOWN_MEMORY[name!]) memory[SHOWN_MEMORY[name!]!] = Number(kilobytes) * 1024;
  const [allocated = 0, , maximum = 0] = texts.files.trim().split(/\s+/).map(Number);
  const devices = [...texts.network.matchAll(/^\s*([^\s:]+):\s*(\d+)(?:\s+\d+){7}\s+(\d+)/gm)].filter(([, name]) => name !== 'lo');
  const load = Number(texts.load.split(' ')[0]);
  const processors = cpus.filter((line) => /^cpu\d/.test(line)).length;
  const memoryAll = memory['node_memory_total_bytes'] ?? NaN;
  return {
    cpuSeconds: Object.fromEntries(CPU_MODES.map((mode, place) => [mode, (ticks[place] ?? 0) / TICKS])),
    single: {
      ...memory,
      node_load1: load,
      node_cpus: processors,
      node_filefd_allocated: allocated,
      node_filefd_maximum: maximum,
      node_filesystem_size_bytes: disk.bsize * disk.blocks,
      node_filesystem_avail_bytes: disk.bsize * disk.bavail,
      node_filesystem_files: disk.files,
      node_filesystem_files_free: disk.ffree,
      // Rules compare one figure with a bound; these are the parts they ask for.
      minsheng_memory_used_ratio: 1 - (memory['node_memory_available_bytes'] ?? NaN) / memoryAll,
      minsheng_load_per_cpu: load / processors,
      minsheng_disk_used_ratio: 1 - disk.bavail / disk.blocks,
      // Some file systems make inodes as they need them and tell of none.
      ...(disk.files > 0 ? { minsheng_inodes_used_ratio: 1 - disk.ffree / disk.files } : {}),
    },
    received: Object.fromEntries(devices.map(([, name, bytes]) => [name!, Number(bytes)])),
    sent: Object.fromEntries(devices.map(([, name, , bytes]) => [name!, Number(bytes)])),
  };
}
