import type { FlameFrame, ProfiledFunction } from '#contracts/operations/diagnosis.api.ts';

/** Where a function stands, as V8 tells it. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** A processor profile as the inspector gives it; times in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame; readonly children?: readonly number[] }[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

export interface HeapNode {
  readonly callFrame: CallFrame;
  /** Bytes. */
  readonly selfSize: number;
  readonly children: readonly HeapNode[];
}

/** A call with what it cost by itself, in microseconds or bytes, and what it called. */
export interface Call {
  readonly name: string;
  readonly place: string;
  readonly self: number;
  readonly children: readonly Call[];
}

/** What stands in no function of a program: the processor had nothing to do. */
const IDLE = '(idle)';
const TOP = 40;
/** What is narrower than this part of all is not drawn. */
const DRAWN_FROM = 0.002;
const DRAWN_AT_MOST = 1500;
const DEPTH_AT_MOST = 64;

/** A file as the project knows it: from its root on, or from `node_modules`; of others the name alone. */
export function shortPlace(url: string, root: string): string {
  if (url === '') return '';
  const path = url.startsWith('file://') ? decodeURIComponent(new URL(url).pathname) : url;
  if (path.startsWith('node:')) return path;
  const packages = path.lastIndexOf('/node_modules/');
  if (packages >= 0) return path.slice(packages + 1);
  if (path.startsWith(`${root}/`)) return path.slice(root.length + 1);
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The same profile with the places of its functions shortened: a path tells how a machine is set up. */
export function shortened<P extends CpuProfile>(profile: P, root: string): P {
  return { ...profile, nodes: profile.nodes.map((node) => ({ ...node, callFrame: shortFrame(node.callFrame, root) })) };
}

export function shortenedHeap<N extends HeapNode>(node: N, root: string): N {
  return { ...node, callFrame: shortFrame(node.callFrame, root), children: node.children.map((child) => shortenedHeap(child, root)) };
}

const shortFrame = <F extends CallFrame>(frame: F, root: string): F => ({ ...frame, url: shortPlace(frame.url, root) });

const callOf = ({ functionName, url, lineNumber }: CallFrame, self: number, children: readonly Call[]): Call => ({
  name: functionName || '(anonymous)',
  place: url === '' ? '' : `${url}:${lineNumber + 1}`,
  self,
  children,
});

/** The calls of a processor profile. A sample stands for the time until the next one. */
export function callsOfCpu({ nodes, samples = [], timeDeltas = [], startTime, endTime }: CpuProfile): Call {
  const self = new Map<number, number>();
  let atUs = startTime;
  for (const [place, id] of samples.entries()) {
    atUs += timeDeltas[place] ?? 0;
    const untilUs = place + 1 < samples.length ? atUs + (timeDeltas[place + 1] ?? 0) : endTime;
    self.set(id, (self.get(id) ?? 0) + Math.max(0, untilUs - atUs));
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const walk = (id: number): Call => {
    const { callFrame, children = [] } = byId.get(id)!;
    return callOf(callFrame, self.get(id) ?? 0, children.map(walk));
  };
  return walk(nodes[0]!.id);
}

/** The calls of a heap profile. */
export function callsOfHeap(node: HeapNode): Call {
  return callOf(node.callFrame, node.selfSize, node.children.map(callsOfHeap));
}

/**
 * What a profile shows: the functions that cost most by themselves, and the calls as a flame graph, callers above. A
 * function that calls itself counts once in its total. What was idle is told apart and drawn nowhere.
 */
export function summed(root: Call): { all: number; idle: number; top: ProfiledFunction[]; flame: FlameFrame[] } {
  const functions = new Map<string, { name: string; place: string; self: number; total: number }>();
  const totals = new Map<Call, number>();
  const count = (call: Call, above: ReadonlySet<string>): number => {
    const key = `${call.name} ${call.place}`;
    const below = above.has(key) ? above : new Set([...above, key]);
    const total = call.children.reduce((sum, child) => sum + count(child, below), call.self);
    totals.set(call, total);
    const known = functions.get(key) ?? { name: call.name, place: call.place, self: 0, total: 0 };
    known.self += call.self;
    if (!above.has(key)) known.total += total;
    functions.set(key, known);
    return total;
  };
  const all = count(root, new Set());
  const idle = root.children.reduce((sum, call) => sum + (call.name === IDLE ? totals.get(call)! : 0), 0);
  const top = [...functions.values()]
    .filter(({ name, self }) => self > 0 && name !== IDLE && name !== '(root)')
    .toSorted((a, b) => b.self - a.self || b.total - a.total)
    .slice(0, TOP);
  const shown = root.children.filter(({ name }) => name !== IDLE);
  return { all, idle, top, flame: flameOf(shown, all - idle, totals) };
}

function flameOf(roots: readonly Call[], all: number, totals: ReadonlyMap<Call, number>): FlameFrame[] {
  const frames: FlameFrame[] = [];
  if (all <= 0) return frames;
  const draw = (calls: readonly Call[], depth: number, from: number): void => {
    let left = from;
    for (const call of merged(calls, totals)) {
      const share = call.total / all;
      if (share >= DRAWN_FROM && depth < DEPTH_AT_MOST && frames.length < DRAWN_AT_MOST) {
        frames.push({ name: call.name, place: call.place, depth, from: left, share });
        draw(call.children, depth + 1, left);
      }
      left += share;
    }
  };
  draw(roots, 0, 0);
  return frames;
}

/** Calls of the same function from the same caller as one, the widest first. */
function merged(calls: readonly Call[], totals: ReadonlyMap<Call, number>) {
  const groups = Map.groupBy(calls, ({ name, place }) => `${name} ${place}`);
  return [...groups.values()]
    .map((group) => ({
      name: group[0]!.name,
      place: group[0]!.place,
      total: group.reduce((sum, call) => sum + totals.get(call)!, 0),
      children: group.flatMap(({ children }) => children),
    }))
    .toSorted((a, b) => b.total - a.total);
}
