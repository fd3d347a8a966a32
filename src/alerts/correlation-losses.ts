import type { CorrelationCounters } from '../sigma/index.ts';

/** Matches that a correlation left out, or forgot before their time, by cause. Plain JSON. */
export interface CorrelationLosses {
  /** A group-by field had no value. */
  readonly ungrouped: number;
  /** The field that is counted had no value, or no number. */
  readonly valueless: number;
  /** They came too long after what they belong to. */
  readonly late: number;
  /** Forgotten for want of room. */
  readonly evicted: number;
}

/** By the name of the correlation's DetectionRule. */
export type LossesByCorrelation = Readonly<Record<string, CorrelationLosses>>;

/** What was lost from one count to another; `undefined` where nothing was. */
export function lossesBetween(
  before: Readonly<CorrelationCounters>,
  after: Readonly<CorrelationCounters>,
): CorrelationLosses | undefined {
  const losses = {
    ungrouped: after.ungrouped - before.ungrouped,
    valueless: after.valueless - before.valueless,
    late: after.late - before.late,
    evicted: after.evictedMatches - before.evictedMatches,
  };
  return Object.values(losses).some((count) => count > 0) ? losses : undefined;
}
