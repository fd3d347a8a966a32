import type { Verdict } from '../verdict.ts';

/** The Alerts of a rule, and how many there may be. */
export interface RuleAlerts {
  readonly count: number;
  readonly limit: number;
  /** Of all rules. */
  readonly total: number;
  readonly totalLimit: number;
  /** The Alert that counts what found no room, if there is one. */
  readonly overflow: string | undefined;
}

/** Whether everything that a rule finds gets an Alert of its own. Without numbers that change all the time. */
export function withinBudget({ count, limit, total, totalLimit, overflow }: RuleAlerts): Verdict {
  const verdict = (status: Verdict['status'], reason: string, message: string): Verdict => ({
    type: 'WithinBudget',
    status,
    reason,
    message,
  });
  const rest =
    overflow === undefined ? 'further findings are counted in one more Alert' : `the Alert ${overflow} counts the rest`;
  if (count >= limit) {
    const remedy =
      'Exclude what is not worth an Alert, group by less (spec.alert.groupBy), or raise --max-alerts-per-rule.';
    return verdict('False', 'RuleBudgetUsedUp', `All ${limit} Alerts of the rule are used; ${rest}. ${remedy}`);
  }
  if (total >= totalLimit) {
    return verdict('False', 'ClusterBudgetUsedUp', `All ${totalLimit} Alerts of the cluster are used; ${rest}.`);
  }
  if (overflow !== undefined) {
    return verdict(
      'False',
      'Overflowed',
      `There was no room for all findings, or one actor used up half of it; the Alert ${overflow} tells who.`,
    );
  }
  return verdict('True', 'HasRoom', `There is room for further Alerts, up to ${limit}.`);
}
