/** What became of the matches that a state was fed, since it began; a snapshot keeps them. Nothing is lost in silence. */
export interface CorrelationCounters {
  /** Matches of rules, each counted once for each correlation that it was offered to. */
  matches: number;
  /** Left out: a group-by field had no value. */
  ungrouped: number;
  /** Left out: the field that is counted or computed with had no value, or no number. */
  valueless: number;
  /** Left out: more than the lateness behind its group. */
  late: number;
  /** Events whose time was ahead of their receipt and was set back to it. */
  ahead: number;
  /** Events that were fed before the snapshot, and skipped. */
  replayed: number;
  /** Groups that were forgotten because nothing came for timespan and lateness. */
  expiredGroups: number;
  /** Groups that were evicted before their time, for want of room, and the matches in them. */
  evictedGroups: number;
  /** Matches that were evicted before their time, those of evicted groups included. */
  evictedMatches: number;
  firings: number;
}

export function noCounts(): CorrelationCounters {
  return {
    matches: 0,
    ungrouped: 0,
    valueless: 0,
    late: 0,
    ahead: 0,
    replayed: 0,
    expiredGroups: 0,
    evictedGroups: 0,
    evictedMatches: 0,
    firings: 0,
  };
}
