import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '#server/platform/maintenance.ts';
import { sbomOf, type PackageLock } from './sbom.rules.ts';

/** What this build was made of. */
export const ownLock = async () => JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as PackageLock;

/** The bill of materials of this build. */
export async function ownSbom(at: Date): Promise<ReturnType<typeof sbomOf>> {
  return sbomOf(await ownLock(), at);
}
