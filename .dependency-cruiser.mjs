import { readFileSync } from 'node:fs';

const { modules } = JSON.parse(readFileSync('architecture.json', 'utf8'));

/** One rule per module: whatever is not listed for it in architecture.json is closed to it. */
const moduleRules = Object.entries(modules).map(([name, uses]) => ({
  name: `module-${name}`,
  comment: `${name} may use ${uses.length > 0 ? uses.join(', ') : 'no other module'} (architecture.json)`,
  severity: 'error',
  from: { path: `^server/src/modules/${name}/`, pathNot: '\\.(db|http)\\.test\\.ts$' },
  to: { path: '^server/src/modules/([^/]+)/', pathNot: `^server/src/modules/(${[name, ...uses].join('|')})/` },
}));

/** The same order holds for what crosses the wire; what all share lies in contracts/base and beside it. */
const contractRules = Object.entries(modules).map(([name, uses]) => ({
  name: `contracts-${name}`,
  severity: 'error',
  from: { path: `^contracts/${name}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^contracts/([^/]+)/', pathNot: `^contracts/(base|${[name, ...uses].join('|')})/` },
}));

export default {
  forbidden: [
    ...moduleRules,
    ...contractRules,
    {
      name: 'front-doors',
      comment: 'Another module is reached through its index.ts.',
      severity: 'error',
      from: { path: '^server/src/modules/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^server/src/modules/([^/]+)/', pathNot: '^server/src/modules/(?:$1/|[^/]+/index\\.ts$)' },
    },
    {
      name: 'kernel-knows-nobody',
      severity: 'error',
      from: { path: '^server/src/kernel/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(server/src/(platform|modules|demo)|console|portal|ui)/' },
    },
    {
      name: 'platform-knows-no-module',
      severity: 'error',
      from: { path: '^server/src/platform/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(server/src/(modules|demo)|console|portal|ui)/' },
    },
    {
      name: 'rules-are-pure',
      comment: 'Rules do no I/O: kernel, contracts and other rules only.',
      severity: 'error',
      from: { path: '\\.rules\\.ts$' },
      to: { path: '(\\.(store|views|service|routes|jobs)\\.ts$|^server/src/platform/(db|http|jobs|files)/)' },
    },
    {
      name: 'routes-touch-no-store',
      severity: 'error',
      from: { path: '\\.routes\\.ts$' },
      to: { path: '\\.store\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'fastify-at-the-door',
      comment: 'Fastify stays in platform/http and *.routes.ts.',
      severity: 'error',
      from: { path: '^server/src/', pathNot: '(^server/src/platform/http/|\\.routes\\.ts$|^server/src/app\\.ts$)' },
      to: { path: 'node_modules/(@fastify|fastify)/' },
    },
    {
      name: 'contracts-stand-alone',
      severity: 'error',
      from: { path: '^contracts/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(server|console|portal|ui)/|^node:' },
    },
    { name: 'apps-see-contracts-and-ui', severity: 'error', from: { path: '^(console|portal|ui)/' }, to: { path: '^server/' } },
    {
      name: 'portal-and-console-are-islands',
      severity: 'error',
      from: { path: '^(console|portal)/' },
      to: { path: '^(console|portal)/', pathNot: '^$1/' },
    },
    {
      name: 'features-are-islands',
      severity: 'error',
      from: { path: '^(console|portal)/src/features/([^/]+)/' },
      to: { path: '^(console|portal)/src/features/([^/]+)/', pathNot: '^$1/src/features/$2/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(dist|schema\\.gen\\.ts)' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
};
