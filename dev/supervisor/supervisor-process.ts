// The supervisor process: it owns a temporary directory and the processes that work in it. It is detached, in a
// process group of its own together with them, so that a terminal's Ctrl-C does not reach them, and it is tied to its
// caller by an IPC channel that the system closes when the caller dies, in whatever way: then it kills the processes and
// removes the directory. It is the parent of the processes, so it cannot mistake a reused pid for one of them.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FromSupervisor, Notice, ProcessSpec, Request, ToSupervisor } from './protocol.ts';

interface Supervised {
  readonly child: ChildProcess;
  readonly spec: ProcessSpec;
  readonly exited: Promise<void>;
}

const directory = mkdtempSync(join(tmpdir(), process.argv[2] ?? 'supervisor-'));
const running = new Map<number, Supervised>();
const adopted = new Set<number>();
let ending = false;

process.on('disconnect', () => void endAtOnce());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void endAtOnce());
}
process.on('message', (message: ToSupervisor) => {
  if ('request' in message) {
    void answer(message.request, message.body);
  } else {
    notice(message);
  }
});
say({ type: 'ready', directory });

function say(message: FromSupervisor, sent?: () => void): void {
  if (process.connected) {
    // An error here means that the caller has gone; 'disconnect' deals with that.
    process.send?.(message, undefined, undefined, () => sent?.());
  } else {
    sent?.();
  }
}

async function answer(request: number, body: Request): Promise<void> {
  try {
    switch (body.type) {
      case 'start':
        return say({ type: 'answer', request, pid: await start(body.id, body.spec) });
      case 'signal':
        running.get(body.id)?.child.kill(body.signal);
        return say({ type: 'answer', request });
      case 'stop':
        return await stop(request, body.graceMs);
    }
  } catch (error) {
    say({ type: 'answer', request, error: error instanceof Error ? error.message : String(error) });
  }
}

function notice({ type, pid }: Notice): void {
  if (type === 'adopt') {
    adopted.add(pid);
  } else {
    adopted.delete(pid);
  }
}

function start(id: number, spec: ProcessSpec): Promise<number> {
  if (ending) {
    throw new Error('the supervisor is stopping');
  }
  const log = openSync(spec.logFile, 'a', 0o600);
  const child = spawn(spec.command, spec.args, { cwd: spec.cwd, env: spec.env, stdio: ['ignore', log, log] });
  closeSync(log);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      const exited = new Promise<void>((gone) => {
        child.once('exit', (code, signal) => {
          running.delete(id);
          say({ type: 'exited', id, exit: { code, signal } });
          gone();
        });
      });
      running.set(id, { child, spec, exited });
      resolve(child.pid ?? 0);
    });
  });
}

async function stop(request: number, graceMs: number): Promise<void> {
  ending = true;
  killAdopted();
  try {
    await endInOrder(graceMs);
    removeDirectory();
    say({ type: 'answer', request }, killGroup);
  } catch (error) {
    say({ type: 'answer', request, error: String(error) }, killGroup);
  }
}

/** The last started first, each with its own signal and the given time, then SIGKILL. */
async function endInOrder(graceMs: number): Promise<void> {
  for (const { child, spec, exited } of [...running.values()].reverse()) {
    child.kill(spec.stopSignal);
    child.kill('SIGCONT');
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await exited;
    clearTimeout(timer);
  }
}

async function endAtOnce(): Promise<void> {
  ending = true;
  killAdopted();
  const all = [...running.values()];
  for (const { child } of all) {
    child.kill('SIGKILL');
  }
  await Promise.all(all.map(({ exited }) => exited));
  removeDirectory();
  killGroup();
}

function killAdopted(): void {
  for (const pid of adopted) {
    kill(pid);
  }
}

function removeDirectory(): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

/** Whatever the processes themselves started is in our group, and so are we: nothing runs after this. */
function killGroup(): void {
  kill(-process.pid);
  process.exit();
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone already.
  }
}
