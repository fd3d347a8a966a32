const MINUTE = 60_000_000;

/**
 * When some requests were received, kept so that little of a line has to be read for comparing: to the microsecond, whatever the minute. Two requests may
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

  /** False only where no request was received at this time. @param inMinute µs since the full minute */
  mayHave(inMinute: number): boolean {
    return this.#counts.has(inMinute);
  }
}
