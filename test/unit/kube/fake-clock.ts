import { type Clock, sleepOn, type Timer } from '../../../src/kube/clock.ts';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
  readonly #pending = new Set<Pending>();
  readonly #epoch: number;
  #elapsed = 0;
  #order = 0;

  constructor(epoch = Date.UTC(2026, 0, 1)) {
    this.#epoch = epoch;
  }

  now(): number {
    return this.#epoch + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  setTimer(ms: number, callback: () => void): Timer {
    const timer = { at: this.#elapsed + Math.max(0, ms), order: this.#order++, callback };
    this.#pending.add(timer);
    return { cancel: () => void this.#pending.delete(timer) };
  }

  get pendingTimers(): number {
    return this.#pending.size;
  }

  /** Lets `ms` pass. Timers fire in order, and what they set off settles before the next one. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await settle();
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) {
      this.#fire(next);
      await settle();
    }
    this.#elapsed = end;
  }

  /** Lets time pass, from timer to timer, until the promise is settled. Not for tests with real I/O. */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    const state = { settled: false };
    const mark = () => {
      state.settled = true;
    };
    promise.then(mark, mark);
    for (await settle(); !state.settled; await settle()) {
      const next = this.#next();
      if (next !== undefined) this.#fire(next);
    }
    return promise;
  }

  #next(): Pending | undefined {
    let next: Pending | undefined;
    for (const timer of this.#pending) {
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }

  #fire(timer: Pending): void {
    this.#pending.delete(timer);
    this.#elapsed = Math.max(this.#elapsed, timer.at);
    timer.callback();
  }
}

/** Gives promises and immediates that are under way the time to settle. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
