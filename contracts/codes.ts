import { appealsCodes } from './appeals/appeals.codes.ts';
import { baseCodes, type CodeFacts } from './base/base.codes.ts';
import { identityCodes } from './identity/identity.codes.ts';
import { ordersCodes } from './orders/orders.codes.ts';
import { referenceCodes } from './reference/reference.codes.ts';

/** Every refusal of the platform. A code without texts in both languages does not compile. */
export const codes = { ...baseCodes, ...referenceCodes, ...identityCodes, ...appealsCodes, ...ordersCodes } as const;

export type ErrorCode = keyof typeof codes;

/** The text of a code in a language, with its parameters filled in. */
export function textOf(code: ErrorCode, language: 'zh' | 'en', params: Readonly<Record<string, string | number>> = {}): string {
  const facts: CodeFacts = codes[code];
  return facts.text[language].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
