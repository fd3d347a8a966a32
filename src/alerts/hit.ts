import { type AuditRecord, actor, type ObjectTarget, type Position, target, trustedSourceIP } from '../audit/index.ts';

/** One request that matched a rule, reduced to what its Alert and its Events tell. Raw values, as the audit event has them. */
export interface Hit {
  /** Where its audit event ends in the partition's log. */
  readonly position: Position;
  /** RFC 3339, by the API server's clock: when the request was received. */
  readonly time: string;
  readonly ruleHash: string;
  readonly auditID: string;
  readonly verb: string;
  readonly requestURI: string;
  /** The object that was touched; undefined for requests that are not about a resource. */
  readonly touched: TouchedObject | undefined;
  readonly sourceIP: string;
  readonly userAgent: string;
  readonly code: number | undefined;
  /** Namespace and name of the pod to which the actor's token was issued. */
  readonly pod: string | undefined;
  /** The bodies were cut off in the log and the rule tests them: it may or may not match (semantics 11). */
  readonly undetermined: boolean;
}

/** The object of a request, and what its bodies, where they are logged, tell of its kind and uid. */
export type TouchedObject = Pick<
  ObjectTarget,
  'apiGroup' | 'apiVersion' | 'resource' | 'subresource' | 'namespace' | 'name' | 'uid'
>;

export function hit(record: AuditRecord, ruleHash: string, undetermined: boolean): Hit {
  const { event, position } = record;
  const on = target(event);
  return {
    position,
    time: [event.requestReceivedTimestamp, event.stageTimestamp].find(isTime) ?? NO_TIME,
    ruleHash,
    auditID: event.auditID ?? '',
    verb: event.verb,
    requestURI: event.requestURI ?? '',
    touched: on.kind === 'object' ? on : undefined,
    sourceIP: trustedSourceIP(event) ?? '',
    userAgent: event.userAgent ?? '',
    code: event.responseStatus?.code,
    pod: podOf(record),
    undetermined,
  };
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function isTime(time: string | undefined): time is string {
  return time !== undefined && RFC3339.test(time) && !Number.isNaN(Date.parse(time));
}

/** Of an event without a time, which kube-apiserver does not write. */
const NO_TIME = '1970-01-01T00:00:00Z';

function podOf({ event }: AuditRecord): string | undefined {
  const { username, pod } = actor(event);
  const [, , namespace = ''] = username.split(':');
  return pod === undefined ? undefined : `${namespace}/${pod.name}`;
}
