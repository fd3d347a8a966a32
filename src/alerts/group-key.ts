import {
  type AuditEvent,
  actor,
  type OperationClass,
  type Outcome,
  operationClass,
  outcome,
  target,
} from '../audit/index.ts';

/** What distinguishes one Alert of a rule from another (design, semantics 6). Raw values, as the audit event has them. */
export interface GroupKey {
  readonly cluster: string;
  readonly actor: string;
  readonly impersonated: string | undefined;
  readonly operation: OperationClass;
  readonly outcome: Outcome;
  readonly target: GroupTarget;
}

/** Empty where the request has no such part, or where the group spans over it. */
export interface GroupTarget {
  readonly apiGroup: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** Of requests that are not about a resource. */
  readonly path: string;
}

/**
 * The group of an event. Of people the target is the object, without its subresource; of service accounts, `system:`
 * identities and unauthenticated requests it is the resource and the namespace, because one of these touches many objects
 * in the course of its work, or can make up as many as it likes.
 */
export function groupKey(event: AuditEvent, cluster: string): GroupKey {
  const who = actor(event);
  return {
    cluster,
    actor: who.username,
    impersonated: who.impersonated?.username,
    operation: operationClass(event),
    outcome: outcome(event),
    target: groupTarget(event, who.kind === 'User'),
  };
}

function groupTarget(event: AuditEvent, byObject: boolean): GroupTarget {
  const on = target(event);
  if (on.kind === 'path') return { apiGroup: '', resource: '', namespace: '', name: '', path: byObject ? on.path : '' };
  const { apiGroup, resource, namespace, name } = on;
  return { apiGroup, resource, namespace, name: byObject ? name : '', path: '' };
}
