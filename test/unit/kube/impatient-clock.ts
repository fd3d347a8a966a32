import type { Clock, Timer } from '../../../src/kube/index.ts';

/** Every sleep is over at once, and is counted as time that passed; no timer ever fires. For tests with real I/O. */
export class ImpatientClock implements Clock {
  #elapsed = 0;

  now(): number {
    return this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  async sleep(ms: number): Promise<void> {
    this.#elapsed += ms;
  }

  setTimer(): Timer {
    return { cancel: () => undefined };
  }
}
