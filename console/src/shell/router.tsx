import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  parseSearchWith,
  stringifySearchWith,
} from '@tanstack/react-router';
import { HomePage } from '../features/home/home.page.tsx';
import { dueFrom } from '../features/orders/desks/due-search.ts';
import { dutyFrom } from '../features/orders/desks/duty-search.ts';
import { filtersFrom } from '../features/orders/orders.filters.ts';
import { auditFrom } from '../features/audit/audit-search.ts';
import { aroundFrom, logsFrom, patternsFrom } from '../features/logs/logs-search.ts';
import { diagnosisFrom } from '../features/diagnosis/diagnosis.search.ts';
import { alertsFrom, noiseFrom } from '../features/alerts/alerts-search.ts';
import { chartsFrom } from '../features/charts/charts-search.ts';
import { responsesFrom } from '../features/load/responses-search.ts';
import { readingsFrom } from '../features/monthly/readings.search.ts';
import { boardFrom } from '../features/records/board/board.search.ts';
import { foundRecordsFrom } from '../features/records/found-records.search.ts';
import { narrowingFrom } from '../parts/narrowing.ts';
import { LoginPage } from '../features/session/login.page.tsx';
import { PasswordPage } from '../features/session/password.page.tsx';
import { BrokenPage, MissingPage } from './fallback-pages.tsx';
import { Layout } from './layout.tsx';
import { Waiting } from './waiting.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: MissingPage });

/** Where to return after the log-in: a path of this console and nothing else. */
function backFrom(search: Record<string, unknown>): { back?: string } {
  const { back } = search;
  return typeof back === 'string' && /^\/(?![/\\])/.test(back) ? { back } : {};
}

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: backFrom,
  component: LoginPage,
});
const password = createRoute({
  getParentRoute: () => root,
  path: '/password',
  validateSearch: backFrom,
  component: PasswordPage,
});
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Layout });
const under = { getParentRoute: () => inside } as const;

const home = createRoute({ ...under, path: '/', component: HomePage });
const desk = createRoute({
  ...under,
  path: '/desk',
  component: lazyRouteComponent(() => import('../features/desk/desk.page.tsx'), 'DeskPage'),
});
const lists = () => import('../features/orders/list.pages.tsx');
const orders = createRoute({
  ...under,
  path: '/orders',
  validateSearch: filtersFrom,
  component: lazyRouteComponent(lists, 'OrdersPage'),
});
const dispatch = createRoute({
  ...under,
  path: '/dispatch',
  validateSearch: filtersFrom,
  component: lazyRouteComponent(lists, 'DispatchDeskPage'),
});
const handling = createRoute({
  ...under,
  path: '/handling',
  validateSearch: filtersFrom,
  component: lazyRouteComponent(lists, 'HandlingDeskPage'),
});
const check = createRoute({
  ...under,
  path: '/check',
  validateSearch: filtersFrom,
  component: lazyRouteComponent(lists, 'CheckDeskPage'),
});
const followUp = createRoute({
  ...under,
  path: '/follow-up',
  validateSearch: filtersFrom,
  component: lazyRouteComponent(lists, 'FollowUpDeskPage'),
});
const oversight = createRoute({
  ...under,
  path: '/oversight',
  validateSearch: filtersFrom,
  component: lazyRouteComponent(lists, 'OversightDeskPage'),
});
const unitDesk = createRoute({
  ...under,
  path: '/unit-desk',
  validateSearch: filtersFrom,
  component: lazyRouteComponent(() => import('../features/orders/desks/unit-desk.page.tsx'), 'UnitDeskPage'),
});
const duty = createRoute({
  ...under,
  path: '/duty',
  validateSearch: dutyFrom,
  component: lazyRouteComponent(() => import('../features/orders/desks/duty.page.tsx'), 'DutyPage'),
});
const due = createRoute({
  ...under,
  path: '/due',
  validateSearch: dueFrom,
  component: lazyRouteComponent(() => import('../features/orders/desks/due.page.tsx'), 'DuePage'),
});
const approvals = createRoute({
  ...under,
  path: '/approvals',
  component: lazyRouteComponent(() => import('../features/orders/approvals.page.tsx'), 'ApprovalsPage'),
});
const order = createRoute({
  ...under,
  path: '/orders/$id',
  component: lazyRouteComponent(() => import('../features/orders/order.page.tsx'), 'OrderPage'),
});
const sheet = createRoute({
  ...under,
  path: '/orders/$id/sheet',
  component: lazyRouteComponent(() => import('../features/orders/sheet.page.tsx'), 'SheetPage'),
});
const imports = createRoute({
  ...under,
  path: '/imports',
  component: lazyRouteComponent(() => import('../features/imports/imports.page.tsx'), 'ImportsPage'),
});
const units = createRoute({
  ...under,
  path: '/units',
  component: lazyRouteComponent(() => import('../features/reference/units.page.tsx'), 'UnitsPage'),
});
const categories = createRoute({
  ...under,
  path: '/categories',
  component: lazyRouteComponent(() => import('../features/reference/categories.page.tsx'), 'CategoriesPage'),
});
const norms = createRoute({
  ...under,
  path: '/norms',
  component: lazyRouteComponent(() => import('../features/reference/norms.page.tsx'), 'NormsPage'),
});
const normDraft = createRoute({
  ...under,
  path: '/norms/draft/$region',
  component: lazyRouteComponent(() => import('../features/reference/norm-draft.page.tsx'), 'NewNormPage'),
});
const norm = createRoute({
  ...under,
  path: '/norms/$id',
  component: lazyRouteComponent(() => import('../features/reference/norm.page.tsx'), 'NormPage'),
});
const normRevise = createRoute({
  ...under,
  path: '/norms/$id/revise',
  component: lazyRouteComponent(() => import('../features/reference/norm-draft.page.tsx'), 'ReviseNormPage'),
});
const normBoards = createRoute({
  ...under,
  path: '/norm-boards',
  component: lazyRouteComponent(() => import('../features/reference/norm-boards.page.tsx'), 'NormBoardsPage'),
});
const catalogue = createRoute({
  ...under,
  path: '/catalogue',
  component: lazyRouteComponent(() => import('../features/reference/catalogue.page.tsx'), 'CataloguePage'),
});
const entry = createRoute({
  ...under,
  path: '/catalogue/$id',
  component: lazyRouteComponent(() => import('../features/reference/entry.page.tsx'), 'EntryPage'),
});
const calendar = createRoute({
  ...under,
  path: '/calendar',
  component: lazyRouteComponent(() => import('../features/reference/calendar.page.tsx'), 'CalendarPage'),
});
const accounts = createRoute({
  ...under,
  path: '/accounts',
  component: lazyRouteComponent(() => import('../features/accounts/accounts.page.tsx'), 'AccountsPage'),
});
const apiKeys = createRoute({
  ...under,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('../features/accounts/api-keys.page.tsx'), 'ApiKeysPage'),
});
const audit = createRoute({
  ...under,
  path: '/audit',
  validateSearch: auditFrom,
  component: lazyRouteComponent(() => import('../features/audit/audit.page.tsx'), 'AuditPage'),
});
const auditReports = createRoute({
  ...under,
  path: '/audit-reports',
  component: lazyRouteComponent(() => import('../features/audit/audit-reports.page.tsx'), 'AuditReportsPage'),
});
const auditReport = createRoute({
  ...under,
  path: '/audit-reports/$id',
  component: lazyRouteComponent(() => import('../features/audit/audit-report.page.tsx'), 'AuditReportPage'),
});
const logs = createRoute({
  ...under,
  path: '/logs',
  validateSearch: logsFrom,
  component: lazyRouteComponent(() => import('../features/logs/logs.page.tsx'), 'LogsPage'),
});
const logPatterns = createRoute({
  ...under,
  path: '/log-patterns',
  validateSearch: patternsFrom,
  component: lazyRouteComponent(() => import('../features/logs/patterns.page.tsx'), 'PatternsPage'),
});
const logRequest = createRoute({
  ...under,
  path: '/logs/requests/$request',
  component: lazyRouteComponent(() => import('../features/logs/lines.pages.tsx'), 'RequestPage'),
});
const logAround = createRoute({
  ...under,
  path: '/logs/around',
  validateSearch: aroundFrom,
  component: lazyRouteComponent(() => import('../features/logs/lines.pages.tsx'), 'AroundPage'),
});
const load = createRoute({
  ...under,
  path: '/load',
  component: lazyRouteComponent(() => import('../features/load/load.page.tsx'), 'LoadPage'),
});
const promises = createRoute({
  ...under,
  path: '/promises',
  component: lazyRouteComponent(() => import('../features/promises/promises.page.tsx'), 'PromisesPage'),
});
const responses = createRoute({
  ...under,
  path: '/responses',
  validateSearch: responsesFrom,
  component: lazyRouteComponent(() => import('../features/load/responses.page.tsx'), 'ResponsesPage'),
});
const inspections = createRoute({
  ...under,
  path: '/inspections',
  component: lazyRouteComponent(() => import('../features/inspections/inspections.page.tsx'), 'InspectionsPage'),
});
const inspection = createRoute({
  ...under,
  path: '/inspections/$id',
  component: lazyRouteComponent(() => import('../features/inspections/inspection.page.tsx'), 'InspectionPage'),
});
const walk = createRoute({
  ...under,
  path: '/inspections/$id/walk',
  component: lazyRouteComponent(() => import('../features/inspections/walk.page.tsx'), 'WalkPage'),
});
const database = createRoute({
  ...under,
  path: '/database',
  component: lazyRouteComponent(() => import('../features/inspections/database.page.tsx'), 'DatabasePage'),
});
const alerts = createRoute({
  ...under,
  path: '/alerts',
  validateSearch: alertsFrom,
  component: lazyRouteComponent(() => import('../features/alerts/alerts.page.tsx'), 'AlertsPage'),
});
const alertRules = createRoute({
  ...under,
  path: '/alert-rules',
  component: lazyRouteComponent(() => import('../features/alerts/alert-rules.page.tsx'), 'AlertRulesPage'),
});
const silences = createRoute({
  ...under,
  path: '/silences',
  component: lazyRouteComponent(() => import('../features/alerts/silences.page.tsx'), 'SilencesPage'),
});
const alertRoutes = createRoute({
  ...under,
  path: '/alert-routes',
  component: lazyRouteComponent(() => import('../features/alerts/alert-routes.page.tsx'), 'AlertRoutesPage'),
});
const alertNoise = createRoute({
  ...under,
  path: '/alert-noise',
  validateSearch: noiseFrom,
  component: lazyRouteComponent(() => import('../features/alerts/alert-noise.page.tsx'), 'AlertNoisePage'),
});
const probes = createRoute({
  ...under,
  path: '/probes',
  component: lazyRouteComponent(() => import('../features/probes/probes.page.tsx'), 'ProbesPage'),
});
const probe = createRoute({
  ...under,
  path: '/probes/$id',
  component: lazyRouteComponent(() => import('../features/probes/probe.page.tsx'), 'ProbePage'),
});
const dutyRoster = createRoute({
  ...under,
  path: '/duty-roster',
  component: lazyRouteComponent(() => import('../features/duty/duty-roster.page.tsx'), 'DutyRosterPage'),
});
const diagnosis = createRoute({
  ...under,
  path: '/diagnosis',
  validateSearch: diagnosisFrom,
  component: lazyRouteComponent(() => import('../features/diagnosis/diagnosis.page.tsx'), 'DiagnosisPage'),
});
const charts = createRoute({
  ...under,
  path: '/charts',
  validateSearch: chartsFrom,
  component: lazyRouteComponent(() => import('../features/charts/charts.page.tsx'), 'ChartsPage'),
});
const recordPages = () => import('../features/records/records.page.tsx');
const faults = createRoute({ ...under, path: '/faults', component: lazyRouteComponent(recordPages, 'FaultsPage') });
const problems = createRoute({ ...under, path: '/problems', component: lazyRouteComponent(recordPages, 'ProblemsPage') });
const problemBoard = createRoute({
  ...under,
  path: '/problem-board',
  validateSearch: boardFrom,
  component: lazyRouteComponent(() => import('../features/records/board/problem-board.page.tsx'), 'ProblemBoardPage'),
});
const changes = createRoute({ ...under, path: '/changes', component: lazyRouteComponent(recordPages, 'ChangesPage') });
const myRecords = createRoute({ ...under, path: '/my-records', component: lazyRouteComponent(recordPages, 'MyRecordsPage') });
const record = createRoute({
  ...under,
  path: '/records/$id',
  component: lazyRouteComponent(() => import('../features/records/record.page.tsx'), 'RecordPage'),
});
const vulnerabilities = createRoute({
  ...under,
  path: '/vulnerabilities',
  component: lazyRouteComponent(() => import('../features/records/vulnerabilities.page.tsx'), 'VulnerabilitiesPage'),
});
const responsibilities = createRoute({
  ...under,
  path: '/responsibilities',
  component: lazyRouteComponent(() => import('../features/responsibilities/responsibilities.page.tsx'), 'ResponsibilitiesPage'),
});
const assets = createRoute({
  ...under,
  path: '/assets',
  component: lazyRouteComponent(() => import('../features/assets/assets.page.tsx'), 'AssetsPage'),
});
const asset = createRoute({
  ...under,
  path: '/assets/$key',
  component: lazyRouteComponent(() => import('../features/assets/asset.page.tsx'), 'AssetPage'),
});
const topology = createRoute({
  ...under,
  path: '/topology',
  component: lazyRouteComponent(() => import('../features/assets/topology.page.tsx'), 'TopologyPage'),
});
const capacity = createRoute({
  ...under,
  path: '/capacity',
  component: lazyRouteComponent(() => import('../features/capacity/capacity.page.tsx'), 'CapacityPage'),
});
const software = createRoute({
  ...under,
  path: '/software',
  component: lazyRouteComponent(() => import('../features/software/software.page.tsx'), 'SoftwarePage'),
});
const backups = createRoute({
  ...under,
  path: '/backups',
  component: lazyRouteComponent(() => import('../features/backups/backups.page.tsx'), 'BackupsPage'),
});
const drill = createRoute({
  ...under,
  path: '/backups/drills/$id',
  component: lazyRouteComponent(() => import('../features/backups/drill.page.tsx'), 'DrillPage'),
});

const foundRecords = createRoute({
  ...under,
  path: '/records',
  validateSearch: foundRecordsFrom,
  component: lazyRouteComponent(() => import('../features/records/found-records.page.tsx'), 'FoundRecordsPage'),
});
const pastInspections = createRoute({
  ...under,
  path: '/past-inspections',
  validateSearch: narrowingFrom(['template', 'state', 'from', 'to'] as const),
  component: lazyRouteComponent(() => import('../features/inspections/past-inspections.tsx'), 'PastInspectionsPage'),
});
const pasts = () => import('../features/backups/past.page.tsx');
const pastBackups = createRoute({
  ...under,
  path: '/past-backups',
  validateSearch: narrowingFrom(['result', 'from', 'to'] as const),
  component: lazyRouteComponent(pasts, 'PastBackupsPage'),
});
const pastDrills = createRoute({
  ...under,
  path: '/past-drills',
  validateSearch: narrowingFrom(['state', 'from', 'to'] as const),
  component: lazyRouteComponent(pasts, 'PastDrillsPage'),
});
const readings = createRoute({
  ...under,
  path: '/readings',
  validateSearch: readingsFrom,
  component: lazyRouteComponent(() => import('../features/monthly/readings.page.tsx'), 'ReadingsPage'),
});
const slos = createRoute({
  ...under,
  path: '/slos',
  component: lazyRouteComponent(() => import('../features/slo/slos.page.tsx'), 'SlosPage'),
});
const monthlyReports = createRoute({
  ...under,
  path: '/monthly-reports',
  component: lazyRouteComponent(() => import('../features/monthly/monthly-reports.page.tsx'), 'MonthlyReportsPage'),
});
const monthlyReport = createRoute({
  ...under,
  path: '/monthly-reports/$id',
  component: lazyRouteComponent(() => import('../features/monthly/monthly-report.page.tsx'), 'MonthlyReportPage'),
});

const tree = root.addChildren([
  login,
  password,
  inside.addChildren([
    home,
    desk,
    orders,
    dispatch,
    handling,
    check,
    followUp,
    oversight,
    unitDesk,
    duty,
    due,
    approvals,
    order,
    sheet,
    imports,
    units,
    categories,
    norms,
    normDraft,
    norm,
    normRevise,
    normBoards,
    catalogue,
    entry,
    calendar,
    accounts,
    apiKeys,
    audit,
    auditReports,
    auditReport,
    logs,
    logPatterns,
    logRequest,
    logAround,
    load,
    promises,
    responses,
    inspections,
    inspection,
    walk,
    database,
    alerts,
    alertRules,
    silences,
    alertRoutes,
    alertNoise,
    probes,
    probe,
    dutyRoster,
    charts,
    diagnosis,
    faults,
    problems,
    problemBoard,
    changes,
    myRecords,
    record,
    vulnerabilities,
    responsibilities,
    capacity,
    assets,
    asset,
    topology,
    software,
    backups,
    drill,
    foundRecords,
    pastInspections,
    pastBackups,
    pastDrills,
    readings,
    slos,
    monthlyReports,
    monthlyReport,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  basepath: '/console',
  // Everything in an address is text: a number of 22 digits or a code with a leading zero would not survive as a number.
  parseSearch: parseSearchWith((value) => value),
  stringifySearch: stringifySearchWith(String),
  scrollRestoration: true,
  defaultPendingComponent: Waiting,
  defaultErrorComponent: BrokenPage,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
