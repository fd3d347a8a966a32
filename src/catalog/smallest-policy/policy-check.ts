import { type Observability, observability } from '../observability/observability.ts';
import type { AuditPolicy } from '../policy/policy.ts';
import type { PolicySubject } from './smallest-policy.ts';

/** What a policy lets rules see, rule by rule, in the order given. */
export interface PolicyCheck {
  readonly rules: readonly CheckedRule[];
  /** Keys of the rules that cannot fire under the policy. */
  readonly cannotFire: readonly string[];
  /** Keys of the rules that can, but miss something or exclude nothing. */
  readonly limited: readonly string[];
}

interface CheckedRule {
  readonly key: string;
  readonly title: string;
  readonly observability: Observability;
}

/** Checks which rules can fire under a policy. */
export function policyCheck(policy: AuditPolicy, subjects: readonly PolicySubject[]): PolicyCheck {
  const rules = subjects.map(({ key, title, rule }) => ({ key, title, observability: observability(rule, policy) }));
  return {
    rules,
    cannotFire: keysOf(rules, ({ status }) => status === 'False'),
    limited: keysOf(rules, ({ status, reason }) => status === 'True' && reason !== 'Observable'),
  };
}

function keysOf(rules: readonly CheckedRule[], test: (observability: Observability) => boolean): readonly string[] {
  return rules.filter(({ observability }) => test(observability)).map(({ key }) => key);
}
