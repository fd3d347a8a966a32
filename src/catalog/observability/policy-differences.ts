import type { ObservedLevels } from '../../audit/index.ts';
import { AUDIT_LEVELS, type AuditLevel, type AuditPolicy } from '../policy/policy.ts';
import { possibleDecisions } from '../policy/possible-decisions.ts';
import { seenOperations } from './seen-levels.ts';

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
  for (const { resource, asked, levels, bodiesMissing } of seenOperations(observed)) {
    if (!asked.isResource) continue;
    compared += 1;
    const decided = new Set(possibleDecisions(policy, asked, true).map(({ level }) => level));
    if (!bodiesMissing && levels.every((level) => decided.has(level))) continue;
    const may = AUDIT_LEVELS.filter((level) => decided.has(level));
    differences.push({ resource, verb: asked.verb, observed: levels, policy: may, bodiesMissing });
  }
  return { compared, differences };
}
