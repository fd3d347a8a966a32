import type { ActiveRule } from './active-rule.ts';
import type { GroupKey } from './group-key.ts';
import type { Hit } from './hit.ts';

/** What a batch adds to one Alert, before it is written. */
export interface PendingAlert {
  /** The Alert's, unless something else has taken it. */
  readonly name: string;
  readonly rule: ActiveRule;
  readonly key: GroupKey;
  /** In the order of their positions. */
  readonly hits: Hit[];
  /** Why the rule matched the first of the hits: see `evidence`. */
  readonly evidence: () => readonly string[];
}
