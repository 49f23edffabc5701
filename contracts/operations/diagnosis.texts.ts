import type { LockBoard, Plan, ProfileView } from './diagnosis.api.ts';

/** A note of a fault's timeline holds so many characters; what is cut off says so. */
const NOTE_AT_MOST = 1900;
const CUT = '\n（以下略）';

function fitted(lines: readonly string[]): string {
  const text = lines.join('\n');
  return text.length <= NOTE_AT_MOST ? text : text.slice(0, NOTE_AT_MOST - CUT.length) + CUT;
}

const round = (value: number) => (value >= 100 ? Math.round(value) : Math.round(value * 100) / 100);
const percent = (part: number, all: number) => `${all === 0 ? 0 : Math.round((1000 * part) / all) / 10}%`;
const seconds = (ms: number | null) => (ms === null ? '' : `${Math.round(ms / 100) / 10} 秒`);

/** A plan as the note that is kept with a fault: its tree with costs, the costliest node marked. */
export function planNote({ id, role, cost, nodes, bigScans }: Plan): string {
  return fitted([
    `执行计划 ${id}（${role}），总代价 ${round(cost)}`,
    ...bigScans.map(({ table, rows }) => `大表全表扫描：${table}，约 ${rows} 行`),
    ...nodes.map(
      (one) =>
        `${'  '.repeat(one.depth)}${one.costliest ? '▶ ' : ''}${one.node}${one.on ? ` ${one.on}` : ''}  代价 ${round(one.cost)}，行 ${round(one.rows)}`,
    ),
  ]);
}

/** The tree of waiting sessions as a note. */
export function locksNote({ waiting, sessions }: LockBoard): string {
  return fitted([
    `锁等待：${waiting} 个会话`,
    ...sessions.map((one) =>
      [
        `${'  '.repeat(one.depth)}${one.depth > 0 ? '└ ' : ''}${one.pid} ${one.application} ${one.state}`,
        one.transactionMs === null ? '' : `事务 ${seconds(one.transactionMs)}`,
        one.waitingMs === null ? '' : `等待 ${seconds(one.waitingMs)}`,
        [one.lock, one.relation].filter(Boolean).join(' '),
        one.statement.slice(0, 120),
      ]
        .filter(Boolean)
        .join('，'),
    ),
  ]);
}

/** The functions that cost most of a profile as a note. */
export function profileNote({ line, summary }: ProfileView): string {
  if (!summary) return fitted([`${line.node} 采样未完成`]);
  const { vitals, all, idle, top } = summary;
  const isCpu = line.kind === 'cpu';
  return fitted([
    `${isCpu ? 'CPU' : '堆内存'}采样 ${line.node}，${line.seconds} 秒`,
    `事件循环占用 ${percent(vitals.utilisation, 1)}，延迟 p99 ${round(vitals.delayP99Ms)} 毫秒，垃圾回收 ${vitals.collections} 次 ${round(vitals.collectingMs)} 毫秒`,
    ...(isCpu ? [`空闲 ${percent(idle, all)}`] : []),
    ...top.slice(0, 15).map((one) => `${percent(one.self, all)} 自身，${percent(one.total, all)} 合计  ${one.name} ${one.place}`),
  ]);
}
