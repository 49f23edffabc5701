import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import { APPEAL_TYPES } from '#contracts/reference/reference.values.ts';
import { CategorySelect } from '#ui/office/category-select.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { RegionFields } from '#ui/office/region-fields.tsx';
import { UnitPicker } from '#ui/office/unit-picker.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { Button, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { listText } from './list.text.ts';
import { LIGHTS, MARKS, type Filters, type Preset } from './orders.filters.ts';

export interface OrderFiltersProps {
  readonly filters: Filters;
  readonly preset: Preset;
  readonly onChange: (filters: Filters) => void;
}

type Part = { readonly [K in keyof Filters]?: Filters[K] | undefined };

const LATER: readonly (keyof Filters)[] = ['category', 'unit', 'channel', 'from', 'to', 'due', 'number'];

/** The filters stand in the address, so that a list can be shared and comes back after a look at an order. */
export function OrderFilters({ filters, preset, onChange }: OrderFiltersProps) {
  const speak = useWords(listText);
  const tell = useSay();
  const names = useNames();
  const [open, setOpen] = useState(() => LATER.some((name) => filters[name] !== undefined));
  const set = (part: Part) => {
    const next = Object.entries({ ...filters, ...part }).filter(([, value]) => value);
    onChange(Object.fromEntries(next) as Filters);
  };
  const states = Object.entries(orderLifecycle.states)
    .filter(([state]) => !preset.states || preset.states.includes(state))
    .map(([value, { name }]) => ({ value, label: tell(name) }));
  return (
    <div className="filters" role="search" aria-label={speak('orders')}>
      <TypedFilter name="q" label={speak('q')} value={filters.q} onSettle={(q) => set({ q })} />
      {states.length > 1 ? (
        <Labelled id="f-state" label={speak('state')}>
          <Select
            id="f-state"
            mode="multiple"
            maxTagCount={1}
            allowClear
            placeholder={speak('all')}
            options={states}
            value={filters.state?.split(',') ?? []}
            onChange={(chosen: string[]) => set({ state: chosen.join(',') || undefined })}
          />
        </Labelled>
      ) : null}
      <Labelled id="f-light" label={speak('light')}>
        <Select
          id="f-light"
          allowClear
          placeholder={speak('all')}
          options={LIGHTS.map((value) => ({ value, label: speak(value) }))}
          value={filters.light}
          onChange={(light: Filters['light']) => set({ light })}
        />
      </Labelled>
      <Labelled id="f-type" label={speak('type')}>
        <Select
          id="f-type"
          allowClear
          placeholder={speak('all')}
          options={APPEAL_TYPES.map((value) => ({
            value,
            label: names.code('appeal_type', value),
          }))}
          value={filters.type}
          onChange={(type?: string) => set({ type })}
        />
      </Labelled>
      <Labelled id="f-urgency" label={speak('urgency')}>
        <Select
          id="f-urgency"
          allowClear
          placeholder={speak('all')}
          options={[1, 2, 3, 4].map((value) => ({
            value,
            label: names.code('urgency', value),
          }))}
          value={filters.urgency}
          onChange={(urgency?: number) => set({ urgency })}
        />
      </Labelled>
      <Labelled id="f-region" label={speak('region')}>
        <RegionFields
          id="f-region"
          withStreet={false}
          cityAsPrefix
          allowClear
          placeholder={speak('all')}
          value={filters.region}
          onChange={(region) => set({ region })}
        />
      </Labelled>
      <Labelled id="f-mark" label={speak('mark')}>
        <Select
          id="f-mark"
          allowClear
          placeholder={speak('all')}
          options={MARKS.map((value) => ({ value, label: speak(value) }))}
          value={filters.mark}
          onChange={(mark?: Filters['mark']) => set({ mark })}
        />
      </Labelled>
      {open ? <LaterFilters filters={filters} set={set} /> : null}
      <div className="filters__buttons">
        <Button type="text" onClick={() => setOpen(!open)} aria-expanded={open}>
          {speak(open ? 'fewer' : 'more')}
        </Button>
        {Object.keys(filters).length > 0 ? <Button onClick={() => onChange({})}>{speak('clear')}</Button> : null}
      </div>
    </div>
  );
}

function LaterFilters({ filters, set }: { filters: Filters; set: (part: Part) => void }) {
  const speak = useWords(listText);
  const names = useNames();
  return (
    <>
      <Labelled id="f-category" label={speak('category')}>
        <CategorySelect id="f-category" placeholder={speak('all')} value={filters.category} onChange={(category) => set({ category })} />
      </Labelled>
      <Labelled id="f-unit" label={speak('unit')}>
        <UnitPicker id="f-unit" value={filters.unit} onChange={(unit) => set({ unit })} />
      </Labelled>
      <Labelled id="f-channel" label={speak('channel')}>
        <Select
          id="f-channel"
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={speak('all')}
          options={names.codes('channel')}
          value={filters.channel}
          onChange={(channel?: string) => set({ channel })}
        />
      </Labelled>
      <TypedFilter name="number" label={speak('number')} value={filters.number} onSettle={(number) => set({ number })} />
      <Labelled id="f-from" label={`${speak('dates')} ${speak('from')}`}>
        <Input id="f-from" type="date" value={filters.from ?? ''} onChange={(event) => set({ from: event.target.value || undefined })} />
      </Labelled>
      <Labelled id="f-to" label={`${speak('dates')} ${speak('to')}`}>
        <Input id="f-to" type="date" value={filters.to ?? ''} onChange={(event) => set({ to: event.target.value || undefined })} />
      </Labelled>
      <Labelled id="f-due" label={speak('dueDay')}>
        <Input id="f-due" type="date" value={filters.due ?? ''} onChange={(event) => set({ due: event.target.value || undefined })} />
      </Labelled>
      <Labelled id="f-sort" label={speak('sort')}>
        <Select
          id="f-sort"
          allowClear
          placeholder={speak('newest')}
          options={(['newest', 'due'] as const).map((value) => ({ value, label: speak(value) }))}
          value={filters.sort}
          onChange={(sort: Filters['sort']) => set({ sort })}
        />
      </Labelled>
    </>
  );
}

function Labelled({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return (
    <div className="filters__field">
      <label htmlFor={id}>{label}</label>
      {children}
    </div>
  );
}

/** Typed words reach the address when the typing is over: by Enter, or on leaving the field. */
function TypedFilter({
  name,
  label,
  value,
  onSettle,
}: {
  name: string;
  label: string;
  value: string | undefined;
  onSettle: (value: string | undefined) => void;
}) {
  const [{ typed, of }, setState] = useState({ typed: value ?? '', of: value });
  // Clearing all filters, or the back button, changes the value from outside.
  if (of !== value) setState({ typed: value ?? '', of: value });
  const setTyped = (next: string) => setState({ typed: next, of: value });
  const settle = () => {
    const next = typed.trim() || undefined;
    if (next !== value) onSettle(next);
  };
  return (
    <Labelled id={`f-${name}`} label={label}>
      <Input
        id={`f-${name}`}
        maxLength={name === 'q' ? 50 : 40}
        allowClear
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          if (!event.target.value && value) onSettle(undefined);
        }}
        onPressEnter={settle}
        onBlur={settle}
      />
    </Labelled>
  );
}
