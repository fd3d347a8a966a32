import type { AuditEvent } from './event.ts';

/** What a request touched. */
export type Target = ObjectTarget | PathTarget;

export interface ObjectTarget {
  readonly kind: 'object';
  /** Empty for the core group. */
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty for cluster-scoped objects and requests over all namespaces. */
  readonly namespace: string;
  /** The object's name; `generateName*` where only the prefix is known; empty where no name is known or there is none. */
  readonly name: string;
  readonly uid: string | undefined;
}

interface PathTarget {
  readonly kind: 'path';
  /** A path that is no resource (`/version`), without its query. */
  readonly path: string;
}

/** The target of a request, from the server's reading of the path; a created object's name may come from the bodies. */
export function target(event: AuditEvent): Target {
  const ref = event.objectRef;
  if (ref?.resource === undefined) return { kind: 'path', path: pathOf(event.requestURI ?? '') };
  return {
    kind: 'object',
    apiGroup: ref.apiGroup ?? '',
    apiVersion: ref.apiVersion ?? '',
    resource: ref.resource,
    subresource: ref.subresource ?? '',
    namespace: ref.namespace ?? '',
    name: ref.name || (event.verb === 'create' ? createdName(event) : ''),
    uid: ref.uid,
  };
}

function pathOf(requestURI: string): string {
  const query = requestURI.indexOf('?');
  return query < 0 ? requestURI : requestURI.slice(0, query);
}

/** The server's answer knows the name that `generateName` became; a denied create has only the request. */
function createdName(event: AuditEvent): string {
  const name = metadataText(event.responseObject, 'name') || metadataText(event.requestObject, 'name');
  if (name !== '') return name;
  const prefix = metadataText(event.requestObject, 'generateName');
  return prefix === '' ? '' : `${prefix}*`;
}

function metadataText(body: unknown, field: 'name' | 'generateName'): string {
  if (!isObject(body) || !isObject(body.metadata)) return '';
  const value = body.metadata[field];
  return typeof value === 'string' ? value : '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
