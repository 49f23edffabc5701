import { ASSET_KINDS, assetsApi, HEALTHS, type Health, type TopologyNode } from '#contracts/operations/assets.api.ts';
import { call } from '#ui/api/client.ts';
import { useSay } from '#ui/text.ts';
import { queryOptions } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

const TONES: Readonly<Record<Health, string>> = { good: 'done', warning: 'waiting', bad: 'danger' };

/** How a thing stands, in its colour and in words. */
export function HealthTag({ health }: { health: Health }) {
  const tell = useSay();
  return <span className={`ms-tag ms-tag--${TONES[health]}`}>{tell(HEALTHS[health])}</span>;
}

/** Things with their kind and state, each leading to its page. */
export function AssetLinks({ items, empty }: { items: readonly TopologyNode[]; empty: string }) {
  const tell = useSay();
  if (items.length === 0) return <p className="quiet">{empty}</p>;
  return (
    <ul className="record__links">
      {items.map((one) => (
        <li key={one.key}>
          <span className="quiet">{tell(ASSET_KINDS[one.kind])}</span>{' '}
          <Link to="/assets/$key" params={{ key: one.key }}>
            {one.name}
          </Link>{' '}
          {one.health === 'good' ? null : <HealthTag health={one.health} />}
        </li>
      ))}
    </ul>
  );
}

export const topologyQuery = queryOptions({
  queryKey: ['assets', 'topology'],
  queryFn: ({ signal }) => call(assetsApi.topology, {}, { signal }),
  refetchInterval: 15_000,
});

export const assetQuery = (key: string) =>
  queryOptions({
    queryKey: ['assets', 'one', key],
    queryFn: ({ signal }) => call(assetsApi.byKey, { params: { key } }, { signal }),
    refetchInterval: 15_000,
  });
