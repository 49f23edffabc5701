import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readKeyring, type Config } from '#server/platform/config/config.ts';
import { createCrypto } from '#server/platform/crypto/crypto.ts';
import { LOGINS, newSecrets, SECRETS_FILE, writeSecrets, type Secrets } from '#server/platform/db/embedded.ts';
import { openFiles } from '#server/platform/files/files.ts';
import { backupsAt, readManifest, type Manifest } from './manifest.ts';
import { prove, type Finding } from './proof.ts';
import { restore } from './restore.ts';
import { embeddedSource, outsideSource, withClient } from './source.ts';
import { verifyLog } from './verify.ts';

export const RESTORE_USAGE = `npm run admin -- restore --into FOLDER [--backup ID|latest] [--to INSTANT] [--site first|second]
                                                    restores a backup to an instant; needs the site and the keyring only`;

/**
 * Restores a backup into a folder while the platform itself may be gone; gives the exit code.
 *
 * What comes out is a cluster at rest. One of the embedded database gets new passwords and opens with `MINSHENG_DATA` at the folder.
 */
export async function restoreCommand(config: Config, words: readonly string[], say: (line: string) => void): Promise<number> {
  const { values: given } = parseArgs({
    args: [...words],
    options: {
      backup: { type: 'string', default: 'latest' },
      to: { type: 'string' },
      into: { type: 'string' },
      site: { type: 'string', default: 'first' },
    },
  });
  const target = given.to ? new Date(given.to) : null;
  const place = given.site === 'second' ? config.backup.second : config.backup.first;
  if (!given.into || !place || (target && Number.isNaN(target.getTime()))) {
    say(RESTORE_USAGE);
    return 2;
  }
  const into = resolve(given.into);
  if (existsSync(into) && readdirSync(into).length > 0) {
    say(`${into} is not empty.`);
    return 1;
  }
  const files = openFiles(place);
  const crypto = createCrypto(config.suite, readKeyring(config.keyringPath));
  const manifest = await chosen(given.backup, target);
  if (!manifest) {
    say(`There is no such backup${target ? ` that ended before ${target.toISOString()}` : ''}.`);
    return 1;
  }
  say(`Backup ${manifest.id} of ${manifest.endedAt}, ${manifest.files.length} files.`);
  for (const { kind, object } of await verifyLog(manifest, files, crypto, 'own')) {
    say(`${object}: ${kind}`);
    return 1;
  }
  mkdirSync(into, { recursive: true, mode: 0o755 });
  const source =
    manifest.source === 'embedded' ? embeddedSource({ url: '', cluster: '', spool: '' }) : outsideSource({ ...config.backup, url: '' });
  const restored = await restore({
    manifest,
    files,
    crypto,
    target,
    into,
    durable: true,
    programs: await source.programs(manifest.version),
  });
  say(`Fetched in ${restored.fetchSeconds} s, recovered in ${restored.recoverSeconds} s by ${restored.segments} segments.`);
  say(`The last commit in it is of ${restored.lastCommitAt?.toISOString() ?? 'the backup itself'}.`);
  let faults = 0;
  try {
    await prove({
      ...manifest,
      urlOf: restored.urlOf,
      origin: null,
      step: async (name, work) => {
        const found: Finding = await work();
        faults += found.faults.length;
        say(`${name}: ${found.faults.length > 0 ? found.faults.join('; ') : 'good'} ${JSON.stringify(found.figures)}`);
      },
    });
    if (manifest.source === 'embedded') await newPasswords(restored.urlOf('postgres'), join(into, SECRETS_FILE));
  } finally {
    await restored.stop();
  }
  say(
    manifest.source === 'embedded'
      ? `Put the keyring into ${into} as keyring.json (or name it by MINSHENG_KEYRING) and start with MINSHENG_DATA=${into}.`
      : `The cluster lies in ${restored.cluster}; its server's own configuration decides where it listens.`,
  );
  return faults > 0 ? 1 : 0;

  async function chosen(id: string, before: Date | null): Promise<Manifest | null> {
    const ids = await backupsAt(files);
    if (id !== 'latest') return ids.includes(id) ? (await readManifest(files, crypto, id)).manifest : null;
    for (const one of ids.toReversed()) {
      const { manifest: found } = await readManifest(files, crypto, one);
      if (!before || new Date(found.endedAt) <= before) return found;
    }
    return null;
  }
}

/** Passwords are no part of a backup: the log-ins of the restored cluster get new ones. */
async function newPasswords(url: string, file: string): Promise<void> {
  const secrets = newSecrets();
  await withClient(url, async (client) => {
    for (const [who, secret] of Object.entries(secrets) as [keyof Secrets, string][])
      await client.query(`alter role ${LOGINS[who]} password ${client.escapeLiteral(secret)}`);
  });
  writeSecrets(file, secrets);
}
