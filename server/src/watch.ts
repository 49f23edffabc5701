// The outside watcher (dead-man's switch): a small process, best on another machine, that asks the platform whether the
// promises of its clocks are still being audited, and raises an alarm when it hears nothing. It needs no database.
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080/healthz/promises' },
    /** Seconds between two questions. */
    every: { type: 'string', default: '30' },
    /** Seconds without a good answer before the alarm. */
    after: { type: 'string', default: '120' },
    /** Seconds after which an alarm that goes on is raised again. */
    again: { type: 'string', default: '1800' },
    /** Where the alarm is posted as JSON; without it, it is only printed. */
    alarm: { type: 'string' },
  },
});
const seconds = (name: 'every' | 'after' | 'again'): number => {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value > 0) return value * 1000;
  console.error(`--${name} is a number of seconds above 0, not "${values[name]}"`);
  return process.exit(2);
};
const [everyMs, afterMs, againMs] = [seconds('every'), seconds('after'), seconds('again')];

let heardMs = Date.now();
let why = '';
let alarmedMs: number | null = null;
for (;;) {
  why = await fault();
  const nowMs = Date.now();
  if (why === '') {
    heardMs = nowMs;
    if (alarmedMs !== null && (await raise('heard', ''))) alarmedMs = null;
  } else if (nowMs - heardMs >= afterMs && (alarmedMs === null || nowMs - alarmedMs >= againMs)) {
    if (await raise('silent', why)) alarmedMs = nowMs;
  }
  await new Promise((resolve) => setTimeout(resolve, everyMs));
}

/** What is wrong with the answer; empty when it is good. */
async function fault(): Promise<string> {
  try {
    const answer = await fetch(values.url, { signal: AbortSignal.timeout(10_000) });
    return answer.ok ? '' : `${answer.status} ${await answer.text()}`;
  } catch (error) {
    return error instanceof Error
      ? [error.message, error.cause instanceof Error ? error.cause.message : ''].join(' ').trim()
      : String(error);
  }
}

/** Prints and posts it; false where it could not be posted, so that it is tried again. */
async function raise(state: 'silent' | 'heard', reason: string): Promise<boolean> {
  const message = { state, url: values.url, since: new Date(heardMs).toISOString(), reason };
  console.log(JSON.stringify({ at: new Date().toISOString(), ...message }));
  if (values.alarm === undefined) return true;
  try {
    const answer = await fetch(values.alarm, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(10_000),
    });
    if (answer.ok) return true;
    console.error(`the alarm was answered with ${answer.status}`);
  } catch (error) {
    console.error(`the alarm could not be posted: ${error instanceof Error ? error.message : String(error)}`);
  }
  return false;
}
