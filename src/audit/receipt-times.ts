const MINUTE = 60_000_000;
/** RFC 3339 as kube-apiserver writes it: `2026-11-24T05:48:24.739583Z`. */
const SECONDS = { from: 17, to: 26 };

/**
 * When some requests were received, kept so that a line can be compared without parsing its time: to the microsecond, whatever the minute. Two requests may
 * have been received at the same time.
 */
export class ReceiptTimes {
  readonly #counts = new Map<number, number>();

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  get size(): number {
    return this.#counts.size;
  }

  /** @param received µs since the epoch. */
  add(received: number): void {
    const time = received % MINUTE;
    this.#counts.set(time, (this.#counts.get(time) ?? 0) + 1);
  }

  /** Takes back one `add`, if there was one. */
  delete(received: number): void {
    const time = received % MINUTE;
    const count = this.#counts.get(time) ?? 0;
    if (count > 1) this.#counts.set(time, count - 1);
    else this.#counts.delete(time);
  }

  /** False only where no request was received at this time; true for a text that is not as kube-apiserver writes it. */
  mayHave(timestamp: string): boolean {
    const time = Math.round(Number(timestamp.slice(SECONDS.from, SECONDS.to)) * 1e6);
    return Number.isNaN(time) || this.#counts.has(time);
  }
}
