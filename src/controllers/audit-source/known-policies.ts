import type { AuditSource } from '../../api/audit-source.generated.ts';
import { parseAuditPolicy } from '../../catalog/index.ts';
import type { Policies } from '../detection-rule/rule-knowledge.ts';

/** What the text of an AuditSource's policy is: undefined where none is given. */
export type PolicyText = ReturnType<typeof parseAuditPolicy> | undefined;

export function policyOf({ spec }: AuditSource): PolicyText {
  return spec.policy === undefined ? undefined : parseAuditPolicy(spec.policy);
}

/** The audit policies of the sources; undefined for one whose policy is not known, or cannot be read. */
export function knownPolicies(sources: Iterable<AuditSource>): Policies {
  return [...sources].map((source) => {
    const parsed = policyOf(source);
    return parsed?.ok === true ? parsed.policy : undefined;
  });
}
