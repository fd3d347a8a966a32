import { type Clock, realClock, type Timer } from './clock.ts';
import { defaultRetryRate, type RateLimiter, retryLimiter } from './rate-limiter.ts';

export interface WorkQueueOptions {
  readonly clock?: Clock;
  readonly rateLimiter?: RateLimiter;
}

/**
 * Keys to work on, in order, each at most once at a time: client-go's work queue.
 *
 * A key that is added while it waits is worked on once; one that is added while it is worked on is worked on again
 * afterwards. So no change is missed, and no key is ever in two hands.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #limiter: RateLimiter;
  /** The order of work. Every key in it is in `#dirty` and not in `#processing`. */
  readonly #queue = new Set<string>();
  /** Keys that need to be worked on. */
  readonly #dirty = new Set<string>();
  /** Keys in the hands of a worker. One that is also in `#dirty` joins `#queue` when it is done. */
  readonly #processing = new Set<string>();
  /** Keys that will be added later, each with its earliest time. */
  readonly #waiting = new Map<string, { readonly at: number; readonly timer: Timer }>();
  /** Workers that found nothing to do. Empty unless `#queue` is. */
  readonly #idle: ((key: string | undefined) => void)[] = [];
  readonly #drained: (() => void)[] = [];
  #shuttingDown = false;

  constructor({ clock = realClock, rateLimiter }: WorkQueueOptions = {}) {
    this.#clock = clock;
    this.#limiter = rateLimiter ?? retryLimiter(defaultRetryRate, clock);
  }

  /** Keys that wait for a worker. */
  get length(): number {
    return this.#queue.size;
  }

  /** Keys in the hands of workers. */
  get processing(): number {
    return this.#processing.size;
  }

  get shuttingDown(): boolean {
    return this.#shuttingDown;
  }

  /** Marks a key as needing work. Ignored after `shutDown`. */
  add(key: string): void {
    if (this.#shuttingDown || this.#dirty.has(key)) return;
    this.#dirty.add(key);
    if (!this.#processing.has(key)) this.#enqueue(key);
  }

  /** Adds the key after `ms`. Of several times for one key the earliest counts. */
  addAfter(key: string, ms: number): void {
    if (this.#shuttingDown) return;
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const at = this.#clock.monotonic() + ms;
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined && waiting.at <= at) return;
    waiting?.timer.cancel();
    const timer = this.#clock.setTimer(ms, () => {
      this.#waiting.delete(key);
      this.add(key);
    });
    this.#waiting.set(key, { at, timer });
  }

  /** Adds the key when the rate limiter says so: for a key that failed. */
  addRateLimited(key: string): void {
    if (!this.#shuttingDown) this.addAfter(key, this.#limiter.when(key));
  }

  /** The key is well, or given up: its next failure is its first. */
  forget(key: string): void {
    this.#limiter.forget(key);
  }

  retries(key: string): number {
    return this.#limiter.retries(key);
  }

  /** The next key, once there is one; undefined when the queue was shut down and is empty. `done` must follow. */
  async get(): Promise<string | undefined> {
    const [key] = this.#queue;
    if (key === undefined) {
      return this.#shuttingDown ? undefined : new Promise((resolve) => this.#idle.push(resolve));
    }
    this.#queue.delete(key);
    return this.#hand(key);
  }

  /** The worker is finished with the key, well or not. */
  done(key: string): void {
    if (!this.#processing.delete(key)) return;
    if (this.#dirty.has(key)) this.#enqueue(key);
    if (this.#processing.size === 0 && this.#queue.size === 0) for (const resolve of this.#drained.splice(0)) resolve();
  }

  /**
   * No further key is taken in, those that wait for a time are dropped. Workers get the rest of the queue, then undefined.
   * Resolves when every key was done.
   */
  async shutDown(): Promise<void> {
    this.#shuttingDown = true;
    for (const { timer } of this.#waiting.values()) timer.cancel();
    this.#waiting.clear();
    for (const resolve of this.#idle.splice(0)) resolve(undefined);
    if (this.#processing.size === 0 && this.#queue.size === 0) return;
    await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  #enqueue(key: string): void {
    const worker = this.#idle.shift();
    if (worker === undefined) this.#queue.add(key);
    else worker(this.#hand(key));
  }

  #hand(key: string): string {
    this.#processing.add(key);
    this.#dirty.delete(key);
    return key;
  }
}
