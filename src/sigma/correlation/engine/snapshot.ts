import type { StoredGroup } from './correlator.ts';
import type { CorrelationCounters } from './counters.ts';
import type { StreamPosition } from './positions.ts';

export const SNAPSHOT_VERSION = 1;

/** All that a state remembers, as plain JSON. A state of another correlation, or of another version, starts anew instead. */
export interface CorrelationSnapshot<Sample> {
  readonly version: number;
  readonly fingerprint: string;
  readonly clock: number | null;
  readonly positions: readonly StreamPosition[];
  readonly counters: CorrelationCounters;
  /** By correlation of the chain. */
  readonly groups: readonly (readonly StoredGroup<Sample>[])[];
}
