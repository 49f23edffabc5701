import { actionsFrom, arrowsOf, type ClockStep, type Lifecycle } from '#contracts/base/lifecycle.ts';
import { recordKinds } from '#contracts/operations/records/records.lifecycles.ts';
import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import { taskLifecycle } from '#contracts/orders/task.lifecycle.ts';
import { entryLifecycle, normLifecycle } from '#contracts/reference/norm.lifecycle.ts';
import { permissions, roles, type Permission, type RoleFacts } from '#contracts/permissions.ts';
import { settingsTable } from '#server/platform/config/config.ts';

/** Who may do what: one row per permission, one column per role. */
export function permissionsPage(): string {
  const names = Object.entries(roles) as [string, RoleFacts][];
  const head = `| permission | ${names.map(([, role]) => `${role.code} ${role.name.zh}`).join(' | ')} |`;
  const rows = (Object.keys(permissions) as Permission[]).map(
    (permission) =>
      `| \`${permission}\` ${permissions[permission].zh} | ${names.map(([, role]) => (role.permissions.includes(permission) ? '●' : '')).join(' | ')} |`,
  );
  return [
    '# Who may do what',
    '',
    'Made from `contracts/permissions.ts` by `npm run generate`; what is not listed is not allowed. Which rows a person sees is decided by the scope of his account, in the database.',
    '',
    head,
    `| --- | ${names.map(() => ':-:').join(' | ')} |`,
    ...rows,
    '',
    `| role | may be held in the scopes |`,
    '| --- | --- |',
    ...names.map(([key, role]) => `| ${role.code} ${role.name.zh} (${key}) | ${role.scopes.join(', ')} |`),
    '',
  ].join('\n');
}

/** The lifecycle tables as diagrams. */
export function lifecyclesPage(): string {
  return [
    '# Lifecycles',
    '',
    'Made from the lifecycle tables in `contracts/` by `npm run generate`. ² marks what may take a second person.',
    '',
    diagram(orderLifecycle),
    diagram(taskLifecycle),
    diagram(normLifecycle),
    diagram(entryLifecycle),
    ...Object.values(recordKinds).map(({ lifecycle }) => diagram(lifecycle)),
  ].join('\n');
}

function diagram(lifecycle: Lifecycle): string {
  const arrows = arrowsOf(lifecycle).map(([from, trigger, to]) => {
    const [asks = '', action = asks] = trigger.split(':');
    const name = lifecycle.actions[action]!.name.zh;
    return `  ${label(from)} --> ${label(to)}: ${name}${asks === 'decline' ? '（未通过）' : asks === 'ask' ? '（申请）' : ''}`;
  });
  const states = Object.entries(lifecycle.states).map(([state, facts]) => `  state "${facts.code} ${facts.name.zh}" as ${label(state)}`);
  const table = Object.entries(lifecycle.states).map(
    ([state, facts]) =>
      `| ${facts.code} | ${facts.name.zh} | \`${state}\` | ${
        actionsFrom(lifecycle, state)
          .map((action) => `\`${action}\`${lifecycle.actions[action]!.second ? '²' : ''}`)
          .join(' ') || '(final)'
      } |`,
  );
  const listed = (triggers: readonly string[] | undefined) => triggers?.join(', ') ?? '';
  const clocks = Object.entries(lifecycle.clocks).map(
    ([name, facts]) =>
      `| ${facts.name.zh} | \`${name}\` | ${listed(facts.startsOn)} | ${listed([...facts.stopsOn, ...(facts.metBy ?? [])])} | ${facts.within?.join(', ') ?? 'all'} | ${listed(facts.pausesOn)} | ${listed(facts.resumesOn)} | ${listed(facts.reopensOn)} | ${facts.steps.map((step) => `${step.name} (${when(step)})${step.takes ? ` → ${step.takes}` : ''}`).join(', ')} |`,
  );
  return [
    `## ${lifecycle.name.zh} (${lifecycle.name.en})`,
    '',
    '```mermaid',
    'stateDiagram-v2',
    ...states,
    `  [*] --> ${label(lifecycle.initial)}`,
    ...arrows,
    '```',
    '',
    '| code | state | name | actions |',
    '| --- | --- | --- | --- |',
    ...table,
    ...(clocks.length > 0
      ? [
          '',
          '`ask:` and `decline:` stand for a request and its refusal. A clock ends as void when the case leaves its states otherwise.',
          '',
          '| clock | name | starts on | fulfilled by | runs in | stands on | resumes on | reopens on | steps |',
          '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
          ...clocks,
        ]
      : []),
    '',
  ].join('\n');
}

function when({ at }: ClockStep): string {
  return typeof at === 'object' ? `${at.workdaysAfterDue} working days after` : String(at);
}

function label(state: string): string {
  return state.replaceAll('-', '_');
}

/** `.env.example`: every setting, its default and its meaning. */
export function settingsFile(): string {
  return `${settingsTable()
    .map((setting) => `# ${setting.meaning}\n# ${setting.name}=${setting.default}`)
    .join('\n\n')}\n`;
}
