import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, isAbsolute, join } from 'node:path';
import { AppealInput, type ImportRun } from '#contracts/appeals/appeals.api.ts';
import { textOf } from '#contracts/codes.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal, type FieldFault } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import { PLATFORM, type Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, type Db, type DbScope } from '#server/platform/db/db.ts';
import { compileValidator, fieldFaults } from '#server/platform/http/validation.ts';
import type { Files } from '#server/platform/files/files.ts';
import type { JobKind } from '#server/platform/jobs/jobs.ts';
import type { Log } from '#server/platform/log/log.ts';
import { ensurePartitions } from '#server/platform/maintenance.ts';
import type { Appeals, ImportSource } from '../appeals.service.ts';
import { readRows, UnreadableFile, type SourceRow } from './imports.reader.ts';
import { columnsOf, mappingFaults, mapRow, PastReply, timeFaults, type MappedRow, type Mapping } from './imports.rules.ts';
import * as store from './imports.store.ts';

export interface Imports {
  /** Registers a run, or finds the one of the same file and mapping that was cut off. @throws Refusal `appeals.import-mapping` */
  prepare(actor: Actor, file: { path: string; name: string; key?: string }, mapping: unknown, dryRun: boolean): Promise<ImportRun>;
  /** Does a run to its end, going on where it was cut off; `onProgress` is told now and then. */
  run(runId: string, onProgress?: (run: ImportRun) => void, signal?: AbortSignal): Promise<ImportRun>;
  /** Registers a run and leaves it to a worker. */
  start(actor: Actor, file: { path: string; name: string }, mappingName: string, dryRun: boolean): Promise<ImportRun>;
  mappings(): Mapping[];
  /** A run that this scope sees. @throws Refusal `base.not-found` */
  byId(scope: DbScope, id: string): Promise<ImportRun>;
  page(scope: DbScope, after: string | null, limit: number): Promise<{ items: ImportRun[]; nextCursor?: string }>;
  /** Rejected rows as csv: row, field, code, reason. */
  rejects(scope: DbScope, id: string): Promise<string>;
  readonly job: JobKind;
}

export const IMPORT_QUEUE = { name: 'appeals.import', retryLimit: 5, expireInSeconds: 7200, heartbeatSeconds: 30 } as const;

const MAPPINGS = join(import.meta.dirname, '../../../../db/mappings');
const PROGRESS_EVERY = 100;
const judgeForm = compileValidator({ schema: AppealInput, httpPart: 'body' });
const judgeReply = compileValidator({ schema: PastReply, httpPart: 'body' });

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  readonly appeals: Appeals;
  readonly files: Files;
  readonly send: (runId: string) => Promise<void>;
  readonly log: Log;
}

export function createImports({ db, clock, appeals, files, send, log }: Deps): Imports {
  const service: Imports = {
    job: { ...IMPORT_QUEUE, run: async (data, signal) => void (await service.run(String(data['runId']), undefined, signal)) },
    mappings: () =>
      readdirSync(MAPPINGS)
        .filter((name) => name.endsWith('.json'))
        .toSorted()
        .map((name) => JSON.parse(readFileSync(join(MAPPINGS, name), 'utf8')) as Mapping),
    async prepare(actor, file, mapping, dryRun) {
      const faults = mappingFaults(mapping);
      if (faults.length > 0) throw new Refusal({ code: 'appeals.import-mapping', params: { reason: faults.join('; ') } });
      const known = mapping as Mapping;
      const fileHash = await hashFile(file.path);
      const at = new Date(clock.nowMs());
      const id = await db.transact(SYSTEM, async (tx) => {
        const unfinished = await store.unfinishedRun(tx, fileHash, known.name, dryRun, actor.region);
        if (unfinished) return unfinished.id;
        const run = {
          id: newId(at.getTime()),
          fileHash,
          fileName: basename(file.name).slice(0, 200),
          filePath: file.key ?? file.path,
          mappingName: known.name,
          mapping: known,
          dryRun,
          at,
          by: actor.accountId,
          region: actor.region,
        };
        await store.addRun(tx, run);
        await record(tx, actor, {
          at,
          action: 'appeals.import',
          objectKind: 'import',
          objectId: run.id,
          detail: { file: run.fileName, mapping: known.name, dryRun },
        });
        return run.id;
      });
      return service.byId(SYSTEM, id);
    },
    async start(actor, file, mappingName, dryRun) {
      const mapping = service.mappings().find((candidate) => candidate.name === mappingName);
      if (!mapping) throw new Refusal({ code: 'appeals.import-mapping', params: { reason: mappingName } });
      // Named after its content: the same file sent twice lies there once.
      const key = `imports/${await hashFile(file.path)}${extname(file.name).toLowerCase()}`;
      await files.put(key, file.path);
      const run = await service.prepare(actor, { ...file, key }, mapping, dryRun);
      await send(run.id);
      return run;
    },
    async run(runId, onProgress, signal) {
      const row = await db.transact(SYSTEM, async (tx) => {
        const found = await store.runById(tx, runId);
        if (found && found.state !== 'done') await store.setRunState(tx, runId, 'running');
        return found;
      });
      if (!row) throw new Error(`There is no import ${runId}`);
      if (row.state === 'done') return store.runView(row);
      const mapping = row.mapping as unknown as Mapping;
      const actor: Actor = { ...PLATFORM, accountId: row.started_by, name: '数据导入', region: row.region };
      const progress = async () => {
        await db.transact(SYSTEM, (tx) => store.recount(tx, runId));
        if (onProgress) onProgress(await service.byId(SYSTEM, runId));
      };
      // A command's own file is read where it lies; an uploaded one comes from the store.
      const file = isAbsolute(row.file_path) ? { path: row.file_path, release: () => Promise.resolve() } : await files.open(row.file_path);
      try {
        const after = await db.transact(SYSTEM, (tx) => store.lastRow(tx, runId));
        let taken = 0;
        for await (const source of readRows(file.path, columnsOf(mapping))) {
          if (source.rowNo <= after) continue;
          signal?.throwIfAborted();
          await takeRow(actor, runId, row.dry_run, mapping, source);
          if (++taken % PROGRESS_EVERY === 0) await progress();
        }
        await progress();
        await db.transact(SYSTEM, async (tx) => {
          const done = await store.runById(tx, runId);
          await store.setRunState(tx, runId, 'done', { endedAt: new Date(clock.nowMs()), totalRows: done?.rows ?? 0 });
        });
      } catch (error) {
        if (!(error instanceof UnreadableFile)) throw error;
        await db.transact(SYSTEM, (tx) =>
          store.setRunState(tx, runId, 'failed', { endedAt: new Date(clock.nowMs()), error: error.message }),
        );
      } finally {
        await file.release();
      }
      return service.byId(SYSTEM, runId);
    },
    async byId(scope, id) {
      const row = await db.transact(scope, (tx) => store.runById(tx, id));
      if (!row) throw new Refusal({ code: 'base.not-found' });
      return store.runView(row);
    },
    async page(scope, after, limit) {
      const rows = await db.transact(scope, (tx) => store.runsPage(tx, after, limit + 1));
      const items = rows.slice(0, limit);
      return { items, ...(rows.length > limit ? { nextCursor: items.at(-1)!.id } : {}) };
    },
    async rejects(scope, id) {
      const lines = ['row,field,code,reason_zh,reason_en'];
      for (let after = 0; ;) {
        const page = await db.transact(scope, (tx) => store.rejectsOf(tx, id, after, 1000));
        for (const { rowNo, faults } of page)
          for (const fault of faults) lines.push([String(rowNo), fault.field, fault.code, fault.zh, fault.en].map(csvCell).join(','));
        if (page.length < 1000) break;
        after = page.at(-1)!.rowNo;
      }
      return `\uFEFF${lines.join('\r\n')}\r\n`;
    },
  };

  /** One row to its outcome. Its appeal and its outcome are one transaction each way: filed with it, or told alone. */
  async function takeRow(actor: Actor, runId: string, dryRun: boolean, mapping: Mapping, source: SourceRow): Promise<void> {
    const tell = (outcome: store.RowOutcome, faults: readonly FieldFault[] | null) =>
      db.transact(SYSTEM, (tx) => store.addRows(tx, runId, [{ rowNo: source.rowNo, outcome, faults: faults?.map(faultWords) ?? null }]));
    if (source.blank) return tell('blank', null);
    const mapped = mapRow(mapping, source);
    if (!mapped.ok) return tell('rejected', mapped.faults);
    const faults = [...formFaults(mapped.value), ...timeFaults(mapped.value, clock.nowMs())];
    if (faults.length > 0)
      return tell(
        'rejected',
        faults.map((fault) => ({ ...fault, path: columnFor(mapping, fault.path) })),
      );
    const from = sourceOf(mapping, mapped.value);
    try {
      if (dryRun) {
        await appeals.checkImported(actor, mapped.value.input, from);
        return tell('accepted', null);
      }
      await ensureFor(from.filedAt);
      if (from.past?.reply) await ensureFor(from.past.reply.at);
      const outcome = await appeals.fileImported(actor, mapped.value.input, from, [store.rowInsert(runId, source.rowNo, 'accepted')]);
      if (outcome === 'known') await tell('known', null);
    } catch (error) {
      if (!(error instanceof Refusal)) {
        log.error({ err: error, import: runId, row: source.rowNo }, 'an import row failed');
        throw error;
      }
      const { fields, code, params } = error.facts;
      await tell(
        'rejected',
        fields?.map((field) => ({ ...field, path: columnFor(mapping, field.path) })) ?? [{ path: '', code, ...(params ? { params } : {}) }],
      );
    }
  }

  const ensured = new Set<string>();
  /** Partitions for the month of a past instant; asked once per month. */
  async function ensureFor(filedAt: Date): Promise<void> {
    const month = filedAt.toISOString().slice(0, 7);
    if (ensured.has(month)) return;
    await ensurePartitions(db, filedAt.getTime(), filedAt.getTime());
    ensured.add(month);
  }

  return service;
}

/** What the form of a row lacks: as an appeal of the API, and as an answer of the past. */
function formFaults({ input, sourceNumber, reply }: MappedRow): FieldFault[] {
  const faults = judgeForm({ ...input, sourceNumber }) ? [] : fieldFaults(judgeForm.errors ?? []);
  if (reply === null || judgeReply(reply)) return faults;
  return [...faults, ...fieldFaults(judgeReply.errors ?? []).map((fault) => ({ ...fault, path: `reply.${fault.path}` }))];
}

function sourceOf(mapping: Mapping, row: MappedRow): ImportSource {
  return {
    system: mapping.source,
    number: row.sourceNumber,
    filedAt: row.filedAt,
    past: row.reply
      ? {
          unitCode: row.reply.unitCode,
          reply: { text: row.reply.text, by: row.reply.by, at: row.reply.at, resultType: row.reply.resultType },
        }
      : null,
  };
}

/** Faults are told by the file's own column where the field came from one. */
function columnFor(mapping: Mapping, path: string): string {
  const rule = mapping.fields[path];
  return rule && 'column' in rule ? rule.column : path;
}

function faultWords(fault: FieldFault): store.RowFault {
  return { field: fault.path, code: fault.code, zh: textOf(fault.code, 'zh', fault.params), en: textOf(fault.code, 'en', fault.params) };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sm3');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** A csv cell: quoted where needed, and never a formula to the spreadsheet that opens it. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
