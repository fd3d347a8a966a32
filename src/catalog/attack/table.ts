/** A tactic of the current release. */
export interface TacticRow {
  /** `TA0002`. */
  readonly id: string;
  readonly name: string;
}

/** A tactic that a release dropped. Its id may live on in a successor. */
export interface RetiredTacticRow extends TacticRow {
  /** Short names of the tactics that took its place. */
  readonly successors: readonly string[];
  /** The ATT&CK release that dropped it. */
  readonly retiredIn: string;
}

export interface TechniqueRow {
  readonly name: string;
  /** Short names of its tactics; absent where the technique is retired. */
  readonly tactics?: readonly string[];
  /** Absent where the technique is current. */
  readonly status?: 'revoked' | 'deprecated';
  /** The id of the technique that took the place of a revoked one. */
  readonly revokedBy?: string;
}
