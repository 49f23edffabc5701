import { resolve } from 'node:path';
import type { App } from './app.ts';
import { RESTORE_USAGE } from './modules/operations/index.ts';
import { newSecret } from './platform/crypto/crypto.ts';
import { writeKeyring } from './platform/config/config.ts';
import { verifyChain } from './platform/audit/audit.ts';
import { SYSTEM } from './platform/db/db.ts';

const USAGE = `npm run admin -- keyring FILE                       writes a new keyring; keep a copy in a safe place
npm run admin -- first-administrator LOGIN NAME     makes the first administrator and prints a one-time password
npm run admin -- verify-audit                       computes the whole audit chain anew
${RESTORE_USAGE}`;

/** The commands of who runs the machine; gives the exit code. */
export async function adminCommand(app: App | null, words: readonly string[], say: (line: string) => void): Promise<number> {
  const [name, ...rest] = words;
  if (name === 'keyring' && rest[0]) {
    const path = resolve(rest[0]);
    writeKeyring(path);
    say(`Keyring written to ${path}. Whoever loses it loses every contact; whoever has it reads them.`);
    return 0;
  }
  if (app && name === 'first-administrator' && rest[0] && rest[1]) {
    const password = newSecret(12);
    const input = {
      login: rest[0].toLowerCase(),
      name: rest[1],
      roles: ['system-admin'] as const,
      scope: 'operations',
      region: null,
      unitCode: null,
    };
    if (!/^[a-z][a-z0-9.-]{2,39}$/.test(input.login)) {
      say('The login has 3 to 40 characters: lower-case letters, digits, dot, dash, a letter first.');
      return 2;
    }
    if (await app.identity.hasAccounts()) {
      say('There are accounts already: an administrator opens further ones in the console.');
      return 1;
    }
    await app.identity.addAccount({ ...input, password, mustChangePassword: true, at: new Date() });
    say(`Login ${input.login}, one-time password ${password} (must be changed at the first log-in; shown this once).`);
    return 0;
  }
  if (app && name === 'verify-audit') {
    const verdict = await verifyChain(app.db, SYSTEM);
    say(
      verdict.ok
        ? `The chain holds: ${verdict.checked} entries, ${verdict.unsealed} not sealed yet.`
        : `The chain is broken at ${verdict.fault?.seq}: ${verdict.fault?.what} (${verdict.fault?.entryId})`,
    );
    return verdict.ok ? 0 : 1;
  }
  say(USAGE);
  return 2;
}
