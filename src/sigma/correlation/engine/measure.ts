import type { Entry } from './entry.ts';

/**
 * What a correlation compares, kept up to date as matches enter and leave its window. The window is the matches later than `after` and not later than `to`.
 * Each call costs O(1) or O(log n), for correlations over rules times the number of rules.
 */
export interface Measure {
  /** A match is in memory, in the window or not. */
  keep(entry: Entry<unknown>): void;
  /** The oldest match in memory goes. */
  release(entry: Entry<unknown>): void;
  /** A match comes into the window, at either end. */
  add(entry: Entry<unknown>): void;
  /** A match leaves the window, at either end. */
  remove(entry: Entry<unknown>): void;
  /** Whether the window, which is not empty, meets the condition. */
  holds(after: number, to: number): boolean;
  /** The number that is compared, for people; undefined where the condition compares none. */
  value(window: readonly Entry<unknown>[], after: number, to: number): number | undefined;
}
