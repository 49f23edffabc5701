import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

/** What a receiver was sent: the address and body of a request, or the recipients of a mail. */
export interface Received {
  readonly got: 'http' | 'mail';
  readonly url?: string;
  readonly body?: string;
  readonly to?: string[];
}

export interface Receivers {
  /** Ports on 127.0.0.1. */
  readonly web: number;
  readonly mail: number;
  /** All that came until now, the oldest first. */
  readonly received: readonly Received[];
  stop(): void;
}

/** Starts `receivers.ts`, a web and a mail server in a process of their own. */
export function startReceivers(): Promise<Receivers> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'receivers.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const received: Received[] = [];
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The receivers ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = JSON.parse(line) as Received & { ready?: { web: number; mail: number } };
      if (told.ready) resolve({ ...told.ready, received, stop: () => child.stdin.end() });
      else received.push(told);
    });
  });
}
