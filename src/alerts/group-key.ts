import { type AuditEvent, actor, type OperationClass, type Outcome, operationClass, outcome, target, UNAUTHENTICATED } from '../audit/index.ts';

/** What distinguishes one Alert of a rule from another (design, semantics 6). Raw values, as the audit event has them. */
export interface GroupKey {
  readonly cluster: string;
  readonly actor: string;
  readonly impersonated?: string;
  readonly operation: OperationClass;
  readonly outcome: Outcome;
  readonly target: GroupTarget;
}

export interface GroupTarget {
  readonly apiGroup?: string;
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Of requests that are not about a resource. */
  readonly path?: string;
}

/**
 * The group of an event. Of people the target is the object, without its subresource; of service accounts, `system:`
 * identities and unauthenticated requests it is the resource and the namespace, because one of these touches many objects
 * in the course of its work, or can make up as many as it likes.
 */
export function groupKey(event: AuditEvent, cluster: string): GroupKey {
  const who = actor(event);
  const on = target(event);
  return {
    cluster,
    actor: who.name,
    ...(who.impersonated !== undefined && { impersonated: who.impersonated }),
    operation: operationClass(event),
    outcome: outcome(event),
    target: {
      ...(on.apiGroup !== undefined && { apiGroup: on.apiGroup }),
      ...(on.resource !== undefined && { resource: on.resource }),
      ...(on.namespace !== undefined && { namespace: on.namespace }),
      ...(on.name !== undefined && isPerson(who.name) && { name: on.name }),
      ...(on.path !== undefined && { path: on.path }),
    },
  };
}

function isPerson(name: string): boolean {
  return !name.startsWith('system:') && name !== UNAUTHENTICATED;
}
