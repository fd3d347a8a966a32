import { type Clock, sleepOn, type Timer } from '../../../src/kube/clock.ts';
import type { FakeClock } from './fake-clock.ts';

/** One machine's time: it may run fast or slow, and while the machine is frozen no timer fires. */
export class MachineClock implements Clock {
  readonly #truth: FakeClock;
  readonly #rate: number;
  readonly #late = new Set<() => void>();
  #frozen = false;

  constructor(truth: FakeClock, rate = 1) {
    this.#truth = truth;
    this.#rate = rate;
  }

  now(): number {
    return this.#truth.now() * this.#rate;
  }

  monotonic(): number {
    return this.#truth.monotonic() * this.#rate;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  setTimer(ms: number, callback: () => void): Timer {
    const timer = this.#truth.setTimer(ms / this.#rate, () => {
      if (this.#frozen) this.#late.add(callback);
      else callback();
    });
    return {
      cancel: () => {
        timer.cancel();
        this.#late.delete(callback);
      },
    };
  }

  freeze(): void {
    this.#frozen = true;
  }

  /** What was due meanwhile happens now. */
  thaw(): void {
    this.#frozen = false;
    const late = [...this.#late];
    this.#late.clear();
    for (const callback of late) callback();
  }
}
