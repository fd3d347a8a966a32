/** What is known about rules: ATT&CK, watched operations, audit levels, observability, indicators; and audit policies. Pure. */
export { currentTactics, currentTechniques, type Technique, tacticOf, techniqueOf } from './attack/attack.ts';
export { attackCoverage } from './attack/attack-coverage.ts';
export type { AttackMatrix } from './attack/attack-matrix.ts';
export { ATTACK_LICENSE, ATTACK_NOTICE, ATTACK_RELEASE } from './attack/enterprise.generated.ts';
export type { DetectionTree } from './detection/detection-view.ts';
export { eventCoverage } from './events/event-coverage.ts';
export { formatNameSet, hasName } from './events/name-set.ts';
export type { RequestPattern } from './events/request-patterns.ts';
export { type Observability, observability } from './observability/observability.ts';
export { type KnownLog, observabilityOn } from './observability/observed-verdict.ts';
export { comparePolicy, type PolicyComparison, type PolicyDifference } from './observability/policy-differences.ts';
export { type SeenOperation, seenOperations } from './observability/seen-levels.ts';
export { levelFor } from './policy/level-for.ts';
export { parseAuditPolicy } from './policy/parse-policy.ts';
export {
  AUDIT_LEVELS,
  AUDIT_STAGES,
  type AuditLevel,
  type AuditPolicy,
  type AuditPolicyRule,
} from './policy/policy.ts';
export { printAuditPolicy } from './policy/print-policy.ts';
export { type PolicyRequest, type PolicyResource, policyRequestOf } from './policy/request.ts';
export { BUILT_IN_RESOURCES, KUBERNETES_VERSION } from './resources/built-in.generated.ts';
export { formatOperation } from './resources/operations.ts';
export type { RuleSource, SourceResult } from './rules/entry.ts';
export {
  type ActionListing,
  catalogLayer,
  catalogMatrix,
  type IndicatorListing,
  listActions,
  listIndicators,
  listRules,
  type RuleListing,
} from './rules/listings.ts';
export { RuleCatalog } from './rules/rule-catalog.ts';
export type { CompiledRulePage, CorrelationPage, RulePage } from './rules/rule-page.ts';
export { ruleSummary } from './rules/rule-summary.ts';
export { type PolicyCheck, policyCheck } from './smallest-policy/policy-check.ts';
export {
  type PolicySubject,
  type SmallestPolicy,
  type SmallestPolicyOptions,
  smallestPolicy,
} from './smallest-policy/smallest-policy.ts';
