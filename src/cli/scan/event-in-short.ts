import type { AuditEvent } from '../../audit/index.ts';

const LONG = 1024;
const SHORT = 256;
const LIST = 16;

/**
 * What a report tells of an event: who did what to which object, from where, and the answer, under the names of `audit.k8s.io/v1`. Bounded; never a body.
 */
export function eventInShort(event: AuditEvent): object {
  const { user, impersonatedUser, objectRef, responseStatus, annotations } = event;
  const decision = annotations?.['authorization.k8s.io/decision'];
  return {
    auditID: cut(event.auditID, SHORT),
    stage: cut(event.stage, SHORT),
    level: cut(event.level, SHORT),
    requestReceivedTimestamp: cut(event.requestReceivedTimestamp, SHORT),
    verb: cut(event.verb, SHORT),
    user: user && { username: cut(user.username, SHORT), groups: cutAll(user.groups) },
    impersonatedUser: impersonatedUser && { username: cut(impersonatedUser.username, SHORT) },
    sourceIPs: cutAll(event.sourceIPs),
    userAgent: cut(event.userAgent, SHORT),
    requestURI: cut(event.requestURI, LONG),
    objectRef: objectRef && {
      apiGroup: cut(objectRef.apiGroup, SHORT),
      resource: cut(objectRef.resource, SHORT),
      subresource: cut(objectRef.subresource, SHORT),
      namespace: cut(objectRef.namespace, SHORT),
      name: cut(objectRef.name, SHORT),
    },
    responseStatus: responseStatus && { code: responseStatus.code, reason: cut(responseStatus.reason, SHORT) },
    annotations: decision === undefined ? undefined : { 'authorization.k8s.io/decision': cut(decision, SHORT) },
  };
}

/** The last ones of a list: the last source IP is the one that the server saw. */
function cutAll(texts: readonly string[] | undefined): readonly (string | undefined)[] | undefined {
  return texts?.slice(-LIST).map((text) => cut(text, SHORT));
}

function cut(text: string | undefined, limit: number): string | undefined {
  return text === undefined || text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
