import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { AskExpired, ReaderStatus } from './detection-engine.ts';
import { EngineError, errorData } from './engine-error.ts';
import type { Answer, FromEngine, Request, ToEngine } from './protocol.ts';
import type { RejectedRequests } from './receiving.ts';

export interface WorkerSessionOptions {
  readonly expired: AskExpired;
  readonly onStatus: (reader: number, status: ReaderStatus) => void;
  readonly onRejected: (requests: RejectedRequests) => void;
  /** The thread ended although nobody had asked for it. */
  readonly onFailure: (error: EngineError) => void;
  readonly resourceLimits?: ResourceLimits | undefined;
  readonly stuckAfter?: number | undefined;
  readonly entry?: URL | undefined;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: EngineError) => void;
}

/**
 * What V8 may take for what was made lately. It would take up to 192 on a large machine, all of it touched again and again; with this little, 5,000 rules
 * take 60 MB less, and no longer.
 */
const YOUNG_MB = 24;

/** Milliseconds that a thread has to end by itself. */
const END_WITHIN = 5000;

/** Milliseconds: longer than the longest that a thread computes without a pause, which is to compile thousands of rules. */
const STUCK_AFTER = 60_000;
/** Looks in that time. Counted, and not measured: while the process is stopped, or its machine sleeps, nothing is missed. */
const LOOKS = 12;

/** One life of an engine's thread. */
export class WorkerSession {
  readonly #options: WorkerSessionOptions;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #exited: Promise<void>;
  #watch: NodeJS.Timeout | undefined;
  #asked = 0;
  #ending = false;
  /** What nobody caught. */
  #error: unknown;
  #rejected: Readonly<Record<string, number>> = {};
  /** Why there is nobody to ask any more. */
  #failure: EngineError | undefined;

  constructor(options: WorkerSessionOptions) {
    this.#options = options;
    const { entry = ENTRY } = options;
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB, ...options.resourceLimits };
    this.#worker = new Worker(entry, { name: 'engine', resourceLimits });
    this.#worker.on('message', (message: FromEngine) => this.#take(message));
    this.#worker.on('messageerror', (error) => this.giveUp(error));
    this.#worker.on('error', (error) => (this.#error = error));
    this.#exited = new Promise((resolve) => {
      // Only then what it held, ports among it, is free for the next one.
      this.#worker.on('exit', (code) => {
        this.#fail(this.#error ?? new Error(`it exited with ${code}`));
        resolve();
      });
    });
  }

  /** Totals of what was not taken, as of a moment ago. */
  rejected(): Readonly<Record<string, number>> {
    return this.#rejected;
  }

  /** Ends the thread as failed: it cannot do what it is for. */
  giveUp(error: unknown): void {
    this.#error ??= error;
    void this.#worker.terminate();
  }

  /** Rejects with an EngineError: the engine's own, or the one with which it ended. */
  async ask(request: Request): Promise<Answer> {
    if (this.#failure !== undefined) throw this.#failure;
    const id = this.#asked++;
    return await new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send({ kind: 'request', id, request });
    });
  }

  /** Ends the thread: by itself, or if that takes long, without asking it. */
  async end(): Promise<void> {
    this.#ending = true;
    const timer = setTimeout(() => void this.#worker.terminate(), END_WITHIN);
    await this.ask({ call: 'end' }).catch(() => undefined);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Once it has begun to answer. What hangs would otherwise show only by a log that is read no further. */
  #startWatch(): NodeJS.Timeout {
    const { stuckAfter = STUCK_AFTER } = this.#options;
    let missed = 0;
    let answered = true;
    const look = (): void => {
      if (!answered) {
        missed += 1;
        if (missed >= LOOKS) this.giveUp(new Error(`it has not answered for ${stuckAfter / 1000} s`));
        return;
      }
      missed = 0;
      answered = false;
      this.ask({ call: 'ping' }).then(
        () => (answered = true),
        () => {},
      );
    };
    return setInterval(look, stuckAfter / LOOKS).unref();
  }

  #take(message: FromEngine): void {
    if (message.kind === 'status') {
      this.#options.onStatus(message.reader, message.status);
      return;
    }
    if (message.kind === 'rejected') {
      this.#options.onRejected(message.requests);
      return;
    }
    if (message.kind === 'rejectedTotals') {
      this.#rejected = message.totals;
      return;
    }
    if (message.kind === 'question') {
      void this.#options
        .expired(message.deleted)
        .then((expired) => this.#send({ kind: 'expired', id: message.id, expired }));
      return;
    }
    this.#watch ??= this.#startWatch();
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === 'answer') pending?.resolve(message.answer);
    else pending?.reject(new EngineError(message.error));
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    const { code, message, stack } = errorData(error);
    clearInterval(this.#watch);
    this.#failure = this.#ending
      ? new EngineError({ code: 'EngineClosed', message: 'the engine was closed' })
      : new EngineError({
          code: 'EngineEnded',
          message: `the thread that reads and matches has ended: ${code}: ${message}`,
          stack,
        });
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
    if (!this.#ending) this.#options.onFailure(this.#failure);
  }

  #send(message: ToEngine): void {
    this.#worker.postMessage(message, []);
  }
}

/** The TypeScript file in a checkout; in the bundle, what is made of it, which stands beside the chunks. */
const ENTRY = import.meta.url.endsWith('.ts')
  ? new URL('./worker.ts', import.meta.url)
  : new URL('./engine-worker.mjs', import.meta.url);
