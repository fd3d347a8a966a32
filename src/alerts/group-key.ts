import {
  type Actor,
  type AuditEvent,
  actor,
  type OperationClass,
  type Outcome,
  operationClass,
  outcome,
  target,
} from '../audit/index.ts';
import { cronJobOf } from './cron-job.ts';
import type { Grouping } from './group-by.ts';

/**
 * What distinguishes one Alert of a rule from another (design, semantics 6). Raw values, as the audit event has them;
 * undefined where the group spans all.
 */
export interface GroupKey {
  readonly cluster: string;
  readonly actor: string | undefined;
  /** As whom the actor acted; undefined also where as nobody else. */
  readonly impersonated: string | undefined;
  readonly operation: OperationClass | undefined;
  readonly outcome: Outcome | undefined;
  readonly target: GroupTarget;
  /** Of a correlation, which is about several requests: the values of its `group-by` in which they agree. */
  readonly correlated?: Readonly<Record<string, string>>;
}

/** Fields are empty where the request has no such part, or where the group spans all of them. */
export interface GroupTarget {
  /** `any`: the group spans resources and request paths. `overflow`: what found no room in Alerts of its own. */
  readonly kind: 'object' | 'path' | 'any' | 'overflow';
  readonly apiGroup: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** Of Jobs that belong to a CronJob and are grouped under it: the CronJob's name. */
  readonly cronJob: string;
  /** Of requests that are not about a resource. */
  readonly path: string;
}

const NOWHERE: GroupTarget = Object.freeze({
  kind: 'any',
  apiGroup: '',
  resource: '',
  namespace: '',
  name: '',
  cronJob: '',
  path: '',
});

/** The group of what finds no room in Alerts of its own: one for each rule, whoever did what. */
export const OVERFLOW_KEY: GroupKey = Object.freeze({
  cluster: '',
  actor: undefined,
  impersonated: undefined,
  operation: undefined,
  outcome: undefined,
  target: Object.freeze({ ...NOWHERE, kind: 'overflow' }),
});

/** The group of a correlation's firing: it may have no actor, operation or target in common, but it has values. */
export function correlationKey(cluster: string, values: Readonly<Record<string, string>>): GroupKey {
  return { ...OVERFLOW_KEY, cluster, target: NOWHERE, correlated: values };
}

/** The group of an event. Subresources, API versions, addresses and clients vary within what people call one thing. */
export function groupKey(event: AuditEvent, cluster: string, by: Grouping): GroupKey {
  const who = actor(event);
  return {
    cluster,
    actor: by.actor ? who.username : undefined,
    impersonated: by.actor ? who.impersonated?.username : undefined,
    operation: by.operation ? operationClass(event) : undefined,
    outcome: by.outcome ? outcome(event) : undefined,
    target: groupTarget(event, who, by),
  };
}

function groupTarget(event: AuditEvent, who: Actor, by: Grouping): GroupTarget {
  const on = target(event);
  const byObject = by.objects === 'Everybody' || (by.objects === 'People' && who.kind === 'User');
  if (!by.resource) return { ...NOWHERE, namespace: by.namespace && on.kind === 'object' ? on.namespace : '' };
  if (on.kind === 'path') return { ...NOWHERE, kind: 'path', path: byObject ? on.path : '' };
  const { apiGroup, resource } = on;
  const group = {
    ...NOWHERE,
    kind: 'object',
    apiGroup,
    resource,
    namespace: by.namespace ? on.namespace : '',
  } as const;
  if (!byObject) return group;
  const cronJob = cronJobOf(event, who, on);
  return cronJob === undefined ? { ...group, name: on.name } : { ...group, cronJob };
}
