import { OPEN_TASKS, taskLifecycle, type TaskAction, type TaskState } from '#contracts/orders/task.lifecycle.ts';
import { Refusal, refuseField } from '#server/kernel/decision.ts';
import type { EffectContext } from './orders.effects.ts';
import type { OwnTurn } from './orders.turning.ts';
import * as store from './orders.store.ts';

/** The main unit's task as it stands: the last one that was neither returned nor taken back. */
export async function mainTask({ tx, order }: EffectContext) {
  const task = (await store.tasksOf(tx, order.id)).findLast(
    (candidate) => candidate.role === 'main' && candidate.state !== 'withdrawn' && candidate.state !== 'returned',
  );
  if (!task) throw new Refusal({ code: 'base.not-found' });
  return task;
}

/** Moves the main unit's task by its own lifecycle table. */
export async function moveMain(context: EffectContext, action: TaskAction, patch: store.TaskPatch = {}) {
  const task = await mainTask(context);
  const state = taskTarget(action, task.state as TaskState);
  if (!state)
    throw new Error(`Task ${task.no} of order ${context.order.id} is ${task.state} and cannot ${action}: order and task disagree`);
  await store.patchTask(context.tx, context.order.id, task.no, { ...patch, state });
  return task;
}

export function taskTarget(action: TaskAction, state: TaskState): TaskState | undefined {
  const moves: Partial<Record<TaskState, TaskState>> = taskLifecycle.actions[action].moves;
  return moves[state];
}

/** Adds the task of a unit that takes part from now on. @throws Refusal when it takes part already */
export async function addPart(
  context: EffectContext,
  unitCode: string,
  role: 'main' | 'assist' | 'lower',
  path: string,
  parentNo: number | null = null,
): Promise<number> {
  const tasks = await store.tasksOf(context.tx, context.order.id);
  if (tasks.some((task) => task.unit_code === unitCode && OPEN_TASKS.includes(task.state as TaskState)))
    throw refuseField(path, 'orders.task-known');
  const no = (tasks.at(-1)?.no ?? 0) + 1;
  await store.addTask(context.tx, {
    orderId: context.order.id,
    no,
    unitCode,
    role,
    state: taskLifecycle.initial,
    region: context.order.region,
    at: context.at,
    parentNo,
  });
  return no;
}

/** Takes back every open task but, if `keepMain`, the main one; their clocks end with them. */
export async function takeBackParts(context: EffectContext, options: { keepMain: boolean }): Promise<OwnTurn[]> {
  const turns: OwnTurn[] = [];
  for (const task of await store.tasksOf(context.tx, context.order.id)) {
    const to = taskTarget('take-back', task.state as TaskState);
    if (!to || (options.keepMain && task.role === 'main')) continue;
    await store.patchTask(context.tx, context.order.id, task.no, { state: to });
    if (task.role !== 'main')
      turns.push({ kind: 'end', name: 'task-sign', no: task.no }, { kind: 'end', name: 'task-handle', no: task.no });
  }
  return turns;
}

/** The assisting unit's clocks: it signs like everybody, and has as long as the main unit. */
export function assistClocks(no: number, unitCode: string): OwnTurn[] {
  return [
    { kind: 'start', name: 'task-sign', no, unitCode },
    { kind: 'like-main', no, unitCode },
  ];
}
