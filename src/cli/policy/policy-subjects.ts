import type { PolicySubject, RuleCatalog } from '../../catalog/index.ts';

/** The rules of a catalog that policies are about, and how many are not. */
export interface PolicySubjects {
  readonly subjects: readonly PolicySubject[];
  /** Rules for other products. */
  readonly others: number;
  /** DetectionRules with `mode: Off`. */
  readonly off: number;
}

export function policySubjects(catalog: RuleCatalog): PolicySubjects {
  const subjects: PolicySubject[] = [];
  let [others, off] = [0, 0];
  for (const { key, result, choices } of catalog.entries()) {
    if (!result.ok || !('rule' in result)) continue;
    if (!result.rule.appliesToKubernetesAudit) others++;
    else if (choices?.mode === 'Off') off++;
    else subjects.push({ key, title: result.rule.document.title, rule: result.rule });
  }
  return { subjects, others, off };
}
