import { actionsFrom, type Lifecycle } from '#contracts/base/lifecycle.ts';
import { orderLifecycle, taskLifecycle } from '#contracts/orders/orders.lifecycle.ts';
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
    'Made from the lifecycle tables in `contracts/` by `npm run generate`.',
    '',
    diagram(orderLifecycle),
    diagram(taskLifecycle),
    diagram(normLifecycle),
    diagram(entryLifecycle),
  ].join('\n');
}

function diagram(lifecycle: Lifecycle): string {
  const arrows = Object.values(lifecycle.actions).flatMap((facts) =>
    Object.entries(facts.moves).map(([from, to]) => `  ${label(from)} --> ${label(to ?? from)}: ${facts.name.zh}`),
  );
  const states = Object.entries(lifecycle.states).map(([state, facts]) => `  state "${facts.code} ${facts.name.zh}" as ${label(state)}`);
  const table = Object.entries(lifecycle.states).map(
    ([state, facts]) =>
      `| ${facts.code} | ${facts.name.zh} | \`${state}\` | ${
        actionsFrom(lifecycle, state)
          .map((action) => `\`${action}\``)
          .join(' ') || '(final)'
      } |`,
  );
  const clocks = Object.entries(lifecycle.clocks).map(
    ([name, facts]) =>
      `| ${facts.name.zh} | \`${name}\` | ${facts.startsOn.join(', ')} | ${facts.stopsOn.join(', ')} | ${facts.resumesOn?.join(', ') ?? ''} | ${facts.steps.map((step) => `${step.name} (${step.at})`).join(', ')} |`,
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
      ? ['', '| clock | name | starts on | stops on | resumes on | steps |', '| --- | --- | --- | --- | --- | --- |', ...clocks]
      : []),
    '',
  ].join('\n');
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
