import { type Clock, realClock } from './clock.ts';
import { describeError, type Logger, silentLogger } from './logger.ts';
import { isConflict } from './status-error.ts';
import { WorkQueue } from './work-queue.ts';

/** When to look at the key again although nothing changed. Nothing: when something changes. */
interface ReconcileResult {
  /** Milliseconds. */
  readonly requeueAfter?: number | undefined;
}

/**
 * Brings what a key stands for into the state that it should have, from whatever state it is in. It gets the key alone:
 * what changed, and how often, does not matter. A rejection means that it is tried again, later and later.
 */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<ReconcileResult | undefined | void>;

/** Trying again would not help before something changes. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** controller-runtime's labels. */
export type ReconcileOutcome = 'success' | 'requeue_after' | 'error' | 'terminal';

export interface FinishedReconcile {
  readonly controller: string;
  readonly outcome: ReconcileOutcome;
  readonly milliseconds: number;
}

/** Must not throw. */
export interface ControllerMetrics {
  reconcileFinished(reconcile: FinishedReconcile): void;
}

export interface ControllerOptions {
  readonly name: string;
  readonly reconcile: Reconcile;
  /** Nothing is reconciled before these have synced: decisions on half a picture are wrong ones. */
  readonly waitFor?: readonly { whenSynced(signal: AbortSignal): Promise<void> }[];
  /** Reconciles at the same time, of different keys. */
  readonly workers?: number;
  readonly queue?: WorkQueue;
  readonly metrics?: ControllerMetrics;
  readonly logger?: Logger;
  readonly clock?: Clock;
}

/** Works on the keys of a queue with one reconcile function. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #queue: WorkQueue;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #running = 0;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#queue = options.queue ?? new WorkQueue({ clock: this.#clock });
    this.#logger = options.logger ?? silentLogger;
  }

  get name(): string {
    return this.#options.name;
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#queue.length;
  }

  /** Reconciles under way. */
  get running(): number {
    return this.#running;
  }

  /** Something about the key may have changed. */
  enqueue(key: string): void {
    this.#queue.add(key);
  }

  enqueueAfter(key: string, milliseconds: number): void {
    this.#queue.addAfter(key, milliseconds);
  }

  /**
   * Works until the signal aborts, then waits for the reconciles under way, whose signal aborts too. Keys that still wait
   * are dropped: whoever starts next sees the whole state again. A controller runs once.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { waitFor = [], workers = 1 } = this.#options;
    try {
      await Promise.all(waitFor.map((store) => store.whenSynced(signal)));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    const stop = () => void this.#queue.shutDown();
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    await Promise.all(Array.from({ length: workers }, () => this.#work(signal)));
  }

  async #work(signal: AbortSignal): Promise<void> {
    for (let key = await this.#queue.get(); key !== undefined; key = await this.#queue.get()) {
      if (!signal.aborted) await this.#reconcile(key, signal);
      this.#queue.done(key);
    }
  }

  async #reconcile(key: string, signal: AbortSignal): Promise<void> {
    const start = this.#clock.monotonic();
    this.#running++;
    let outcome: ReconcileOutcome = 'success';
    try {
      const { requeueAfter = 0 } = (await this.#options.reconcile(key, signal)) ?? {};
      this.#queue.forget(key);
      if (requeueAfter > 0) {
        outcome = 'requeue_after';
        this.#queue.addAfter(key, requeueAfter);
      }
    } catch (error) {
      if (signal.aborted) return;
      outcome = this.#failed(key, error);
    } finally {
      this.#running--;
    }
    const milliseconds = this.#clock.monotonic() - start;
    this.#options.metrics?.reconcileFinished({ controller: this.name, outcome, milliseconds });
  }

  #failed(key: string, error: unknown): ReconcileOutcome {
    const fields = { controller: this.name, key, error: describeError(error) };
    if (error instanceof TerminalError) {
      this.#queue.forget(key);
      this.#logger.error('reconcile failed for good', fields);
      return 'terminal';
    }
    this.#queue.addRateLimited(key);
    const retries = this.#queue.retries(key);
    if (isConflict(error)) this.#logger.debug('reconcile met a newer object', { ...fields, retries });
    else this.#logger.error('reconcile failed', { ...fields, retries });
    return 'error';
  }
}
