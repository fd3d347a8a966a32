import type { AuditEvent } from './event.ts';

/** What a request does, coarsely enough to group by: semantics of the audit verbs, not of the object. */
export type OperationClass = 'create' | 'change' | 'delete' | 'read' | 'connect' | 'other';

const CLASS_BY_VERB: ReadonlyMap<string, OperationClass> = new Map([
  ['create', 'create'],
  ['update', 'change'],
  ['patch', 'change'],
  ['delete', 'delete'],
  ['deletecollection', 'delete'],
  ['get', 'read'],
  ['list', 'read'],
  ['watch', 'read'],
  ['head', 'read'],
]);

const CONNECT_SUBRESOURCES: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy']);

/** Whether the request opens a channel into a pod, service or node; its verb is then only the HTTP method's. */
export function isConnect(event: AuditEvent): boolean {
  return (
    event.verb === 'proxy' || event.verb === 'connect' || CONNECT_SUBRESOURCES.has(event.objectRef?.subresource ?? '')
  );
}

/** The class of a request: `connect` by subresource, else by verb; verbs that are none of Kubernetes' are `other`. */
export function operationClass(event: AuditEvent): OperationClass {
  return isConnect(event) ? 'connect' : (CLASS_BY_VERB.get(event.verb) ?? 'other');
}
