import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { Bytes, IdText, Instant, OneOf, OrNull, PageOf, PageQuery, PlainText, type Words } from '../base/text.ts';

const tag = 'operations';

/** Where an inventory was taken from. */
export const INVENTORY_ORIGINS = {
  build: { zh: '平台构建', en: 'Build of the platform' },
  dpkg: { zh: '操作系统软件包', en: 'Packages of the host' },
  sbom: { zh: '上传的清单', en: 'Uploaded inventory' },
} as const satisfies Record<string, Words>;
export type InventoryOrigin = keyof typeof INVENTORY_ORIGINS;
const Origin = OneOf(Object.keys(INVENTORY_ORIGINS) as InventoryOrigin[]);

/** What the key of an asset looks like: `host:db-1`, `peer:sms`. */
export const ASSET_KEY = { pattern: '^[A-Za-z0-9][A-Za-z0-9:._@/-]*$', minLength: 2, maxLength: 120 } as const;
export const AssetKey = Type.String({ ...ASSET_KEY, description: 'By its key in the register' });

export const SoftwareLine = Type.Object({
  ecosystem: OrNull(Type.String()),
  name: Type.String(),
  version: Type.String(),
  purl: Type.String(),
  assets: Type.Array(Type.String(), { description: 'The first ten places' }),
  places: Type.Integer(),
  licences: Type.Array(Type.String()),
  development: Type.Boolean(),
  firstSeenAt: Instant,
  lastSeenAt: Instant,
  findings: Type.Array(Type.Object({ recordId: IdText, number: Type.String(), key: Type.String(), level: Type.Integer() })),
});
export type SoftwareLine = Static<typeof SoftwareLine>;

export const Inventory = Type.Object({
  asset: Type.String(),
  origin: Origin,
  takenAt: Instant,
  takenBy: Type.String(),
  components: Type.Integer(),
  passedOver: Type.Integer({ description: 'Entries that name no package' }),
  vulnerable: Type.Integer(),
});
export type Inventory = Static<typeof Inventory>;

const found = Type.Object({
  key: Type.String(),
  package: Type.String(),
  level: Type.Integer(),
  fixedIn: OrNull(Type.String()),
  places: Type.Array(Type.String()),
  summary: Type.String(),
});

/** What came, or would come, of an import: what is opened is named to a hundred. */
const outcome = {
  opened: Type.Integer(),
  updated: Type.Integer({ description: 'Open vulnerabilities of which something changed' }),
  gone: Type.Integer({ description: 'Open vulnerabilities that no inventory shows any more' }),
  shown: Type.Array(found),
};
export const AdvisoryOutcome = Type.Object({
  dryRun: Type.Boolean(),
  read: Type.Integer(),
  unreadable: Type.Integer(),
  withdrawn: Type.Integer(),
  ignoredRanges: Type.Integer({ description: 'Ranges of commits, which say nothing of a version' }),
  ...outcome,
});
export type AdvisoryOutcome = Static<typeof AdvisoryOutcome>;
export const InventoryOutcome = Type.Object({ dryRun: Type.Boolean(), components: Type.Integer(), passedOver: Type.Integer(), ...outcome });
export type InventoryOutcome = Static<typeof InventoryOutcome>;

export const AdvisoryImport = Type.Object({
  id: IdText,
  at: Instant,
  byName: Type.String(),
  fileName: Type.String(),
  outcome: AdvisoryOutcome,
});
export type AdvisoryImport = Static<typeof AdvisoryImport>;

export const Exposure = Type.Object({
  asset: Type.String(),
  purl: Type.String(),
  version: Type.String(),
  fixedIn: OrNull(Type.String()),
  foundAt: Instant,
  goneAt: OrNull(Instant),
});
export type Exposure = Static<typeof Exposure>;

const DryRun = Type.Optional(Type.Boolean({ description: 'Tells what would come of it, and changes nothing' }));

export const softwareApi = {
  list: route({
    method: 'GET',
    path: '/api/operations/software',
    tag,
    access: 'operations.see',
    summary: { zh: '软件清单', en: 'Software that stands somewhere' },
    query: Type.Object({
      q: Type.Optional(PlainText({ max: 100, description: 'The beginning of a name' })),
      asset: Type.Optional(AssetKey),
      vulnerable: Type.Optional(OneOf(['true'])),
      development: Type.Optional(OneOf(['true', 'false'])),
      ...PageQuery,
      cursor: Type.Optional(PlainText({ max: 800 })),
    }),
    reply: PageOf(SoftwareLine),
  }),
  inventories: route({
    method: 'GET',
    path: '/api/operations/software/inventories',
    tag,
    access: 'operations.see',
    summary: { zh: '清单来源', en: 'Where inventories come from' },
    reply: Type.Object({ items: Type.Array(Inventory) }),
  }),
  takeInventory: route({
    method: 'POST',
    path: '/api/operations/software/inventories',
    tag,
    access: 'operations.handle',
    upload: true,
    summary: { zh: '上传软件清单（CycloneDX）', en: 'Upload an inventory (CycloneDX)' },
    query: Type.Object({ asset: AssetKey, dryRun: DryRun }),
    reply: InventoryOutcome,
    errors: ['operations.sbom-file'],
  }),
  sbom: route({
    method: 'GET',
    path: '/api/operations/software/sbom',
    tag,
    access: 'operations.see',
    summary: { zh: '本平台软件物料清单（CycloneDX 1.6）', en: 'Bill of materials of this build (CycloneDX 1.6)' },
    reply: Bytes,
  }),
  importAdvisories: route({
    method: 'POST',
    path: '/api/operations/advisories',
    tag,
    access: 'operations.handle',
    upload: true,
    summary: { zh: '导入漏洞库（OSV、NVD）', en: 'Import advisories (OSV, NVD)' },
    query: Type.Object({ dryRun: DryRun }),
    reply: AdvisoryOutcome,
    errors: ['operations.advisory-file'],
  }),
  imports: route({
    method: 'GET',
    path: '/api/operations/advisories/imports',
    tag,
    access: 'operations.see',
    summary: { zh: '漏洞库导入记录', en: 'Imports of advisories' },
    reply: Type.Object({ advisories: Type.Integer(), items: Type.Array(AdvisoryImport) }),
  }),
  exposures: route({
    method: 'GET',
    path: '/api/operations/vulnerabilities/:id/exposures',
    tag,
    access: 'operations.see',
    summary: { zh: '漏洞所在位置', en: 'Where a vulnerable version stands' },
    params: Type.Object({ id: IdText }),
    reply: Type.Object({ items: Type.Array(Exposure) }),
  }),
};
