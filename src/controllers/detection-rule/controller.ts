import { isDeepStrictEqual } from 'node:util';
import type { CompiledRoot, TotalsByRule } from '../../alerts/index.ts';
import type { DetectionRule } from '../../api/detection-rule.generated.ts';
import type { Clock, Reconcile, Resource, Store } from '../../kube/index.ts';
import type { Replicas } from '../version-conditions.ts';
import type { RuleAlerts } from './budget-status.ts';
import type { RuleBook } from './rule-book.ts';
import type { RuleKnowledge } from './rule-knowledge.ts';
import { ruleStatus } from './rule-status.ts';

export interface RuleStatusOptions {
  readonly rules: Store<DetectionRule>;
  readonly resource: Resource<DetectionRule>;
  readonly book: RuleBook;
  /** On how many replicas a version runs. */
  readonly running: (rule: string, generation: number, hash: string) => Replicas;
  readonly knowledge: (root: CompiledRoot) => RuleKnowledge;
  /** Over all partitions. */
  readonly totals: () => TotalsByRule;
  readonly alerts: (rule: string) => RuleAlerts;
  readonly clock: Clock;
}

const FIELD_MANAGER = 'sigma-operator';

/** Writes the status of a DetectionRule; the leader's work. */
export function reconcileRuleStatus(options: RuleStatusOptions): Reconcile {
  return async (name, signal) => {
    const rule = options.rules.get(name);
    const resolved = options.book.get(name);
    if (rule === undefined || resolved === undefined || rule.metadata.deletionTimestamp !== undefined) return;
    const { accepted, generation } = resolved;
    const replicas = options.running(name, generation, accepted?.hash ?? '');
    const knowledge = accepted === undefined ? undefined : options.knowledge(accepted.root);
    const now = new Date(options.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const observations = { replicas, totals: options.totals()[name], knowledge, alerts: options.alerts(name) };
    const status = ruleStatus(rule, resolved, observations, now);
    if (isDeepStrictEqual(status, rule.status)) return;
    await options.resource.applyStatus(
      { metadata: { name }, status },
      { fieldManager: FIELD_MANAGER, force: true, signal },
    );
  };
}
