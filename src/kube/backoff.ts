import type { Clock } from './clock.ts';

export interface BackoffOptions {
  /** Milliseconds before the first retry. */
  readonly initial: number;
  /** The longest wait, before jitter. Milliseconds. */
  readonly max: number;
  /** After this many milliseconds without a retry the trouble is over, and the next one starts small again. */
  readonly resetAfter: number;
}

/** The waits of one retry loop: they double, and each is stretched by up to 100 % so that clients do not march in step. */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  #next: number;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(options: BackoffOptions, clock: Clock, random: () => number = Math.random) {
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    this.#next = options.initial;
  }

  /** How long to wait now, in milliseconds. */
  next(): number {
    const now = this.#clock.monotonic();
    if (now - this.#lastAt > this.#options.resetAfter) this.#next = this.#options.initial;
    this.#lastAt = now;
    const wait = this.#next;
    this.#next = Math.min(this.#options.max, wait * 2);
    return wait * (1 + this.#random());
  }
}
