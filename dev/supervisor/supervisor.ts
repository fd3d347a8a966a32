import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromSupervisor, Notice, ProcessExit, ProcessSpec, Request } from './protocol.ts';
import { SupervisedProcess } from './supervised-process.ts';

const PROGRAM = fileURLToPath(new URL('./supervisor-process.ts', import.meta.url));

export interface SupervisorOptions {
  /** How the temporary directory's name begins. */
  readonly directoryPrefix?: string;
}

/** What is needed to start a process; the rest has defaults. */
export interface StartOptions {
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  /** Default: the caller's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: the supervisor's directory. */
  readonly cwd?: string;
  /** Default: `<name>.log` in the supervisor's directory. */
  readonly logFile?: string;
  /** Default: SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
}

interface Pending {
  readonly resolve: (pid: number | undefined) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts processes that do not outlive their caller, and a temporary directory that does not either: whether the caller
 * stops them, returns, throws, or is killed by any signal, SIGKILL included. A small detached process sees to it.
 */
export class Supervisor {
  readonly directory: string;
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #exits = new Map<number, (exit: ProcessExit) => void>();
  #lastId = 0;
  #stopped: Promise<void> | undefined;
  #gone = false;

  /** Use {@link startSupervisor}. */
  constructor(child: ChildProcess, directory: string) {
    this.#child = child;
    this.directory = directory;
    child.on('message', (message: FromSupervisor) => this.#receive(message));
    child.once('exit', () => this.#supervisorGone());
    child.on('error', () => {});
  }

  /** Starts a process; rejects when it cannot be started at all (no such file, not executable). */
  async start(options: StartOptions): Promise<SupervisedProcess> {
    const spec: ProcessSpec = {
      name: options.name,
      command: options.command,
      args: options.args ?? [],
      env: options.env ?? process.env,
      cwd: options.cwd ?? this.directory,
      logFile: options.logFile ?? join(this.directory, `${options.name}.log`),
      stopSignal: options.stopSignal ?? 'SIGTERM',
    };
    this.#lastId += 1;
    const id = this.#lastId;
    const exited = new Promise<ProcessExit>((resolve) => this.#exits.set(id, resolve));
    try {
      const pid = (await this.#ask({ type: 'start', id, spec })) ?? 0;
      const signal = async (name: NodeJS.Signals): Promise<void> => {
        await this.#ask({ type: 'signal', id, signal: name });
      };
      return new SupervisedProcess(spec, pid, exited, { signal });
    } catch (error) {
      this.#exits.delete(id);
      throw error;
    }
  }

  /** Has a process that the caller started itself killed with the others. Call the result when it has ended. */
  adopt(child: ChildProcess): () => void {
    const pid = child.pid;
    if (pid === undefined) {
      return () => {};
    }
    this.#tell({ type: 'adopt', pid });
    return () => this.#tell({ type: 'release', pid });
  }

  /**
   * Stops all processes, the last started first (each gets `graceMs`, default 5 s, then SIGKILL), and removes the directory.
   * Idempotent. Resolves when nothing is left.
   */
  stop(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#stopped ??= this.#stop(options.graceMs ?? 5000);
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(graceMs: number): Promise<void> {
    if (this.#gone) {
      return;
    }
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    try {
      await this.#ask({ type: 'stop', graceMs });
    } finally {
      await gone;
    }
  }

  #ask(body: Request): Promise<number | undefined> {
    if (this.#gone || !this.#child.connected) {
      return Promise.reject(new Error('the supervisor process has ended'));
    }
    this.#lastId += 1;
    const request = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(request, { resolve, reject });
      this.#child.send({ request, body });
    });
  }

  #tell(notice: Notice): void {
    if (this.#child.connected) {
      this.#child.send(notice);
    }
  }

  #receive(message: FromSupervisor): void {
    if (message.type === 'answer') {
      const pending = this.#pending.get(message.request);
      this.#pending.delete(message.request);
      if (message.error === undefined) {
        pending?.resolve(message.pid);
      } else {
        pending?.reject(new Error(message.error));
      }
    } else if (message.type === 'exited') {
      this.#exits.get(message.id)?.(message.exit);
      this.#exits.delete(message.id);
    }
  }

  /** After an ordered stop this finds nothing to do; after a kill of the supervisor process it does its work. */
  #supervisorGone(): void {
    this.#gone = true;
    killGroup(this.#child.pid);
    try {
      rmSync(this.directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    } catch {
      // What the supervisor process could not remove either; stop() has rejected with its reason.
    }
    for (const exited of this.#exits.values()) {
      exited({ code: null, signal: 'SIGKILL' });
    }
    this.#exits.clear();
    for (const { reject } of this.#pending.values()) {
      reject(new Error('the supervisor process has ended'));
    }
    this.#pending.clear();
  }
}

/** Starts the supervisor process and waits until its directory exists. */
export function startSupervisor(options: SupervisorOptions = {}): Promise<Supervisor> {
  const child = fork(PROGRAM, [options.directoryPrefix ?? 'supervised-'], {
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    const endedAtOnce = (): void => reject(new Error('the supervisor process ended at once'));
    child.once('error', reject);
    child.once('exit', endedAtOnce);
    child.once('message', (message: FromSupervisor) => {
      child.off('exit', endedAtOnce);
      if (message.type === 'ready') {
        resolve(new Supervisor(child, message.directory));
      }
    });
  });
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) {
    return;
  }
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nothing is left of the group.
  }
}
