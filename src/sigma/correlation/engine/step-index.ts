import type { Entry } from './entry.ts';
import { TimeOrderedList } from './time-ordered-list.ts';

/** The matches of each rule of a correlation in the order of time. */
export class StepIndex {
  readonly #lists: readonly TimeOrderedList<Entry<unknown>>[];

  constructor(steps: number) {
    this.#lists = Array.from({ length: steps }, () => new TimeOrderedList<Entry<unknown>>());
  }

  keep(entry: Entry<unknown>): void {
    this.#lists[entry.step]?.insert(entry);
  }

  release(entry: Entry<unknown>): void {
    this.#lists[entry.step]?.dropFirst();
  }

  /** The time of the latest match of a rule that is not later than `to`; -Infinity where there is none. */
  latest(step: number, to: number): number {
    const list = this.#lists[step];
    return list?.at(list.upperBound(to) - 1)?.time ?? -Infinity;
  }

  /** The time of the earliest match of a rule that is not earlier than `from`; Infinity where there is none. */
  earliest(step: number, from: number): number {
    const list = this.#lists[step];
    return list?.at(list.lowerBound(from))?.time ?? Infinity;
  }

  /** The time of the earliest match of a rule that is later than `after`; Infinity where there is none. */
  earliestAfter(step: number, after: number): number {
    const list = this.#lists[step];
    return list?.at(list.upperBound(after))?.time ?? Infinity;
  }

  /**
   * Where the latest set of matches of `steps` begins that ends not later than `to`; -Infinity where there is none. `ordered`: no match is earlier than the one
   * before it; equal times are in order.
   */
  latestStart(steps: readonly number[], ordered: boolean, to: number): number {
    if (!ordered) return steps.reduce((start, step) => Math.min(start, this.latest(step, to)), Infinity);
    return steps.reduceRight((before, step) => this.latest(step, before), to);
  }

  /** How many rules matched in (after, to]. */
  distinct(after: number, to: number): number {
    return this.#lists.filter((_, step) => this.latest(step, to) > after).length;
  }

  /** The greatest number of rules that matched in (after, to] in the order of the steps, leaving out any. */
  longestChain(after: number, to: number): number {
    // ends[step]: the earliest end of a chain of `length` rules whose last one is `step`.
    let ends = this.#lists.map((_, step) => this.earliestAfter(step, after));
    let length = 0;
    while (ends.some((end) => end <= to)) {
      length++;
      let before = Infinity;
      ends = ends.map((end, step) => {
        const next = before === Infinity ? Infinity : this.earliest(step, before);
        before = Math.min(before, end);
        return next;
      });
    }
    return length;
  }
}
