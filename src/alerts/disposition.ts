import { type AuditEvent, isDryRun, outcome } from '../audit/index.ts';
import type { ActiveRule } from './active-rule.ts';

/** What becomes of a match: it raises an Alert, or it is left out for a cause that is counted (semantics 7). */
export type Disposition = 'raise' | 'outcome' | 'dryRun';

export function disposition(rule: Pick<ActiveRule, 'outcomes' | 'dryRuns'>, event: AuditEvent): Disposition {
  if (!rule.outcomes.has(outcome(event))) return 'outcome';
  if (!rule.dryRuns && isDryRun(event)) return 'dryRun';
  return 'raise';
}
