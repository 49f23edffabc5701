/** Prepares what every database test shares. */
export async function setup(): Promise<void> {}
