/** A run of matches at each of which a correlation's condition holds, none more than the timespan after the one before. It has fired once. */
export interface Episode {
  /** Time of the first match. */
  readonly from: number;
  /** Time of the last match so far. */
  readonly to: number;
}

export function overlap(a: Episode, b: Episode): boolean {
  return a.from <= b.to && b.from <= a.to;
}
