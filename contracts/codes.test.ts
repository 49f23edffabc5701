import { describe, expect, it } from 'vitest';
import { appealsCodes } from './appeals/appeals.codes.ts';
import { baseCodes, STATUS, type CodeFacts } from './base/base.codes.ts';
import { caseworkCodes } from './base/casework.codes.ts';
import { filesCodes } from './base/files.codes.ts';
import { codes, textOf, type ErrorCode } from './codes.ts';
import { draftsCodes } from './drafts/drafts.codes.ts';
import { identityCodes } from './identity/identity.codes.ts';
import { inspectionsCodes } from './operations/inspections.codes.ts';
import { assetsCodes } from './operations/assets.codes.ts';
import { diagnosisCodes } from './operations/diagnosis.codes.ts';
import { softwareCodes } from './operations/software.codes.ts';
import { backupsCodes } from './operations/backups.codes.ts';
import { logsCodes } from './operations/logs.codes.ts';
import { operationsCodes } from './operations/operations.codes.ts';
import { ordersCodes } from './orders/orders.codes.ts';
import { referenceCodes } from './reference/reference.codes.ts';

const all = Object.entries(codes) as [ErrorCode, CodeFacts][];
const paramsIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!).toSorted();

describe('the codes of refusals', () => {
  it.each(all)('%s has a text in Chinese and one in English, with the same parameters', (_, facts) => {
    expect(facts.text.zh).toMatch(/\p{Script=Han}/u);
    expect(facts.text.en).toMatch(/^[\x20-\x7e]{4,}$/);
    expect(paramsIn(facts.text.zh)).toEqual(paramsIn(facts.text.en));
    expect(facts.text.zh + facts.text.en).not.toMatch(/\{(?!\w+\})/);
    expect(STATUS[facts.kind]).toBeGreaterThanOrEqual(400);
  });

  it('are told apart by their module: no module takes the code of another', () => {
    const parts = [
      baseCodes,
      filesCodes,
      draftsCodes,
      referenceCodes,
      identityCodes,
      appealsCodes,
      ordersCodes,
      operationsCodes,
      inspectionsCodes,
      caseworkCodes,
      logsCodes,
      backupsCodes,
      softwareCodes,
      assetsCodes,
      diagnosisCodes,
    ];
    expect(parts.flatMap((part) => Object.keys(part)).length).toBe(all.length);
    const modules = {
      base: ['base', 'field'],
      files: ['files'],
      drafts: ['drafts'],
      reference: ['reference'],
      identity: ['identity'],
      appeals: ['appeals'],
      orders: ['orders'],
      operations: ['operations'],
      inspections: ['inspections'],
      casework: ['casework'],
      logs: ['operations'],
      backups: ['operations', 'backups'],
      software: ['operations'],
      assets: ['operations'],
      diagnosis: ['diagnosis'],
    };
    for (const [place, prefixes] of Object.values(modules).entries()) {
      for (const code of Object.keys(parts[place]!)) expect(prefixes).toContain(code.split('.')[0]);
    }
  });

  it('take parameters, and show the gap of one that was not given', () => {
    expect(textOf('field.too-long', 'zh', { limit: 30 })).toBe('最多 30 个字');
    expect(textOf('field.too-long', 'en', { limit: 0 })).toBe('has more than 0 characters');
    expect(textOf('field.too-long', 'en')).toBe('has more than {limit} characters');
    expect(textOf('appeals.import-file', 'en', { reason: 'has $& and {limit} in it' })).toBe(
      'The file cannot be read: has $& and {limit} in it',
    );
  });
});
