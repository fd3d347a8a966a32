import { compare } from '../compare.ts';
import type { Comparison } from '../correlation.ts';
import type { Entry } from './entry.ts';
import { ExactSum } from './exact-sum.ts';
import type { Measure } from './measure.ts';

type Numbers = readonly Comparison[];

/** Measures that look at nothing but the window. */
abstract class WindowMeasure implements Measure {
  readonly comparisons: Numbers;

  constructor(comparisons: Numbers) {
    this.comparisons = comparisons;
  }

  keep(): void {}
  release(): void {}
  abstract add(entry: Entry<unknown>): void;
  abstract remove(entry: Entry<unknown>): void;
  abstract value(window: readonly Entry<unknown>[]): number | undefined;
  abstract holds(): boolean;
}

/** `event_count`: the matches. */
export class EventCount extends WindowMeasure {
  #count = 0;

  add(): void {
    this.#count++;
  }

  remove(): void {
    this.#count--;
  }

  holds(): boolean {
    return this.comparisons.every((comparison) => compare(this.#count, comparison));
  }

  value(): number {
    return this.#count;
  }
}

/** `value_count`: the different values. */
export class ValueCount extends WindowMeasure {
  readonly #counts = new Map<unknown, number>();

  add({ value }: Entry<unknown>): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  remove({ value }: Entry<unknown>): void {
    const count = this.#counts.get(value) ?? 0;
    if (count > 1) this.#counts.set(value, count - 1);
    else this.#counts.delete(value);
  }

  holds(): boolean {
    return this.comparisons.every((comparison) => compare(this.#counts.size, comparison));
  }

  value(): number {
    return this.#counts.size;
  }
}

/** `value_sum` and `value_avg`. */
export class ValueSum extends WindowMeasure {
  readonly #average: boolean;
  readonly #sum = new ExactSum();
  #count = 0;

  constructor(comparisons: Numbers, average: boolean) {
    super(comparisons);
    this.#average = average;
  }

  add({ value }: Entry<unknown>): void {
    this.#sum.add(Number(value));
    this.#count++;
  }

  remove({ value }: Entry<unknown>): void {
    this.#sum.add(-Number(value));
    this.#count--;
  }

  holds(): boolean {
    return this.comparisons.every((comparison) => compare(this.value(), comparison));
  }

  value(): number {
    return this.#average ? this.#sum.value / this.#count : this.#sum.value;
  }
}

/**
 * `value_percentile` and `value_median` by nearest rank: the value at rank ⌈p/100 × n⌉ of n, the lowest for p = 0; the median is percentile 50 (specification). No order is
 * kept: a percentile is compared with a bound by counting the values below the bound and up to it.
 */
export class ValuePercentile extends WindowMeasure {
  readonly #percentile: number;
  readonly #below: number[];
  readonly #upTo: number[];
  #count = 0;

  constructor(comparisons: Numbers, percentile: number) {
    super(comparisons);
    this.#percentile = percentile;
    this.#below = comparisons.map(() => 0);
    this.#upTo = comparisons.map(() => 0);
  }

  add({ value }: Entry<unknown>): void {
    this.#shift(Number(value), 1);
  }

  remove({ value }: Entry<unknown>): void {
    this.#shift(Number(value), -1);
  }

  holds(): boolean {
    const rank = nearestRank(this.#percentile, this.#count);
    return this.comparisons.every((comparison, index) => {
      const isBelow = (this.#below[index] ?? 0) >= rank;
      const isAbove = (this.#upTo[index] ?? 0) < rank;
      return compare(isBelow ? -1 : isAbove ? 1 : 0, { operator: comparison.operator, bound: 0 });
    });
  }

  value(window: readonly Entry<unknown>[]): number | undefined {
    const values = window.map(({ value }) => Number(value)).sort((a, b) => a - b);
    return values[nearestRank(this.#percentile, values.length) - 1];
  }

  #shift(value: number, by: 1 | -1): void {
    this.#count += by;
    for (const [index, { bound }] of this.comparisons.entries()) {
      if (value < bound) this.#below[index] = (this.#below[index] ?? 0) + by;
      if (value <= bound) this.#upTo[index] = (this.#upTo[index] ?? 0) + by;
    }
  }
}

function nearestRank(percentile: number, count: number): number {
  return Math.max(1, Math.ceil((percentile * count) / 100));
}
