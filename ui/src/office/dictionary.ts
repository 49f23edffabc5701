import type { Category, CodeItem, Region } from '#contracts/reference/reference.api.ts';
import { referenceApi } from '#contracts/reference/reference.api.ts';
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import type { CodeListName } from '../codes.ts';
import { codeLists, wordsOf } from '../codes.ts';
import { categoryPath, regionPath } from '../regions.ts';
import { useLanguage } from '../text.ts';

export interface Dictionary {
  readonly regions: readonly Region[];
  readonly categories: readonly Category[];
  readonly codes: Readonly<Record<string, readonly CodeItem[]>>;
}

const nothing: Dictionary = { regions: [], categories: [], codes: {} };

/** What the browser keeps of the reference data; empty until it has come. */
export function useDictionary(): Dictionary {
  const { data } = useQuery({
    queryKey: ['dictionary'],
    queryFn: ({ signal }) => call(referenceApi.dictionary, {}, { signal }),
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return data ?? nothing;
}

export interface Names {
  readonly region: (code: string) => string;
  readonly category: (code: string | null) => string;
  readonly code: (list: CodeListName, code: string | number) => string;
  /** A list's codes in order with their names. */
  readonly codes: (list: CodeListName) => { value: string; label: string }[];
}

/** The names of regions, categories and codes in the chosen language. */
export function useNames(): Names {
  const { regions, categories, codes } = useDictionary();
  const language = useLanguage();
  const code = (list: CodeListName, wanted: string | number) => {
    const item = codes[list]?.find((each) => each.code === String(wanted));
    return item ? item[language] : wordsOf(codeLists[list], wanted)[language];
  };
  return {
    region: (wanted) => regionPath(regions, wanted),
    category: (wanted) => categoryPath(categories, wanted, language),
    code,
    codes: (list) => {
      const known = codes[list]?.map((item) => item.code) ?? Object.keys(codeLists[list]);
      return known.toSorted((a, b) => a.localeCompare(b)).map((value) => ({ value, label: code(list, value) }));
    },
  };
}
