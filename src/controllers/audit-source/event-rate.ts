import type { Clock } from '../../kube/index.ts';

/** Milliseconds. */
const SLOT = 5_000;
const SLOTS = 12;

/** Events in the last minute, to within five seconds. */
export class EventRate {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** The newest last; together they cover a minute. */
  readonly #slots: { readonly slot: number; count: number }[] = [];

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  add(events: number): void {
    const slot = this.#forgetOld();
    const newest = this.#slots.at(-1);
    if (newest?.slot === slot) newest.count += events;
    else this.#slots.push({ slot, count: events });
  }

  perMinute(): number {
    this.#forgetOld();
    return this.#slots.reduce((sum, { count }) => sum + count, 0);
  }

  #forgetOld(): number {
    const slot = Math.floor(this.#clock.monotonic() / SLOT);
    while ((this.#slots[0]?.slot ?? slot) <= slot - SLOTS) this.#slots.shift();
    return slot;
  }
}
