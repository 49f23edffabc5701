import { appealsCodes } from './appeals/appeals.codes.ts';
import { baseCodes, type CodeFacts } from './base/base.codes.ts';
import { caseworkCodes } from './base/casework.codes.ts';
import { filesCodes } from './base/files.codes.ts';
import type { Words } from './base/text.ts';
import { draftsCodes } from './drafts/drafts.codes.ts';
import { identityCodes } from './identity/identity.codes.ts';
import { inspectionsCodes } from './operations/inspections.codes.ts';
import { operationsCodes } from './operations/operations.codes.ts';
import { backupsCodes } from './operations/backups.codes.ts';
import { assetsCodes } from './operations/assets.codes.ts';
import { softwareCodes } from './operations/software.codes.ts';
import { diagnosisCodes } from './operations/diagnosis.codes.ts';
import { logsCodes } from './operations/logs.codes.ts';
import { ordersCodes } from './orders/orders.codes.ts';
import { referenceCodes } from './reference/reference.codes.ts';

/** Every refusal of the platform. A code without texts in both languages does not compile. */
export const codes = {
  ...baseCodes,
  ...filesCodes,
  ...caseworkCodes,
  ...draftsCodes,
  ...referenceCodes,
  ...identityCodes,
  ...appealsCodes,
  ...ordersCodes,
  ...operationsCodes,
  ...inspectionsCodes,
  ...backupsCodes,
  ...logsCodes,
  ...softwareCodes,
  ...assetsCodes,
  ...diagnosisCodes,
} as const;

export type ErrorCode = keyof typeof codes;

/** What fills the braces of a text: the same in both languages, or words in each. */
export type CodeParams = Readonly<Record<string, string | number | Words>>;

/** The text of a code in a language, with its parameters filled in. */
export function textOf(code: ErrorCode, language: 'zh' | 'en', params: CodeParams = {}): string {
  const facts: CodeFacts = codes[code];
  return facts.text[language].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : typeof value === 'object' ? value[language] : String(value);
  });
}
