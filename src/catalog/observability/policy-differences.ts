import { type ObservedLevels, OTHER_PATHS } from '../../audit/index.ts';
import { AUDIT_LEVELS, type AuditLevel, type AuditPolicy } from '../policy/policy.ts';
import { type PolicyQuestion, possibleDecisions } from '../policy/possible-decisions.ts';
import { levelsIn, seenOperation } from './seen-levels.ts';

/** An operation that is logged otherwise than the policy says. */
export interface PolicyDifference {
  /** As in {@link ObservedLevels}. */
  readonly resource: string;
  readonly verb: string;
  /** At which it was seen, in ascending order. */
  readonly observed: readonly AuditLevel[];
  /** Those that the policy may decide on, over all who may ask, in ascending order. */
  readonly policy: readonly AuditLevel[];
  /** Bodies that the level logs were not there. */
  readonly bodiesMissing: boolean;
}

export interface PolicyComparison {
  /** Operations that were compared. */
  readonly compared: number;
  readonly differences: readonly PolicyDifference[];
}

/**
 * Where a log contradicts an audit policy: an operation was seen at a level that the policy never decides on, or without
 * the bodies that its level logs. What was not seen tells nothing. Paths that are no resource are not compared.
 */
export function comparePolicy(policy: AuditPolicy, observed: ObservedLevels): PolicyComparison {
  const differences: PolicyDifference[] = [];
  let compared = 0;
  for (const [resource, verbs] of Object.entries(observed.resources)) {
    if (resource === OTHER_PATHS) continue;
    for (const [verb, bits] of Object.entries(verbs)) {
      compared += 1;
      const asked = { isResource: true, verb, ...namesOf(resource) };
      const decided = new Set(possibleDecisions(policy, asked, true).map(({ level }) => level));
      const seen = levelsIn(bits);
      const { bodiesMissing } = seenOperation(observed, asked);
      if (!bodiesMissing && seen.every((level) => decided.has(level))) continue;
      const may = AUDIT_LEVELS.filter((level) => decided.has(level));
      differences.push({ resource, verb, observed: seen, policy: may, bodiesMissing });
    }
  }
  return { compared, differences };
}

/** The names in `cronjobs.batch/status`: a resource has no dot, and no slash. */
function namesOf(text: string): Required<Pick<PolicyQuestion, 'apiGroup' | 'resource' | 'subresource'>> {
  const slash = text.indexOf('/');
  const path = slash < 0 ? text : text.slice(0, slash);
  const dot = path.indexOf('.');
  return {
    resource: dot < 0 ? path : path.slice(0, dot),
    apiGroup: dot < 0 ? '' : path.slice(dot + 1),
    subresource: slash < 0 ? '' : text.slice(slash + 1),
  };
}
