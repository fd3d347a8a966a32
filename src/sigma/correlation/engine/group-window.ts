import type { Entry } from './entry.ts';

/** The window of one group at the moment at which its correlation fires. */
export interface Occurrence<Sample> {
  /** The match that completes it. */
  readonly at: number;
  /** The matches in the window, in the order of time. */
  readonly window: readonly Entry<Sample>[];
  /** The number that was compared. */
  readonly value: number | undefined;
  /** Nobody can say for certain: a match or an absence depends on a body that is unknown. */
  readonly undetermined: boolean;
}

export interface Addition<Sample> {
  /** The match was too late and is not kept. */
  readonly late: boolean;
  readonly fired: readonly Occurrence<Sample>[];
  /** Matches that had to go because the group is full. */
  readonly evicted: number;
}

/** The matches of one group and what is known of them. `clock` is the time of the state, which never goes back. */
export interface GroupWindow<Sample, Stored> {
  /** Matches in memory. */
  readonly size: number;
  add(entry: Entry<Sample>, clock: number): Addition<Sample>;
  /** What the passing of time decides. */
  advance(clock: number): readonly Occurrence<Sample>[];
  /** The clock after which `advance` may have something to say; undefined where it has not. */
  readonly due: number | undefined;
  /** Plain JSON, from which an equal window is made. */
  store(): Stored;
}

export interface WindowOptions {
  readonly timespan: number;
  readonly lateness: number;
  readonly maxMatches: number;
}
