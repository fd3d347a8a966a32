import type { ActiveRule } from './active-rule.ts';
import type { GroupKey } from './group-key.ts';
import type { Hit } from './hit.ts';

type Told = 'title' | 'id' | 'level' | 'author' | 'description' | 'references' | 'falsepositives' | 'tags';

/** What an Alert and its Events tell of the rule that raised it, in the version that matched. Plain data. */
export interface AlertingRule extends Pick<ActiveRule, 'name' | 'severity' | 'attack' | 'events'> {
  readonly document: Pick<ActiveRule['document'], Told>;
}

/** What a batch adds to one Alert, before it is written. Plain data. */
export interface PendingAlert {
  /** The Alert's, unless something else has taken it. */
  readonly name: string;
  readonly rule: AlertingRule;
  readonly key: GroupKey;
  /** In the order of their positions. */
  readonly hits: Hit[];
  /** Why the rule matched the first of the hits: see `evidence`. */
  readonly evidence: readonly string[];
}

export function alertingRule({ name, document, severity, attack, events }: ActiveRule): AlertingRule {
  const { title, id, level, author, description, references, falsepositives, tags } = document;
  const told = { title, id, level, author, description, references, falsepositives, tags };
  return Object.freeze({ name, document: told, severity, attack, events });
}
