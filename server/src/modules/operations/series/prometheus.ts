import { Type, type Static, type TSchema } from 'typebox';
import { Check } from 'typebox/value';
import type { SeriesLine } from '#contracts/operations/series.api.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { labelText, STEP_MS, type Labels } from './series.rules.ts';
import type { NewSeries } from './series.store.ts';
import type { Step } from './series.views.ts';

const TIMEOUT_MS = 10_000;
/** Series of one listing at most; a Prometheus may know hundreds of thousands. */
const SERIES_AT_MOST = 2000;
/** What told nothing for so long is not listed. */
const KNOWN_S = 3600;

/** A Prometheus that is set stands in for what the platform stores itself. */
export interface Prometheus {
  /** The series whose names begin so, as far as they told something within the hour. */
  list(prefix: string): Promise<NewSeries[]>;
  /** One series over [from, to), in spans of `stepMs`. */
  read(id: number, series: { name: string; labels: Labels }, fromMs: number, toMs: number, stepMs: Step): Promise<SeriesLine>;
}

const Matrix = Type.Object({ result: Type.Array(Type.Object({ values: Type.Array(Type.Tuple([Type.Number(), Type.String()])) })) });
const Found = Type.Array(Type.Record(Type.String(), Type.String()));

/** @throws Refusal `operations.prometheus-silent` where it does not answer, or not as one does */
export function createPrometheus(url: string): Prometheus {
  async function ask<T extends TSchema>(path: string, query: Record<string, string>, shape: T): Promise<Static<T>> {
    const answer = await fetch(new URL(`api/v1/${path}?${new URLSearchParams(query).toString()}`, url.endsWith('/') ? url : `${url}/`), {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
      .then((response) => response.json() as Promise<{ data?: unknown }>)
      .catch(() => null);
    if (!answer || !Check(shape, answer.data)) throw new Refusal({ code: 'operations.prometheus-silent' });
    return answer.data as Static<T>;
  }

  return {
    async list(prefix) {
      const nowS = Date.now() / 1000;
      const name = `{__name__=~"${prefix}.*"${prefix ? '' : ',__name__!=""'}}`;
      const found = await ask('series', { 'match[]': name, start: String(nowS - KNOWN_S), end: String(nowS) }, Found);
      return found.slice(0, SERIES_AT_MOST).map(({ __name__: metric = '', ...labels }) => ({
        name: metric,
        labels: labelText(labels),
        kind: /_(total|bucket|sum|count)$/.test(metric) ? 'counter' : 'gauge',
      }));
    },
    async read(id, { name, labels }, fromMs, toMs, stepMs) {
      const selector = `${name}{${labelText(labels)}}`;
      const range = `[${stepMs / 1000}s]`;
      // A span is asked for at its end, over its length; single readings are as they are.
      const shiftMs = stepMs === STEP_MS ? 0 : stepMs;
      const line = async (over: string) => {
        const { result } = await ask(
          'query_range',
          {
            query: shiftMs === 0 ? selector : `${over}_over_time(${selector}${range})`,
            start: String((fromMs + shiftMs) / 1000),
            end: String((toMs - 1 + shiftMs) / 1000),
            step: String(stepMs / 1000),
          },
          Matrix,
        );
        return new Map((result[0]?.values ?? []).map(([atS, value]) => [atS * 1000 - shiftMs, Number(value)]));
      };
      const mean = await line('avg');
      const [least, greatest, last] =
        shiftMs === 0 ? [mean, mean, mean] : await Promise.all((['min', 'max', 'last'] as const).map((over) => line(over)));
      const told = [...mean.keys()].filter((atMs) => Number.isFinite(mean.get(atMs)));
      const column = (of: ReadonlyMap<number, number> | undefined) => told.map((atMs) => of?.get(atMs) ?? mean.get(atMs)!);
      return {
        id,
        at: told.map((atMs) => new Date(atMs).toISOString()),
        least: column(least),
        greatest: column(greatest),
        mean: column(mean),
        last: column(last),
      };
    },
  };
}
