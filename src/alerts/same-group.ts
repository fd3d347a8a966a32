import { isDeepStrictEqual } from 'node:util';
import type { Finding } from './finding.ts';

/**
 * Whether an existing Alert is of the same rule and group. What may differ is what the group key does not hold: the rule's
 * title, severity and the like, as they were when the Alert was raised.
 */
export function isSameGroup(a: Finding, b: Finding): boolean {
  return isDeepStrictEqual(identity(a), identity(b));
}

function identity(finding: Finding): unknown {
  const { rule, cluster, actor, impersonated, operation, outcome, target, targetRef, correlated } = finding;
  return [rule.name, cluster, actor, impersonated, operation, outcome, target, { ...targetRef }, { ...correlated }];
}
