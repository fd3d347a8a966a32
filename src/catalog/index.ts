/** What is known about rules: ATT&CK, watched operations, audit levels, observability, indicators; and audit policies. Pure. */
export { currentTactics, currentTechniques, type Tactic, type Technique } from './attack/attack.ts';
export { type AttackCoverage, attackCoverage, type TacticCoverage } from './attack/attack-coverage.ts';
export {
  type AttackMatrix,
  attackMatrix,
  type MatrixCell,
  type MatrixColumn,
  type TaggedRule,
} from './attack/attack-matrix.ts';
export { ATTACK_NOTICE, ATTACK_RELEASE } from './attack/enterprise.generated.ts';
export type { NavigatorLayer, NavigatorTechnique } from './attack/navigator-layer.ts';
export type { ComparisonKind, DetectionItem } from './detection/detection-item.ts';
export type { ConditionView, DetectionStages, DetectionTree, SelectionView } from './detection/detection-view.ts';
export type { Indicator } from './detection/indicators.ts';
export {
  type EventCoverage,
  eventCoverage,
  type NeededLevels,
  type WatchedOperation,
} from './events/event-coverage.ts';
export type { ImpossibleVerb } from './events/impossible-verbs.ts';
export { formatNameSet, hasName, isEveryName, type NameSet } from './events/name-set.ts';
export type { RequestPattern } from './events/request-patterns.ts';
export type { BlindSpot } from './observability/blind-spots.ts';
export {
  type Observability,
  type ObservabilityReason,
  type OperationGap,
  observability,
} from './observability/observability.ts';
export { levelFor, type PolicyDecision } from './policy/level-for.ts';
export { type ParsePolicyResult, parseAuditPolicy } from './policy/parse-policy.ts';
export {
  AUDIT_LEVELS,
  AUDIT_STAGES,
  type AuditLevel,
  type AuditPolicy,
  type AuditPolicyRule,
  type GroupResources,
  type PolicyStage,
} from './policy/policy.ts';
export { printAuditPolicy } from './policy/print-policy.ts';
export { type PolicyRequest, type PolicyResource, policyRequestOf } from './policy/request.ts';
export { KUBERNETES_VERSION } from './resources/built-in.generated.ts';
export { formatOperation, type Operation } from './resources/operations.ts';
export type { CatalogEntry, RuleChoices, RuleSource } from './rules/entry.ts';
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
export type { RelatedRule, RuleMetadata } from './rules/metadata.ts';
export { RuleCatalog } from './rules/rule-catalog.ts';
export type { BrokenRulePage, CompiledRulePage, CountedIndicator, RulePage, SameAction } from './rules/rule-page.ts';
export { type RuleSummary, ruleSummary } from './rules/rule-summary.ts';
export type { SameActionRule } from './rules/same-action.ts';
export { type CheckedRule, type PolicyCheck, policyCheck } from './smallest-policy/policy-check.ts';
export {
  type PolicyReason,
  type PolicySubject,
  type SmallestPolicy,
  type SmallestPolicyOptions,
  smallestPolicy,
} from './smallest-policy/smallest-policy.ts';
