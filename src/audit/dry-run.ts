import { bodiesUnknown } from './bodies-unknown.ts';
import type { AuditEvent } from './event.ts';
import { isConnect } from './operation-class.ts';

/**
 * Whether the API server ran the request as a server-side dry run, so that nothing was changed.
 *
 * Dry runs are left out by default, so this must not believe what the server ignores: a caller can append `dryRun=All`
 * to any URL. It counts only where kube-apiserver honours it:
 * - verbs create, update and patch: the query parameter;
 * - verbs delete and deletecollection: the `DeleteOptions` body, and the query only where there was no body. Below
 *   level Request the log does not show whether there was one, so such a delete counts as real;
 * - never for exec, attach, portforward and proxy, nor for token requests and reviews, which answer in full.
 */
export function isDryRun(event: AuditEvent): boolean {
  switch (event.verb) {
    case 'create':
    case 'update':
    case 'patch':
      return honoursDryRun(event) && queryAsksForDryRun(event.requestURI);
    case 'delete':
    case 'deletecollection':
      return honoursDryRun(event) && deleteIsDryRun(event);
    default:
      return false;
  }
}

function honoursDryRun(event: AuditEvent): boolean {
  const ref = event.objectRef;
  if (ref === undefined || isConnect(event)) return false;
  if (ref.resource === 'serviceaccounts' && ref.subresource === 'token') return false;
  return ref.apiGroup !== 'authentication.k8s.io' && ref.apiGroup !== 'authorization.k8s.io';
}

function deleteIsDryRun(event: AuditEvent): boolean {
  const body = event.requestObject;
  if (body !== undefined) {
    if (typeof body !== 'object' || body === null || !('dryRun' in body)) return false;
    return Array.isArray(body.dryRun) && body.dryRun.includes('All');
  }
  const bodyWouldBeLogged = (event.level === 'Request' || event.level === 'RequestResponse') && !bodiesUnknown(event);
  return bodyWouldBeLogged && queryAsksForDryRun(event.requestURI);
}

/** Every value that the server accepts is `All`; it refuses the request (422) for any other. */
function queryAsksForDryRun(requestURI: string | undefined): boolean {
  const start = requestURI?.indexOf('?') ?? -1;
  if (requestURI === undefined || start < 0) return false;
  return new URLSearchParams(requestURI.slice(start + 1)).getAll('dryRun').includes('All');
}
