import type { Permission } from '#contracts/permissions.ts';
import type { Words } from '#contracts/base/text.ts';
import { shellText } from './shell.text.ts';

export type NavPath =
  | '/'
  | '/desk'
  | '/orders'
  | '/dispatch'
  | '/handling'
  | '/check'
  | '/follow-up'
  | '/oversight'
  | '/unit-desk'
  | '/duty'
  | '/due'
  | '/approvals'
  | '/imports'
  | '/units'
  | '/categories'
  | '/norms'
  | '/norm-boards'
  | '/catalogue'
  | '/calendar'
  | '/accounts'
  | '/api-keys'
  | '/audit'
  | '/load'
  | '/logs'
  | '/log-patterns'
  | '/audit-reports'
  | '/promises'
  | '/responses'
  | '/inspections'
  | '/database'
  | '/alerts'
  | '/alert-rules'
  | '/silences'
  | '/alert-routes'
  | '/alert-noise'
  | '/probes'
  | '/charts'
  | '/diagnosis'
  | '/duty-roster'
  | '/responsibilities'
  | '/faults'
  | '/problems'
  | '/problem-board'
  | '/changes'
  | '/slos'
  | '/monthly-reports'
  | '/my-records'
  | '/vulnerabilities'
  | '/software'
  | '/assets'
  | '/topology'
  | '/capacity'
  | '/backups';

export interface NavItem {
  readonly to: NavPath;
  readonly name: Words;
  /** Any of them opens the page; none asked opens it to everybody. */
  readonly needs: readonly Permission[];
}

export interface NavGroup {
  readonly name: Words;
  readonly items: readonly NavItem[];
}

/** Everything the console has, and what opens it. */
export const navigation: readonly NavGroup[] = [
  {
    name: shellText.work,
    items: [
      { to: '/', name: shellText.home, needs: [] },
      { to: '/desk', name: shellText.desk, needs: ['appeals.file'] },
      { to: '/dispatch', name: shellText.dispatch, needs: ['orders.dispatch'] },
      {
        to: '/handling',
        name: shellText.handling,
        needs: ['orders.sign', 'orders.contact', 'orders.reply'],
      },
      { to: '/unit-desk', name: shellText['unit-desk'], needs: ['orders.see-unit-desk'] },
      { to: '/check', name: shellText.check, needs: ['orders.check'] },
      { to: '/follow-up', name: shellText['follow-up'], needs: ['orders.follow-up'] },
      {
        to: '/approvals',
        name: shellText.approvals,
        needs: ['orders.dispatch', 'orders.check', 'orders.approve', 'orders.cancel', 'appeals.approve-reveal'],
      },
      { to: '/oversight', name: shellText.oversight, needs: ['orders.oversee', 'orders.instruct', 'orders.coordinate'] },
      { to: '/duty', name: shellText.duty, needs: ['orders.see-duty'] },
      { to: '/due', name: shellText.due, needs: ['orders.see'] },
      { to: '/orders', name: shellText.orders, needs: ['orders.see'] },
      { to: '/imports', name: shellText.imports, needs: ['appeals.import'] },
    ],
  },
  {
    name: shellText.reference,
    items: [
      { to: '/units', name: shellText.units, needs: ['reference.read'] },
      { to: '/categories', name: shellText.categories, needs: ['reference.read'] },
      { to: '/norms', name: shellText.norms, needs: ['reference.read'] },
      { to: '/norm-boards', name: shellText['norm-boards'], needs: ['orders.see-norm-boards'] },
      { to: '/catalogue', name: shellText.catalogue, needs: ['reference.read'] },
      { to: '/calendar', name: shellText.calendar, needs: ['reference.read'] },
    ],
  },
  {
    name: shellText.system,
    items: [
      { to: '/accounts', name: shellText.accounts, needs: ['identity.see-accounts'] },
      { to: '/api-keys', name: shellText['api-keys'], needs: ['identity.change-keys'] },
      { to: '/audit', name: shellText.audit, needs: ['audit.read'] },
      { to: '/audit-reports', name: shellText['audit-reports'], needs: ['audit.read'] },
    ],
  },
  {
    name: shellText.watching,
    items: [
      { to: '/alerts', name: shellText.alerts, needs: ['operations.see'] },
      { to: '/charts', name: shellText.charts, needs: ['operations.see'] },
      { to: '/probes', name: shellText.probes, needs: ['operations.see'] },
      { to: '/logs', name: shellText.logs, needs: ['operations.see'] },
      { to: '/log-patterns', name: shellText['log-patterns'], needs: ['operations.see'] },
      { to: '/load', name: shellText.load, needs: ['operations.see-load'] },
      { to: '/responses', name: shellText.responses, needs: ['operations.see-load'] },
      { to: '/slos', name: shellText.slos, needs: ['operations.see'] },
    ],
  },
  {
    name: shellText.mending,
    items: [
      { to: '/faults', name: shellText.faults, needs: ['operations.see'] },
      { to: '/problems', name: shellText.problems, needs: ['operations.see'] },
      { to: '/problem-board', name: shellText['problem-board'], needs: ['operations.see'] },
      { to: '/changes', name: shellText.changes, needs: ['operations.see'] },
      { to: '/vulnerabilities', name: shellText.vulnerabilities, needs: ['operations.see'] },
      { to: '/my-records', name: shellText['my-records'], needs: ['operations.report'] },
      { to: '/diagnosis', name: shellText.diagnosis, needs: ['operations.see'] },
      { to: '/duty-roster', name: shellText['duty-roster'], needs: ['operations.see'] },
      { to: '/responsibilities', name: shellText.responsibilities, needs: ['operations.see'] },
      { to: '/promises', name: shellText.promises, needs: ['operations.see'] },
    ],
  },
  {
    name: shellText.keeping,
    items: [
      { to: '/inspections', name: shellText.inspections, needs: ['operations.see'] },
      { to: '/database', name: shellText.database, needs: ['operations.see'] },
      { to: '/backups', name: shellText.backups, needs: ['operations.see'] },
      { to: '/topology', name: shellText.topology, needs: ['operations.see'] },
      { to: '/assets', name: shellText.assets, needs: ['operations.see'] },
      { to: '/software', name: shellText.software, needs: ['operations.see'] },
      { to: '/capacity', name: shellText.capacity, needs: ['operations.see'] },
    ],
  },
  {
    name: shellText.arranging,
    items: [
      { to: '/alert-rules', name: shellText['alert-rules'], needs: ['operations.see'] },
      { to: '/silences', name: shellText.silences, needs: ['operations.see'] },
      { to: '/alert-routes', name: shellText['alert-routes'], needs: ['operations.see'] },
      { to: '/alert-noise', name: shellText['alert-noise'], needs: ['operations.see'] },
      { to: '/monthly-reports', name: shellText['monthly-reports'], needs: ['operations.read-monthly'] },
    ],
  },
];

const needsByPath = new Map<string, readonly Permission[]>(
  navigation.flatMap((group) => group.items.map(({ to, needs }) => [to, needs] as const)),
);

/** Whether these permissions open a page. */
export function mayOpen(path: string, held: readonly string[]): boolean {
  const needs = needsByPath.get(path) ?? [];
  return needs.length === 0 || needs.some((permission) => held.includes(permission));
}
