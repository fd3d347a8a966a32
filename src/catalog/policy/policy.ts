/** How much of a request is logged, from nothing to both bodies (audit.k8s.io/v1, Level). */
export const AUDIT_LEVELS = Object.freeze(['None', 'Metadata', 'Request', 'RequestResponse'] as const);
export type AuditLevel = (typeof AUDIT_LEVELS)[number];

/** audit.k8s.io/v1, Stage, in the order in which a request reaches them. */
export const AUDIT_STAGES = Object.freeze(['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const);
export type PolicyStage = (typeof AUDIT_STAGES)[number];

/** A Policy of audit.k8s.io/v1, every list present. */
export interface AuditPolicy {
  readonly omitStages: readonly PolicyStage[];
  readonly omitManagedFields: boolean;
  /** In their order; the first that matches a request decides. Never empty. */
  readonly rules: readonly AuditPolicyRule[];
}

/** An empty list constrains nothing. A rule with namespaces or resources is about resources, one with nonResourceURLs about other paths. */
export interface AuditPolicyRule {
  readonly level: AuditLevel;
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
  readonly verbs: readonly string[];
  readonly resources: readonly GroupResources[];
  /** Requests that have no namespace have the empty one. */
  readonly namespaces: readonly string[];
  readonly nonResourceURLs: readonly string[];
  /** Added to those of the policy. */
  readonly omitStages: readonly PolicyStage[];
  /** Instead of the policy's. */
  readonly omitManagedFields?: boolean;
}

export interface GroupResources {
  /** Empty for the core group; `*` for every group. */
  readonly group: string;
  /** `pods`, `pods/log`, `pods/*` (pods and all that is under them), `*\/scale` or `*`; empty for every resource of the group. */
  readonly resources: readonly string[];
  /** Names as in the path of the request; a request without one has the empty name. */
  readonly resourceNames: readonly string[];
}

/** The higher of two levels. */
export function higherLevel(a: AuditLevel, b: AuditLevel): AuditLevel {
  return isAtLeast(a, b) ? a : b;
}

/** Whether a level logs all that another one logs. */
export function isAtLeast(level: AuditLevel, other: AuditLevel): boolean {
  return AUDIT_LEVELS.indexOf(level) >= AUDIT_LEVELS.indexOf(other);
}
