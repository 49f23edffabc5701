import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppealInput } from '#contracts/appeals/appeals.api.ts';
import type { InputOf } from '../modules/orders/index.ts';
import { permissionsOf, type Role } from '#contracts/permissions.ts';
import type { OrderAction } from '#contracts/orders/orders.lifecycle.ts';
import type { App } from '../app.ts';
import { settableClock } from '../kernel/clock.ts';
import { Refusal } from '../kernel/decision.ts';
import { citizen, PLATFORM, type Actor } from '../platform/actor.ts';
import { codeRange, SYSTEM } from '../platform/db/db.ts';
import { readSetting, writeSetting } from '../platform/db/settings.ts';
import { draftForProvince, objectInSuzhou, tightenSuzhou } from './norms.ts';
import { liveOperations, rosterOfDemo } from './operations.ts';
import { DEMO_PASSWORD, peopleOfDemo, type DemoPerson } from './people.ts';
import { photographOf } from './pictures.ts';

const FOLDER = join(import.meta.dirname, '../../db/demo');
const DAYS = 60;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** So that every desk of every city has work today, the last appeals of a city stop on their way, at these ages. */
const STOPS: readonly { before: readonly OrderAction[]; ageMs: number }[] = [
  { before: ['accept'], ageMs: 1.5 * HOUR },
  { before: ['accept'], ageMs: 20 * MINUTE },
  { before: ['dispatch', 'answer'], ageMs: 11 * MINUTE },
  { before: ['dispatch', 'answer'], ageMs: 45 * MINUTE },
  { before: ['sign'], ageMs: 5 * HOUR },
  { before: ['reply'], ageMs: 2.5 * DAY },
  { before: ['pass', 'fail'], ageMs: 5.2 * DAY },
  { before: ['attempt', 'conclude'], ageMs: 6 * DAY },
  { before: ['conclude'], ageMs: 7.5 * DAY },
];

/** An appeal of our own writing, with how it goes on. */
interface DemoAppeal {
  region: string;
  street: string | null;
  address: string;
  channel: string;
  type: AppealInput['type'];
  category: string;
  urgency: number;
  title: string;
  content: string;
  expectation: string;
  caller: { name: string; gender: '1' | '2'; phone: string; kind: '1' | '2' } | null;
  anonymous: boolean;
  confidential: boolean;
  reply: { text: string; basis: string; result_type: InputOf<'reply'>['resultType'] };
  direct_answer: string | null;
  progress: string;
  rating: { satisfaction: number; solved: '1' | '2' | '3'; comment: string };
}

/**
 * On an empty data folder: people of every role, and some three hundred appeals over the last sixty days that were
 * taken through their lives by the same services that serve requests, each at its own instant. Goes on where a killed
 * start left off.
 */
export async function seedDemo(app: App, say: (line: string) => void): Promise<{ password: string; people: readonly DemoPerson[] }> {
  const appeals = readFileSync(join(FOLDER, 'appeals.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DemoAppeal);
  const unitCodes = await Promise.all(
    appeals.map(async (appeal) => (await app.reference.suggestUnits(appeal.category, appeal.region))[0]!.unit.code),
  );
  const units = [...new Set(unitCodes)].toSorted();
  // The handlers whose log-ins are printed are those of Nanjing who have something on their desks.
  const busyUnits = unitCodes.filter(
    (_, index) =>
      appeals[index]!.region.startsWith('3201') && stopOf(appeals, index)?.before.some((action) => action === 'sign' || action === 'reply'),
  );
  const people = peopleOfDemo(
    JSON.parse(readFileSync(join(FOLDER, 'names.json'), 'utf8')) as { staff: string[] },
    units,
    busyUnits,
    (code) => app.reference.unitName(code) ?? code,
  );
  const shown = people.filter((person) => person.shown);
  const setting = await app.db.transact(SYSTEM, (tx) => readSetting(tx, 'demo.next'));
  let next = Number(setting ?? 0);
  if (next >= appeals.length) return { password: DEMO_PASSWORD, people: shown };

  if (setting === null) {
    say(`Loading the demo: ${people.length} people ...`);
    await app.identity.addAccounts(
      people.map((person) => ({ ...person, at: new Date() })),
      DEMO_PASSWORD,
    );
  }
  const startMs = Date.now();
  // How many go their whole way; the others stop on the desks of the thirteen cities.
  const finished = appeals.length - 13 * STOPS.length;
  const clock = settableClock(startMs);
  const services = app.servicesAt(clock);
  const byRole = (role: Role, place: { unit?: string; city?: string }) => actorOf(people, role, place);
  if (setting === null) await tightenSuzhou(services.norms, clock, startMs, byRole);
  for (; next < appeals.length; next++) {
    const appeal = appeals[next]!;
    const random = randomFrom(next + 1);
    const stop = stopOf(appeals, next);
    const age = stop
      ? stop.ageMs * (0.8 + random() * 0.4)
      : 2 * DAY + (DAYS - 2) * DAY * Math.max(0, 1 - next / finished) + random() * 6 * HOUR;
    // Marked before it is lived: a start that is killed meanwhile leaves one half-lived, and none twice.
    await app.db.transact(SYSTEM, (tx) => writeSetting(tx, 'demo.next', String(next + 1)));
    await live(appeal, stop ? startMs - age : atDeskHours(startMs - age, random), random, next, stop?.before ?? []);
    if ((next + 1) % 60 === 0) say(`  ${next + 1} of ${appeals.length} appeals`);
  }
  clock.set(startMs);
  await draftForProvince(app, services.norms, byRole);
  await objectInSuzhou(app, startMs);
  await liveOperations(app.db, app.operations.recordsAt(clock), clock, startMs, byRole);
  await rosterOfDemo(app.operations.duty, startMs, byRole);
  return { password: DEMO_PASSWORD, people: shown };

  /** Takes one appeal as far as it would have come by now. */
  async function live(
    appeal: DemoAppeal,
    filedMs: number,
    random: () => number,
    index: number,
    stopBefore: readonly OrderAction[],
  ): Promise<void> {
    let atMs = Math.min(filedMs, startMs - 4 * MINUTE);
    const city = `${appeal.region.slice(0, 4)}00`;
    const as = (role: Role, place: { unit?: string } = {}) => actorOf(people, role, place.unit ? { unit: place.unit } : { city });
    const isOnDesk = stopBefore.length > 0;
    const waits = stopBefore.includes('accept');
    const byPhone = !waits && (appeal.channel === '01' || appeal.channel === '12');
    const portal = waits || appeal.channel === '03' || appeal.channel === '05';
    const input: AppealInput = {
      type: appeal.type,
      region: appeal.street ?? appeal.region,
      address: appeal.address,
      title: appeal.title,
      content: appeal.content,
      channel: appeal.channel,
      category: appeal.category,
      urgency: appeal.urgency,
      anonymous: appeal.anonymous,
      confidential: appeal.confidential,
      accept: byPhone,
      ...(appeal.expectation ? { expectation: appeal.expectation } : {}),
      ...(appeal.caller ? { contact: appeal.caller } : {}),
    };
    clock.set(atMs);
    const { channel: _channel, accept: _accept, urgency: _urgency, ...said } = input;
    // Some of those on the desks come with a photograph.
    const withPhoto = ['accept', 'reply', 'pass'].some((action) => stopBefore[0] === action);
    const attachments = withPhoto ? [await photographOf(app.attachments, citizen(null), index, atMs)] : [];
    const filed = portal
      ? await services.appeals.fileOnPortal(citizen(null), { ...said, attachments }, null)
      : await services.appeals.file(as('agent'), { ...input, attachments }, null);

    /** Takes an action after a while; false when that lies in the future, or the order is no longer where it was. */
    const then = async <A extends OrderAction>(afterMs: number, actor: Actor, action: A, given: InputOf<A>): Promise<boolean> => {
      atMs += Math.round(afterMs * (0.6 + random() * 0.8));
      if (atMs > startMs || stopBefore.includes(action)) return false;
      clock.set(atMs);
      try {
        const { approval } = await services.orders.act(actor, filed.id, action, null, given);
        // What takes two people is decided by the one beside.
        if (approval) {
          const decider = action === 'return' || action === 'withdraw' ? as('dispatcher') : as('reviewer');
          clock.set(Math.min(atMs + 3 * MINUTE, startMs));
          await services.orders.decide(decider, approval, 'approve', '同意');
        }
        return true;
      } catch (error) {
        if (error instanceof Refusal) return false;
        throw error;
      }
    };

    /** Leaves a request on the desk of who decides. */
    const ask = async <A extends OrderAction>(actor: Actor, action: A, given: InputOf<A>): Promise<void> => {
      clock.set(startMs - 2 * MINUTE);
      await services.orders.act(actor, filed.id, action, null, given).catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
      });
    };

    if (!byPhone && !(await then(50 * MINUTE, as('agent'), 'accept', { category: appeal.category }))) return;
    if (index % 47 === 20 && !isOnDesk) {
      const script =
        app.reference.code('refusal_reason', 'N2')?.extra?.['script_zh'] ??
        '该事项须通过诉讼、仲裁或者行政复议等法定途径解决，请向有管辖权的机关提出。';
      await then(30 * MINUTE, as('team-lead'), 'refuse', { reason: 'N2', explanation: script });
      return;
    }
    if (appeal.direct_answer && !isOnDesk && (byPhone || index % 3 === 0)) {
      if (!(await then(4 * MINUTE, as('agent'), 'answer', { text: appeal.direct_answer, basis: appeal.reply.basis }))) return;
    } else {
      const unit = unitCodes[index]!;
      if (
        !(await then(9 * MINUTE, as('dispatcher'), 'dispatch', {
          unit,
          category: appeal.category,
          opinion: '请依法依规办理，及时联系诉求人。',
        }))
      )
        return;
      if (
        index % 61 === 30 &&
        !isOnDesk &&
        (await then(5 * HOUR, as('dispatcher'), 'cancel', { reason: '诉求人来电表示已自行协商解决，申请撤销。' }))
      )
        return;
      if (stopBefore.includes('sign') && index % 3 === 0) {
        await ask(as('handler', { unit }), 'return', {
          reason: 'R1',
          legalBasis: '本单位机构编制规定未列此项职责',
          opinion: '经核实，该事项不在本单位权责清单之内，建议改派权责清单所列的主管单位。',
        });
        return;
      }
      const slow = isOnDesk ? 1 : index % 9 === 4 ? 6 : index % 5 === 2 ? 2.2 : 1;
      if (!(await then(3 * HOUR * slow, as('handler', { unit }), 'sign', {}))) return;
      if (
        !(await then(5 * HOUR * slow, as('handler', { unit }), 'contact', {
          mode: index % 6 === 0 ? 'visit' : 'phone',
          note: appeal.progress,
        }))
      )
        return;
      if (stopBefore.includes('reply') && index % 2 === 0) {
        await ask(as('handler', { unit }), 'extend', {
          amount: 2,
          reason: '需要委托第三方机构现场检测，检测报告预计两个工作日后出具。',
          informed: true,
        });
        return;
      }
      const reply: InputOf<'reply'> = {
        resultType: appeal.reply.result_type,
        text: appeal.reply.text,
        ...(appeal.reply.basis ? { basis: appeal.reply.basis } : {}),
      };
      if (index % 17 === 8 && !isOnDesk) {
        if (
          !(await then(1.5 * DAY, as('handler', { unit }), 'reply', {
            ...reply,
            text: `${reply.text.slice(0, 24)}……详见附件材料，特此答复。`,
          }))
        )
          return;
        if (!(await then(6 * HOUR, as('reviewer'), 'fail', { fault: 'unclear', opinion: '答复未说明处理结果和依据，请补充后重新提交。' })))
          return;
      }
      if (!(await then(2.2 * DAY * slow, as('handler', { unit }), 'reply', reply))) return;
      if (!(await then(8 * HOUR, as('reviewer'), 'pass', {}))) return;
      if (
        (index % 4 === 1 || stopBefore.includes('conclude')) &&
        !(await then(10 * HOUR, as('follow-up'), 'attempt', { mode: '01', result: '01' }))
      )
        return;
      const verdict = {
        satisfaction: appeal.rating.satisfaction,
        solved: appeal.rating.solved,
        ...(appeal.rating.comment ? { comment: appeal.rating.comment } : {}),
      };
      if (!(await then(20 * HOUR, as('follow-up'), 'conclude', { mode: index % 3 === 0 ? '03' : '01', ...verdict }))) return;
      const isUnhappy = verdict.satisfaction <= 2 || verdict.solved === '3';
      if (isUnhappy) {
        // One of two is handled once more, the other closed as the citizen rated it.
        if (index % 2 === 0) {
          const asked = '诉求人反映问题没有彻底解决，要求重新办理。';
          if (!(await then(2 * HOUR, as('follow-up'), 'redo', { reason: asked }))) return;
          if (!(await then(3 * HOUR, as('handler', { unit }), 'sign', {}))) return;
          if (!(await then(4 * HOUR, as('handler', { unit }), 'contact', { mode: 'visit', note: '已上门核实并说明后续安排' }))) return;
          if (!(await then(1.2 * DAY, as('handler', { unit }), 'reply', reply))) return;
          if (!(await then(5 * HOUR, as('reviewer'), 'pass', {}))) return;
          if (!(await then(20 * HOUR, as('follow-up'), 'conclude', { mode: '01', satisfaction: 4, solved: '1' }))) return;
        } else if (!(await then(1 * HOUR, as('follow-up'), 'close-rated', { opinion: '诉求人表示理解，不要求重办。' }))) return;
      }
    }
    await then(8 * DAY, PLATFORM, 'archive', {});
  }
}

/** Where an appeal stops: the last of a city by their places from the end; the others go their whole way. */
function stopOf(appeals: readonly DemoAppeal[], index: number): (typeof STOPS)[number] | undefined {
  const city = appeals[index]!.region.slice(0, 4);
  return STOPS[appeals.slice(index + 1).filter((later) => later.region.startsWith(city)).length];
}

/** The demo's own people as actors, without logging each of them in; without a place those of the province. */
function actorOf(people: readonly DemoPerson[], role: Role, place: { city?: string; unit?: string }): Actor {
  const person = people.find(
    (candidate) =>
      candidate.roles.includes(role) && candidate.unitCode === (place.unit ?? null) && candidate.region === (place.city ?? null),
  );
  if (!person) throw new Error(`The demo has no ${role} at ${place.unit ?? place.city ?? 'the province'}`);
  const range = codeRange(place.unit ?? (place.city ?? '').slice(0, 4));
  return {
    accountId: person.id,
    name: person.name,
    login: person.login,
    roles: person.roles,
    permissions: permissionsOf(person.roles),
    scopeKind: place.unit ? 'unit' : place.city ? 'city' : 'province',
    scope: place.unit
      ? { role: 'unit', unitLo: range.lo, unitHi: range.hi }
      : place.city
        ? { role: 'city', regionLo: range.lo, regionHi: range.hi }
        : { role: 'province' },
    region: place.city ?? null,
    unitCode: place.unit ?? null,
    sourceSystem: null,
    ip: null,
  };
}

/** Moves an instant into the hours in which most people call. */
function atDeskHours(ms: number, random: () => number): number {
  const beijing = new Date(ms + 8 * HOUR);
  return beijing.getUTCHours() >= 7 ? ms : ms + (8 + random() * 4) * HOUR - beijing.getUTCHours() * HOUR;
}

/** Numbers in [0, 1) that are the same at every start (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
