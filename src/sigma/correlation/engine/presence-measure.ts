import { compare } from '../compare.ts';
import type { CorrelationCondition } from '../correlation.ts';
import type { Entry } from './entry.ts';
import type { Measure } from './measure.ts';
import { StepIndex } from './step-index.ts';

/** `temporal` and `temporal_ordered`: which rules matched, or how many of them. */
export class PresenceMeasure implements Measure {
  readonly #steps: StepIndex;
  readonly #condition: CorrelationCondition;
  readonly #ordered: boolean;

  constructor(steps: number, condition: CorrelationCondition, ordered: boolean) {
    this.#steps = new StepIndex(steps);
    this.#condition = condition;
    this.#ordered = ordered;
  }

  keep(entry: Entry<unknown>): void {
    this.#steps.keep(entry);
  }

  release(entry: Entry<unknown>): void {
    this.#steps.release(entry);
  }

  add(): void {}
  remove(): void {}

  holds(after: number, to: number): boolean {
    const condition = this.#condition;
    if (condition.kind === 'Presence')
      return condition.terms.some(({ present }) => this.#steps.latestStart(present, this.#ordered, to) > after);
    const count = this.#count(after, to);
    return condition.comparisons.every((comparison) => compare(count, comparison));
  }

  value(_: readonly Entry<unknown>[], after: number, to: number): number {
    return this.#count(after, to);
  }

  #count(after: number, to: number): number {
    return this.#ordered ? this.#steps.longestChain(after, to) : this.#steps.distinct(after, to);
  }
}
