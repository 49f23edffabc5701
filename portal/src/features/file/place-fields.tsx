import type { Region } from '#contracts/reference/reference.api.ts';
import { referenceApi } from '#contracts/reference/reference.api.ts';
import { call } from '#ui/api/client.ts';
import { citiesOf, countiesOf } from '#ui/regions.ts';
import { useWords } from '#ui/text.ts';
import { useEffect, useState } from 'react';
import { Field } from '../../parts/field.tsx';
import type { Draft } from './draft.ts';
import type { FieldName } from './file.checks.ts';
import { fileText } from './file.text.ts';

export interface PartProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly faults: Partial<Record<FieldName, string>>;
}

export function PlaceFields({ draft, change, faults }: PartProps) {
  const speak = useWords(fileText);
  const { regions, failed, reload } = useRegions();
  const streets = useStreets(draft.county);
  return (
    <div role="group" aria-labelledby="place-title">
      <h2 id="place-title">{speak('place')}</h2>
      {failed ? (
        <p className="field__error" role="alert">
          {speak('dictionaryFailed')}{' '}
          <button type="button" className="link" onClick={reload}>
            {speak('reload')}
          </button>
        </p>
      ) : null}
      <div className="pair">
        <Field id="city" label={speak('city')} error={faults.city}>
          {(given) => (
            <select {...given} value={draft.city} onChange={(event) => change({ city: event.target.value, county: '', street: '' })}>
              <option value="">{speak('choose')}</option>
              {citiesOf(regions).map(optionOf)}
            </select>
          )}
        </Field>
        <Field id="county" label={speak('county')} error={faults.county}>
          {(given) => (
            <select
              {...given}
              value={draft.county}
              disabled={!draft.city}
              onChange={(event) => change({ county: event.target.value, street: '' })}
            >
              <option value="">{speak('choose')}</option>
              {countiesOf(regions, draft.city).map(optionOf)}
              {draft.city ? <option value={draft.city}>{speak('wholeCity')}</option> : null}
            </select>
          )}
        </Field>
      </div>
      {streets.length > 0 ? (
        <Field id="street" label={speak('street')} optional={speak('optional')}>
          {(given) => (
            <select {...given} value={draft.street} onChange={(event) => change({ street: event.target.value })}>
              <option value="">{speak('choose')}</option>
              {streets.map(optionOf)}
            </select>
          )}
        </Field>
      ) : null}
      <Field id="address" label={speak('address')} hint={speak('addressHint')} optional={speak('optional')} error={faults.address}>
        {(given) => (
          <input
            {...given}
            maxLength={200}
            autoComplete="off"
            value={draft.address}
            onChange={(event) => change({ address: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function optionOf({ code, name }: Region) {
  return (
    <option key={code} value={code}>
      {name}
    </option>
  );
}

function useRegions(): { regions: readonly Region[]; failed: boolean; reload: () => void } {
  const [regions, setRegions] = useState<readonly Region[]>([]);
  const [failed, setFailed] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    call(referenceApi.dictionary, {}, { signal: abort.signal })
      .then((dictionary) => {
        setRegions(dictionary.regions);
        setFailed(false);
      })
      .catch(() => {
        if (!abort.signal.aborted) setFailed(true);
      });
    return () => abort.abort();
  }, [round]);
  return { regions, failed, reload: () => setRound(round + 1) };
}

function useStreets(county: string): readonly Region[] {
  const [found, setFound] = useState<{ county: string; items: readonly Region[] }>();
  useEffect(() => {
    if (county.length !== 6 || county.endsWith('00')) return undefined;
    const abort = new AbortController();
    call(referenceApi.streets, { query: { county } }, { signal: abort.signal })
      .then(({ items }) => setFound({ county, items }))
      // The street is optional: without its list the form goes on.
      .catch(() => undefined);
    return () => abort.abort();
  }, [county]);
  return found?.county === county ? found.items : [];
}
