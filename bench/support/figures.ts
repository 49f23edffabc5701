/** Latencies in milliseconds and the span they were measured over, as a row of figures. */
export interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly count: number;
}

export function figuresOf(latenciesMs: readonly number[], spanMs: number): Figures {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { perSecond: round((sorted.length / spanMs) * 1000), p50Ms: round(at(0.5)), p99Ms: round(at(0.99)), count: sorted.length };
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** Runs `clients` workers for `seconds`, each doing `once` over and over; a worker gets its number. */
export async function drive(clients: number, seconds: number, once: (client: number, turn: number) => Promise<void>): Promise<Figures> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let turn = 0; performance.now() < end; turn++) {
        const from = performance.now();
        await once(client, turn);
        latencies.push(performance.now() - from);
      }
    }),
  );
  return figuresOf(latencies, performance.now() - start);
}

/** The line every bench ends with. */
export function report(name: string, figures: unknown, limits: unknown, ratios: unknown): void {
  console.log(JSON.stringify({ name, figures, limits, ratios }));
}
