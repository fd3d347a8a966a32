import type { Clock, Timer } from './clock.ts';

/**
 * A signal that follows a parent signal and fires by itself after a time.
 * `clear` must be called when the work is over: it frees the timer and the listener on the parent.
 */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #clock: Clock;
  readonly #parent: AbortSignal | undefined;
  readonly #follow: () => void;
  #timer: Timer | undefined;
  #expired = false;

  /** No timer runs while `ms` is undefined. */
  constructor(clock: Clock, ms: number | undefined, parent?: AbortSignal) {
    this.signal = this.#controller.signal;
    this.#clock = clock;
    this.#parent = parent;
    this.#follow = () => this.#controller.abort(parent?.reason);
    if (parent?.aborted === true) this.#follow();
    else parent?.addEventListener('abort', this.#follow, { once: true });
    this.restart(ms);
  }

  /** Whether the time ran out (and not the parent aborted). */
  get expired(): boolean {
    return this.#expired;
  }

  /** Starts counting anew; `undefined` stops the timer. */
  restart(ms: number | undefined): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (ms === undefined || this.signal.aborted) return;
    this.#timer = this.#clock.setTimer(ms, () => {
      this.#expired = true;
      this.#controller.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError'));
    });
  }

  clear(): void {
    this.#timer?.cancel();
    this.#parent?.removeEventListener('abort', this.#follow);
  }
}
