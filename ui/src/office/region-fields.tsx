import { referenceApi } from '#contracts/reference/reference.api.ts';
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { call } from '../api/client.ts';
import { isFound, nearer } from '../initials.ts';
import { regionPath } from '../regions.ts';
import { useWords } from '../text.ts';
import { useDictionary } from './dictionary.ts';
import { useMe } from './session.ts';

const words = {
  county: { zh: '输入市、县（区）名称、拼音首字母或代码', en: 'City or county, by name, pinyin initials or code' },
  street: { zh: '街道（可不选）', en: 'Street (optional)' },
  streetLabel: { zh: '街道', en: 'Street' },
} as const;

export interface RegionFieldsProps {
  readonly id?: string;
  readonly value?: string | undefined;
  readonly onChange?: (code: string | undefined) => void;
  readonly allowClear?: boolean;
  readonly withStreet?: boolean;
  /** A city may be cut to its four digits, as filters take it. */
  readonly cityAsPrefix?: boolean;
  readonly placeholder?: string;
}

/** One search field over all cities and counties, and the streets of the chosen county after it. */
export function RegionFields(props: RegionFieldsProps) {
  const speak = useWords(words);
  const me = useMe();
  const { regions } = useDictionary();
  const { value, onChange, withStreet = true } = props;
  const county = value && value.length > 6 ? value.slice(0, 6) : value;
  const streets = useQuery({
    queryKey: ['streets', county],
    queryFn: ({ signal }) => call(referenceApi.streets, { query: { county: county ?? '' } }, { signal }),
    enabled: withStreet && county?.length === 6 && !county.endsWith('00'),
    staleTime: Infinity,
  });
  const isOwn = (code: string) => me.region !== null && code.startsWith(me.region.slice(0, 4));
  const options = regions
    .filter((region) => region.level === 'city' || region.level === 'county')
    .map((region) => ({
      value: props.cityAsPrefix && region.level === 'city' ? region.code.slice(0, 4) : region.code,
      label: regionPath(regions, region.code),
      code: region.code,
    }))
    // One's own city first: its counties are what is asked for nearly always.
    .toSorted((a, b) => Number(isOwn(b.code)) - Number(isOwn(a.code)));
  return (
    <div className="ms-region">
      <Select
        {...(props.id ? { id: props.id } : {})}
        showSearch={{
          filterOption: (typed, option) => Boolean(option && isFound(typed, option.label, option.code)),
          filterSort: (a, b, { searchValue }) => nearer(searchValue, a.label, b.label),
        }}
        allowClear={props.allowClear ?? false}
        value={county}
        onChange={(code: string | undefined) => onChange?.(code)}
        options={options}
        placeholder={props.placeholder ?? speak('county')}
        style={{ width: '100%' }}
      />
      {withStreet && (streets.data?.items.length ?? 0) > 0 ? (
        <Select
          aria-label={speak('streetLabel')}
          showSearch={{ filterOption: (typed, option) => Boolean(option && isFound(typed, option.label, option.value)) }}
          allowClear
          value={value && value.length > 6 ? value : undefined}
          onChange={(code: string | undefined) => onChange?.(code ?? county)}
          options={streets.data?.items.map(({ code, name }) => ({ value: code, label: name })) ?? []}
          placeholder={speak('street')}
          style={{ width: '100%' }}
        />
      ) : null}
    </div>
  );
}
