import type { SloState } from '#contracts/operations/slo.api.ts';

const [WIDTH, HEIGHT] = [160, 32];

/** What was left of a budget at the end of each day of a month, between all of it and none; what is overspent lies on the floor. */
export function BudgetCurve({ month, curve, label }: { month: string; curve: SloState['curve']; label: string }) {
  if (curve.length === 0) return <span className="quiet">—</span>;
  const days = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
  const points = curve.map(({ day, left }) => ({
    x: (Number(day.slice(8)) / days) * WIDTH,
    y: (1 - Math.min(1, Math.max(0, left))) * (HEIGHT - 2) + 1,
  }));
  const last = points.at(-1)!;
  return (
    <svg className="slo__curve" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <title>{label}</title>
      <line x1={0} x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} className="slo__floor" />
      <polyline points={[{ x: 0, y: 1 }, ...points].map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} className="slo__line" />
      <circle cx={last.x} cy={last.y} r={2} className="slo__now" />
    </svg>
  );
}
