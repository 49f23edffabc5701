import { Select } from 'antd';
import { isFound, nearer } from '../initials.ts';
import { categoryPath } from '../regions.ts';
import { useLanguage, useWords } from '../text.ts';
import { useDictionary } from './dictionary.ts';

const words = {
  search: { zh: '输入分类名称、拼音首字母或代码', en: 'Category, by name, pinyin initials or code' },
} as const;

export interface CategorySelectProps {
  readonly id?: string;
  readonly value?: string | undefined;
  readonly onChange?: (code: string | undefined) => void;
  readonly placeholder?: string;
}

/** One search field over the whole category tree. */
export function CategorySelect({ id, value, onChange, placeholder }: CategorySelectProps) {
  const speak = useWords(words);
  const language = useLanguage();
  const { categories } = useDictionary();
  const options = categories.map(({ code }) => ({
    value: code,
    label: `${code} ${categoryPath(categories, code, language)}`,
  }));
  return (
    <Select
      {...(id ? { id } : {})}
      showSearch={{
        filterOption: (typed, option) => Boolean(option && isFound(typed, option.label, option.value)),
        filterSort: (a, b, { searchValue }) => nearer(searchValue, a.label, b.label),
      }}
      allowClear
      value={value}
      onChange={(code: string | undefined) => onChange?.(code)}
      options={options}
      placeholder={placeholder ?? speak('search')}
      style={{ width: '100%' }}
    />
  );
}
