/** Keeps the processor busy for so long, under a name that a profile is to tell. */
export function burnInSight(ms: number): number {
  const untilMs = performance.now() + ms;
  let sum = 0;
  while (performance.now() < untilMs) for (let i = 0; i < 10_000; i++) sum += Math.sqrt(i);
  return sum;
}
