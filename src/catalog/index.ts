/** What is known about rules: ATT&CK, watched operations, audit levels, observability, indicators; and audit policies. Pure. */
export { currentTactics, currentTechniques, type Tactic, type Technique } from './attack/attack.ts';
export { type AttackCoverage, attackCoverage, type TacticCoverage } from './attack/attack-coverage.ts';
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
