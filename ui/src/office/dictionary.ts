import type { Category, CodeItem, Region } from '#contracts/reference/reference.api.ts';
import { referenceApi } from '#contracts/reference/reference.api.ts';
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/client.ts';
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

/** The names of regions and categories in the chosen language. */
export function useNames(): {
  region: (code: string) => string;
  category: (code: string | null) => string;
} {
  const { regions, categories } = useDictionary();
  const language = useLanguage();
  return {
    region: (code) => regionPath(regions, code),
    category: (code) => categoryPath(categories, code, language),
  };
}
