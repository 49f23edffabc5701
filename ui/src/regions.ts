import type { Category, Region } from '#contracts/reference/reference.api.ts';

/** The names of a region from city to street: 苏州市 姑苏区. */
export function regionPath(regions: readonly Region[], code: string): string {
  const names: string[] = [];
  for (const length of [4, 6, 9]) {
    if (length > code.length) continue;
    const prefix = code.slice(0, length);
    const full = length === 4 ? `${prefix}00` : prefix;
    const name = regions.find((region) => region.code === full)?.name;
    if (name && names.at(-1) !== name) names.push(name);
  }
  return names.join(' ') || code;
}

export function citiesOf(regions: readonly Region[]): Region[] {
  return regions.filter((region) => region.level === 'city');
}

export function countiesOf(regions: readonly Region[], city: string): Region[] {
  return regions.filter((region) => region.level === 'county' && region.code.slice(0, 4) === city.slice(0, 4));
}

/** The names of a category from the top: 城乡建设 / 路灯照明. */
export function categoryPath(categories: readonly Category[], code: string | null, language: 'zh' | 'en'): string {
  if (!code) return '';
  const names: string[] = [];
  for (const length of [2, 4, 6]) {
    if (length > code.length) break;
    const category = categories.find((each) => each.code === code.slice(0, length));
    if (category) names.push(language === 'zh' ? category.name : category.nameEn);
  }
  return names.join(' / ') || code;
}
