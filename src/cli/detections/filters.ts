import { parseDuration, SEVERITIES, type Severity } from '../../alerts/index.ts';
import type { Alert } from '../../api/alert.generated.ts';

export const STATES = ['Open', 'Acknowledged', 'Resolved', 'FalsePositive', 'Reopened'] as const;
export type State = (typeof STATES)[number];

/** Which Alerts a command is about. Of a list any may apply; an empty one asks for nothing. */
export interface AlertFilters {
  readonly rule: readonly string[];
  /** At least so bad. */
  readonly severity?: Severity | undefined;
  readonly state: readonly State[];
  /** Also those that nobody has to look at any more. */
  readonly all: boolean;
  readonly actor: readonly string[];
  readonly namespace: readonly string[];
  readonly resource: readonly string[];
  readonly operation: readonly string[];
  readonly outcome: readonly string[];
  /** Last seen at most so long ago: `12h`. */
  readonly since?: string | undefined;
}

/** What is left to do. */
const PENDING: readonly State[] = ['Open', 'Acknowledged', 'Reopened'];

/** @param now milliseconds since the epoch */
export function matchesFilters(alert: Alert, filters: AlertFilters, now: number): boolean {
  const { finding, status } = alert;
  const { resource, apiGroup, namespace } = finding.targetRef;
  const states = filters.state.length > 0 ? filters.state : filters.all ? STATES : PENDING;
  return (
    states.includes(stateOf(alert)) &&
    anyOf(filters.rule, (text) => isRule(finding.rule, text)) &&
    atLeast(finding.severity, filters.severity) &&
    anyOf(filters.actor, (text) =>
      [finding.actor, finding.impersonated, ...Object.keys(status?.actors ?? {})].includes(text),
    ) &&
    anyOf(filters.namespace, (text) => namespace === text) &&
    anyOf(filters.resource, (text) => [resource, `${resource}.${apiGroup}`].includes(text)) &&
    anyOf(filters.operation, (text) => finding.operation === text) &&
    anyOf(filters.outcome, (text) => finding.outcome.toLowerCase() === text.toLowerCase()) &&
    wasSeenSince(status?.lastSeen, filters.since, now)
  );
}

/** Whether anything was asked for, besides that there is something left to do. */
export function isSelective({
  rule,
  severity,
  state,
  actor,
  namespace,
  resource,
  operation,
  outcome,
  since,
}: AlertFilters): boolean {
  const lists = [rule, state, actor, namespace, resource, operation, outcome];
  return lists.some((list) => list.length > 0) || severity !== undefined || since !== undefined;
}

export function stateOf({ status }: Alert): State {
  return status?.state ?? 'Open';
}

function anyOf(wanted: readonly string[], matches: (text: string) => boolean): boolean {
  return wanted.length === 0 || wanted.some(matches);
}

function isRule({ name, id, title }: Alert['finding']['rule'], text: string): boolean {
  return name === text || id?.toLowerCase() === text.toLowerCase() || title.toLowerCase().includes(text.toLowerCase());
}

function atLeast(severity: Severity, least: Severity | undefined): boolean {
  return least === undefined || SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}

function wasSeenSince(lastSeen: string | undefined, since: string | undefined, now: number): boolean {
  const duration = since === undefined ? undefined : parseDuration(since);
  return duration === undefined || Date.parse(lastSeen ?? '') >= now - duration;
}
