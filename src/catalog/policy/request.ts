import type { AuditEvent } from '../../audit/index.ts';

/** What kube-apiserver knows of a request when it asks the audit policy: who, and what the path says. */
export interface PolicyRequest {
  /** Absent where authentication failed. */
  readonly user?: { readonly name: string; readonly groups: readonly string[] };
  readonly verb: string;
  /** What the path names; absent for a path that is no resource. */
  readonly resource?: PolicyResource;
  /** Without the query. */
  readonly path: string;
}

/** Every attribute may be empty. */
export interface PolicyResource {
  readonly apiGroup: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * The request of an event. The name of a created object is not in the path but comes from the body, and so was unknown to the policy; a failed
 * authentication has no user.
 */
export function policyRequestOf(event: AuditEvent): PolicyRequest {
  const { objectRef, user, verb, requestURI = '' } = event;
  const [path = ''] = requestURI.split('?');
  const who = user?.username ? { user: { name: user.username, groups: user.groups ?? [] } } : {};
  if (objectRef?.resource === undefined) return { ...who, verb, path };
  const { apiGroup = '', resource, subresource = '', namespace = '', name = '' } = objectRef;
  const named = verb !== 'create' || subresource !== '';
  return { ...who, verb, path, resource: { apiGroup, resource, subresource, namespace, name: named ? name : '' } };
}
