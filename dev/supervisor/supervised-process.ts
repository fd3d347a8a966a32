import type { ProcessExit, ProcessSpec } from './protocol.ts';
import { readTail } from './read-tail.ts';

/** What a supervised process needs of its supervisor. */
export interface ProcessControl {
  signal(signal: NodeJS.Signals): Promise<void>;
}

/** A process that dies with its caller. Started by {@link Supervisor.start}. */
export class SupervisedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the process has ended, for whatever reason; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Null while the process runs. */
  exit: ProcessExit | null = null;
  /** True once the caller asked for its end, so that an exit is no surprise. */
  stopping = false;

  readonly #spec: ProcessSpec;
  readonly #control: ProcessControl;

  constructor(spec: ProcessSpec, pid: number, exited: Promise<ProcessExit>, control: ProcessControl) {
    this.name = spec.name;
    this.pid = pid;
    this.logFile = spec.logFile;
    this.#spec = spec;
    this.#control = control;
    this.exited = exited.then((exit) => {
      this.exit = exit;
      return exit;
    });
  }

  /** Sends a signal; resolves when it was sent. No effect on a process that has ended. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    if (this.exit === null) {
      await this.#control.signal(signal);
    }
  }

  /**
   * Sends `signal` (default: the stop signal it was started with), and SIGKILL when it still runs after `graceMs`.
   * Resolves when it has ended.
   */
  async stop(options: { readonly signal?: NodeJS.Signals; readonly graceMs?: number } = {}): Promise<ProcessExit> {
    this.stopping = true;
    await this.signal(options.signal ?? this.#spec.stopSignal);
    const timer = setTimeout(() => void this.signal('SIGKILL').catch(() => {}), options.graceMs ?? 10_000);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The last lines that it wrote, at most `lines`. */
  logTail(lines = 20): string {
    return readTail(this.logFile, lines);
  }
}

/** `exit code 1`, `signal SIGKILL`. */
export function describeExit({ code, signal }: ProcessExit): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}
