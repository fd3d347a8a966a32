import { SEVERITIES } from '../../alerts/index.ts';
import type { Alert } from '../../api/alert.generated.ts';
import { STATES, stateOf } from './filters.ts';

export const ORDERS = ['severity', 'last-seen', 'first-seen', 'count', 'state', 'rule', 'actor'] as const;
export type Order = (typeof ORDERS)[number];

/** The worst, the newest, the busiest first; names from A to Z. What is equal: by when it was last seen. */
export function sortAlerts(alerts: readonly Alert[], order: Order, reverse: boolean): readonly Alert[] {
  const compare = (a: Alert, b: Alert): number =>
    COMPARE[order](a, b) || COMPARE['last-seen'](a, b) || (a.metadata.name < b.metadata.name ? -1 : 1);
  return alerts.toSorted(reverse ? (a, b) => compare(b, a) : compare);
}

type Compare = (a: Alert, b: Alert) => number;

const COMPARE: Readonly<Record<Order, Compare>> = {
  severity: descending(({ finding }) => SEVERITIES.indexOf(finding.severity)),
  'last-seen': descending(({ status }) => Date.parse(status?.lastSeen ?? '') || 0),
  'first-seen': descending(({ status }) => Date.parse(status?.firstSeen ?? '') || 0),
  count: descending(({ status }) => status?.count ?? 0),
  state: (a, b) => STATES.indexOf(stateOf(a)) - STATES.indexOf(stateOf(b)),
  rule: (a, b) => a.finding.rule.title.localeCompare(b.finding.rule.title),
  actor: (a, b) => a.finding.actor.localeCompare(b.finding.actor),
};

function descending(value: (alert: Alert) => number): Compare {
  return (a, b) => value(b) - value(a);
}
