/** How many Alerts there may be: etcd is shared and small (semantics 12). */
export interface Budget {
  /** In the cluster. The Alerts that count what found no room come on top: one a rule. */
  readonly alerts: number;
  readonly alertsPerRule: number;
}

/** How many Alerts there are, and how many of them about one actor. */
export interface Usage {
  readonly total: number;
  readonly ofRule: number;
  readonly ofActor: number;
}

/** Why there is no room for another Alert. */
export type Shortage = 'cluster' | 'rule' | 'actor';

/**
 * Why there may not be another Alert of a rule about an actor; undefined where there may. No single actor gets more than half
 * of a rule's Alerts: a flood made with one stolen credential leaves room for what others do.
 */
export function shortage(budget: Budget, { total, ofRule, ofActor }: Usage): Shortage | undefined {
  if (total >= budget.alerts) return 'cluster';
  if (ofRule >= budget.alertsPerRule) return 'rule';
  return ofActor >= Math.ceil(budget.alertsPerRule / 2) ? 'actor' : undefined;
}
