/** Bounds on the memory of one correlation of a chain, and on what a firing tells. */
export interface CorrelationLimits {
  /** Beyond it the group that was fed least recently is evicted. */
  readonly maxGroups: number;
  /** Matches kept in all groups together; beyond it the group that was fed least recently is evicted. */
  readonly maxMatches: number;
  /** Matches kept in one group; beyond it its oldest matches are evicted. A condition that needs more can never hold. */
  readonly maxMatchesPerGroup: number;
  /** Samples in a firing. */
  readonly maxSamples: number;
}

export const DEFAULT_CORRELATION_LIMITS: CorrelationLimits = Object.freeze({
  maxGroups: 10_000,
  maxMatches: 100_000,
  maxMatchesPerGroup: 10_000,
  maxSamples: 10,
});
