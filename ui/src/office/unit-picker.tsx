import type { Unit } from '#contracts/reference/reference.api.ts';
import { referenceApi } from '#contracts/reference/reference.api.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { call } from '../api/client.ts';
import { useWords } from '../text.ts';

const words = {
  search: { zh: '输入单位名称', en: 'Unit, by name' },
  suggested: { zh: '推荐', en: 'Suggested' },
  assist: { zh: '协办', en: 'assists' },
  none: { zh: '没有找到单位', en: 'No unit found' },
} as const;

export interface UnitPickerProps {
  readonly id?: string;
  readonly value?: string | undefined;
  readonly onChange?: (code: string | undefined) => void;
  /** What the suggestions go by. */
  readonly category?: string | null | undefined;
  readonly region?: string | undefined;
}

/** Units that usually own the matter as buttons above, any other by search. */
export function UnitPicker({ id, value, onChange, category, region }: UnitPickerProps) {
  const speak = useWords(words);
  const [typed, setTyped] = useState('');
  const suggested = useQuery({
    queryKey: ['suggest-units', category, region],
    queryFn: ({ signal }) => call(referenceApi.suggestUnits, { query: { category: category ?? '', region: region ?? '' } }, { signal }),
    enabled: Boolean(category && region),
    staleTime: 60_000,
  });
  const found = useFoundUnits(typed);
  const suggestions = suggested.data?.items ?? [];
  const options = optionsOf([...suggestions.map(({ unit }) => unit), ...(found.data?.items ?? [])]);
  return (
    <div>
      {suggestions.length > 0 ? (
        <ul className="ms-suggest" aria-label={speak('suggested')}>
          {suggestions.map(({ unit, role, why }) => (
            <li key={unit.code}>
              <button type="button" aria-pressed={value === unit.code} onClick={() => onChange?.(unit.code)}>
                <strong>{unit.name}</strong>
                {role === 'assist' ? <em>{speak('assist')}</em> : null}
                <span>{why}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <Select
        {...(id ? { id } : {})}
        showSearch={{
          // What does not match what is typed must never stand first: Enter takes the first.
          filterOption: (words, option) => matches(words, option),
          onSearch: setTyped,
        }}
        allowClear
        loading={found.isFetching}
        value={value}
        onChange={(code: string | undefined) => onChange?.(code)}
        options={options}
        placeholder={speak('search')}
        notFoundContent={found.isFetching ? null : speak('none')}
        style={{ width: '100%' }}
      />
    </div>
  );
}

/** Several units, by search. */
export function UnitsPicker({ id, value, onChange }: { id?: string; value?: string[]; onChange?: (codes: string[]) => void }) {
  const speak = useWords(words);
  const [typed, setTyped] = useState('');
  const found = useFoundUnits(typed);
  return (
    <Select
      {...(id ? { id } : {})}
      mode="multiple"
      showSearch={{ filterOption: (words, option) => matches(words, option), onSearch: setTyped }}
      allowClear
      loading={found.isFetching}
      value={value ?? []}
      onChange={(codes: string[]) => onChange?.(codes)}
      options={optionsOf(found.data?.items ?? [])}
      placeholder={speak('search')}
      notFoundContent={found.isFetching ? null : speak('none')}
      style={{ width: '100%' }}
    />
  );
}

function useFoundUnits(typed: string) {
  const q = useDeferredValue(typed.trim());
  return useQuery({
    queryKey: ['units', q],
    queryFn: ({ signal }) => call(referenceApi.units, { query: { limit: 50, ...(q ? { q } : {}) } }, { signal }),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

interface UnitOption {
  readonly value: string;
  readonly label: string;
  readonly title: string;
}

/** As the server searches: every word in the name, in a unit above it, or at the start of the code. */
function matches(typed: string, option: UnitOption | undefined): boolean {
  if (!option) return false;
  const words = typed.trim().split(/\s+/);
  return words.every((word) => option.title.includes(word) || option.label.includes(word) || option.value.startsWith(word));
}

function optionsOf(units: readonly Unit[]): UnitOption[] {
  const byCode = new Map(units.map((unit) => [unit.code, unit]));
  return [...byCode.values()].map(({ code, name, path }) => ({
    value: code,
    label: name,
    title: path,
  }));
}
