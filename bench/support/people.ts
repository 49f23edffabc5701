import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { Role } from '#contracts/permissions.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Lab } from './lab.ts';

/** Somebody of the laboratory, with a session that is already open: logging in costs more than what is measured. */
export interface LabPerson {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly scope: 'province' | 'city' | 'unit' | 'operations';
  readonly region: string | null;
  readonly unitCode: string | null;
  readonly cookie: string;
}

/** Writes people and their sessions straight into the database. They can do everything but log in. */
export async function addPeople(lab: Lab, people: readonly Omit<LabPerson, 'id' | 'name' | 'cookie'>[]): Promise<LabPerson[]> {
  const client = new pg.Client({ connectionString: lab.database.ownerUrl });
  await client.connect();
  const made: LabPerson[] = [];
  for (const [index, person] of people.entries()) {
    const token = randomBytes(24).toString('base64url');
    const one = { ...person, id: newId(), name: `人员${index}`, cookie: `ms_session=${token}` };
    await client.query(
      `insert into identity.account (id, login, name, roles, scope, region, unit_code, password_hash, password_changed_at, must_change_password, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, 'none', now(), false, now())`,
      [one.id, `lab.${index}`, one.name, [one.role], one.scope, one.region, one.unitCode],
    );
    await client.query(
      `insert into identity.session (token_hash, account_id, created_at, seen_at, ends_at) values ($1, $2, now(), now(), now() + interval '8 hours')`,
      [createHash('sha256').update(token).digest(), one.id],
    );
    made.push(one);
  }
  await client.end();
  return made;
}

/** Resident memory of a process in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}
