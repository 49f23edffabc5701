export async function buildApps(say: (line: string) => void): Promise<void> {
  say('apps: pending');
}
