import {
  type Actor,
  type AuditRecord,
  actor,
  isDryRun,
  type ObjectTarget,
  type OperationClass,
  type Outcome,
  operationClass,
  outcome,
  type Position,
  target,
  trustedSourceIP,
} from '../audit/index.ts';

/** One request that matched a rule, reduced to what its Alert and its Events tell. Raw values, as the audit event has them. */
export interface Hit {
  /** Where its audit event ends in the partition's log. */
  readonly position: Position;
  /** RFC 3339, by the API server's clock: when the request was received. */
  readonly time: string;
  readonly ruleHash: string;
  readonly auditID: string;
  readonly actor: string;
  /** As whom the actor acted, if as anybody else. */
  readonly impersonated: string | undefined;
  readonly verb: string;
  readonly operation: OperationClass;
  readonly requestURI: string;
  /** The object that was touched; undefined for requests that are not about a resource. */
  readonly touched: TouchedObject | undefined;
  readonly sourceIP: string;
  readonly userAgent: string;
  readonly code: number | undefined;
  readonly outcome: Outcome;
  /** Namespace and name of the pod to which the actor's token was issued. */
  readonly pod: string | undefined;
  /** The bodies were cut off in the log and the rule tests them: it may or may not match (semantics 11). */
  readonly undetermined: boolean;
  /** A server-side dry run: it changed nothing. */
  readonly dryRun: boolean;
}

/** The object of a request, and what its bodies, where they are logged, tell of its kind and uid. */
export type TouchedObject = Pick<
  ObjectTarget,
  'apiGroup' | 'apiVersion' | 'resource' | 'subresource' | 'namespace' | 'name' | 'uid'
>;

export function hit(record: AuditRecord, ruleHash: string, undetermined: boolean): Hit {
  const { event, position } = record;
  const on = target(event);
  const who = actor(event);
  return {
    position,
    time: [event.requestReceivedTimestamp, event.stageTimestamp].find(isTime) ?? NO_TIME,
    ruleHash,
    auditID: event.auditID ?? '',
    actor: who.username,
    impersonated: who.impersonated?.username,
    verb: event.verb,
    operation: operationClass(event),
    requestURI: event.requestURI ?? '',
    touched: on.kind === 'object' ? on : undefined,
    sourceIP: trustedSourceIP(event) ?? '',
    userAgent: event.userAgent ?? '',
    code: event.responseStatus?.code,
    outcome: outcome(event),
    pod: podOf(who),
    undetermined,
    dryRun: isDryRun(event),
  };
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function isTime(time: string | undefined): time is string {
  return time !== undefined && RFC3339.test(time) && !Number.isNaN(Date.parse(time));
}

/** Of an event without a time, which kube-apiserver does not write. */
const NO_TIME = '1970-01-01T00:00:00Z';

function podOf({ username, pod }: Actor): string | undefined {
  const [, , namespace = ''] = username.split(':');
  return pod === undefined ? undefined : `${namespace}/${pod.name}`;
}
