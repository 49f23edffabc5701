const WIDTH = 120;
const HEIGHT = 24;

/** A small line of values, the oldest first; null where there was none. What it says stands in `label`. */
export function Sparkline({ values, label }: { values: readonly (number | null)[]; label: string }) {
  const greatest = Math.max(1, ...values.map((value) => value ?? 0));
  const step = WIDTH / Math.max(1, values.length - 1);
  const runs = values.reduce<string[]>((paths, value, place) => {
    if (value === null) return paths;
    const point = `${(place * step).toFixed(1)},${(HEIGHT - 1 - (value / greatest) * (HEIGHT - 2)).toFixed(1)}`;
    const goesOn = place > 0 && values[place - 1] !== null;
    return goesOn ? [...paths.slice(0, -1), `${paths.at(-1)!}L${point}`] : [...paths, `M${point}L${point}`];
  }, []);
  return (
    <svg className="sparkline" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <path d={runs.join('')} fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
