import type { Registry } from 'prom-client';
import type { Reading } from './series.service.ts';

/** What a registry of metrics tells now, each series of a histogram or summary under its own name as in the exposition format. */
export async function readRegistry(registry: Registry): Promise<Reading[]> {
  const metrics = await registry.getMetricsAsJSON();
  return metrics.flatMap(({ name, type, values }) => {
    // Buckets, sums and counts only rise, as a counter does.
    const isCounter = String(type) !== 'gauge';
    return values.flatMap((one): Reading[] => {
      const { value, labels, metricName } = one as { value: number; labels: Record<string, string | number>; metricName?: string };
      if (!Number.isFinite(value)) return [];
      const isQuantile = String(type) === 'summary' && metricName === undefined;
      return [
        {
          name: metricName ?? name,
          labels: Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, String(text)])),
          kind: isCounter && !isQuantile ? 'counter' : 'gauge',
          value,
        },
      ];
    });
  });
}
