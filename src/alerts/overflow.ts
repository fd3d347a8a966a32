import { comparePositions } from '../audit/index.ts';
import { alertName } from './alert-name.ts';
import { OVERFLOW_KEY } from './group-key.ts';
import type { AlertingRule, PendingAlert } from './pending-alert.ts';

/** What found no room in Alerts of a rule's own, to be counted in the one Alert that the rule has for that. */
export function overflowAlert(rule: AlertingRule, without: readonly PendingAlert[]): PendingAlert {
  const hits = without.flatMap((pending) => pending.hits);
  return {
    name: alertName(rule.name, OVERFLOW_KEY),
    rule,
    key: OVERFLOW_KEY,
    hits: hits.sort((a, b) => comparePositions(a.position, b.position)),
    evidence: [],
  };
}
