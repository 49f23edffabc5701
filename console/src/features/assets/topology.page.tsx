import { ASSET_KINDS, type TopologyNode } from '#contracts/operations/assets.api.ts';
import { above, layersOf, type Relation } from '#contracts/operations/topology.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import { Page, Panel } from '../../parts/page.tsx';
import { AssetLinks, HealthTag, topologyQuery } from './asset-words.tsx';
import { assetsText } from './assets.text.ts';

/** What stands on what, layer by layer, in the colours of what is wrong now. */
export function TopologyPage() {
  const speak = useWords(assetsText);
  const topology = useQuery(topologyQuery);
  const nodes = topology.data?.nodes ?? [];
  const relations = topology.data?.relations ?? [];
  const related = new Set(relations.flatMap(({ upper, lower }) => [upper, lower]));
  const layers = layersOf(
    nodes.flatMap(({ key }) => (related.has(key) ? [key] : [])),
    relations,
  );
  const alone = nodes.filter(({ key }) => !related.has(key));
  const byKey = new Map(nodes.map((one) => [one.key, one]));
  return (
    <Page title={speak('topology')} note={<span>{speak('topologyNote')}</span>}>
      {topology.error ? <ProblemAlert error={topology.error} onRetry={() => void topology.refetch()} /> : null}
      {topology.isPending ? <Skeleton active paragraph={{ rows: 8 }} title={false} /> : null}
      {topology.data && nodes.length === 0 ? (
        <Panel>
          <EmptyState title={speak('noTopology')} />
        </Panel>
      ) : null}
      {layers.length > 0 ? (
        <Panel>
          <Picture layers={layers} byKey={byKey} relations={relations} />
          <div className="topology__list">
            {layers.map((layer) => (
              <AssetLinks key={layer[0]} items={layer.map((key) => byKey.get(key)!)} empty="" />
            ))}
          </div>
        </Panel>
      ) : null}
      {alone.length > 0 ? (
        <Panel title={speak('alone')}>
          <AssetLinks items={alone} empty="" />
        </Panel>
      ) : null}
    </Page>
  );
}

const WIDTH = 1120;
const BOX = { width: 164, height: 52, gapX: 18, gapY: 44 };
const PER_ROW = Math.floor((WIDTH + BOX.gapX) / (BOX.width + BOX.gapX));

interface Placed {
  readonly node: TopologyNode;
  readonly x: number;
  readonly y: number;
}

/** Where each box stands: layers from the top down, a full one over several rows, each row in the middle. */
function placesOf(
  layers: readonly (readonly string[])[],
  byKey: ReadonlyMap<string, TopologyNode>,
): { placed: Map<string, Placed>; height: number } {
  const placed = new Map<string, Placed>();
  let y = 0;
  for (const layer of layers) {
    for (let from = 0; from < layer.length; from += PER_ROW) {
      const row = layer.slice(from, from + PER_ROW);
      const left = (WIDTH - row.length * (BOX.width + BOX.gapX) + BOX.gapX) / 2;
      for (const [place, key] of row.entries()) placed.set(key, { node: byKey.get(key)!, x: left + place * (BOX.width + BOX.gapX), y });
      y += BOX.height + (from + PER_ROW < layer.length ? 12 : BOX.gapY);
    }
  }
  return { placed, height: y - BOX.gapY };
}

function Picture({
  layers,
  byKey,
  relations,
}: {
  layers: readonly (readonly string[])[];
  byKey: ReadonlyMap<string, TopologyNode>;
  relations: readonly Relation[];
}) {
  const speak = useWords(assetsText);
  const tell = useSay();
  const { placed, height } = placesOf(layers, byKey);
  const failing = [...byKey.values()].filter(({ health }) => health === 'bad');
  const reached = new Set(failing.flatMap(({ key }) => [...above(relations, key)]));
  return (
    <div
      className="topology"
      role="group"
      aria-label={speak('picture', { count: byKey.size, relations: relations.length, bad: failing.length })}
    >
      <div className="topology__sheet" style={{ width: WIDTH, height }}>
        <svg width={WIDTH} height={height} aria-hidden="true">
          {relations.map(({ upper, lower }) => {
            const [from, to] = [placed.get(upper), placed.get(lower)];
            if (!from || !to) return null;
            const [x1, y1, x2, y2] = [from.x + BOX.width / 2, from.y + BOX.height, to.x + BOX.width / 2, to.y];
            const middle = (y1 + y2) / 2;
            // What passes a layer goes around its boxes.
            const aside = y2 - y1 > BOX.gapY ? BOX.width : 0;
            return (
              <path
                key={`${upper}>${lower}`}
                className={to.node.health === 'bad' || reached.has(lower) ? 'topology__way topology__way--bad' : 'topology__way'}
                d={`M${x1} ${y1} C${x1 + aside} ${middle} ${x2 + aside} ${middle} ${x2} ${y2}`}
              />
            );
          })}
        </svg>
        {[...placed.values()].map(({ node, x, y }) => (
          <Link
            key={node.key}
            to="/assets/$key"
            params={{ key: node.key }}
            className={`topology__box topology__box--${node.health === 'good' && reached.has(node.key) ? 'reached' : node.health}`}
            style={{ left: x, top: y, width: BOX.width, height: BOX.height }}
            title={node.key}
          >
            <b>{node.name}</b>
            <span>
              {tell(ASSET_KINDS[node.kind])}{' '}
              {node.health === 'good' ? reached.has(node.key) ? speak('reached') : null : <HealthTag health={node.health} />}
            </span>
          </Link>
        ))}
      </div>
    </div>
  );
}
