/**
 * In which shape audit events come.
 *
 * - `Kubernetes`: `Event` and `EventList` of `audit.k8s.io`, as kube-apiserver writes them.
 * - `EKS`: CloudWatch Logs' subscription records; the events are texts in them.
 * - `AKS`: Azure Monitor's records, as Event Hubs carry them; the events are texts in them.
 * - `GKE`: log entries of Cloud Audit Logs, which are no audit events: see `gkeEvent`.
 * - `Auto`: any of these, also in the envelopes of forwarders, each recognised by what it is.
 */
export type AuditFormat = 'Auto' | 'Kubernetes' | 'EKS' | 'AKS' | 'GKE';

/** A JSON object that was parsed, and is not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `undefined` for anything else. */
export function textAt(object: JsonObject | undefined, key: string): string | undefined {
  const value = object?.[key];
  return typeof value === 'string' ? value : undefined;
}

/** `undefined` for anything else. */
export function objectAt(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object?.[key];
  return isObject(value) ? value : undefined;
}
