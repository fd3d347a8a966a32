import type { AuditEvent, ObjectReference } from '../event.ts';
import { isObject, type JsonObject, objectAt, textAt } from './audit-format.ts';

/** Whether it is an entry of Google Cloud's audit logs. */
export function isCloudAuditEntry(object: JsonObject): boolean {
  return textAt(objectAt(object, 'protoPayload'), '@type') === 'type.googleapis.com/google.cloud.audit.AuditLog';
}

/**
 * The audit event that an entry of GKE's audit log was made of, as far as it can be told; `undefined` for entries that
 * are not about a cluster's API server (`serviceName` other than `k8s.io`). What cannot be told is absent: see
 * docs/reference/formats.md. The verb, the path and the object are read from `methodName` and `resourceName`.
 */
export function gkeEvent(entry: JsonObject): AuditEvent | undefined {
  const payload = objectAt(entry, 'protoPayload');
  const verb = textAt(payload, 'methodName')?.split('.').at(-1);
  if (payload === undefined || verb === undefined || textAt(payload, 'serviceName') !== 'k8s.io') return undefined;
  const operation = objectAt(entry, 'operation');
  const metadata = objectAt(payload, 'requestMetadata');
  const username = textAt(objectAt(payload, 'authenticationInfo'), 'principalEmail');
  const target = requestTarget(payload);
  const callerIp = textAt(metadata, 'callerIp');
  const request = withoutType(payload['request']);
  const response = withoutType(payload['response']);
  return present({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: response !== undefined ? 'RequestResponse' : request !== undefined ? 'Request' : 'Metadata',
    auditID: textAt(operation, 'id') ?? textAt(entry, 'insertId'),
    stage: operation?.['first'] === true && operation['last'] !== true ? 'ResponseStarted' : 'ResponseComplete',
    requestURI: target.path,
    verb,
    user: username === undefined ? undefined : { username },
    sourceIPs: callerIp === undefined ? undefined : [callerIp],
    userAgent: textAt(metadata, 'callerSuppliedUserAgent'),
    objectRef: target.object,
    responseStatus: responseStatus(payload, response),
    requestObject: request,
    responseObject: response,
    stageTimestamp: textAt(entry, 'timestamp'),
    annotations: texts(objectAt(entry, 'labels')),
  });
}

/** `core/v1/namespaces/default/pods/web/exec`; for a path that is no resource, the path without its first slash. */
function requestTarget(payload: JsonObject): { path: string | undefined; object: ObjectReference | undefined } {
  const name = textAt(payload, 'resourceName');
  if (name === undefined) return { path: undefined, object: undefined };
  const isPath = textAt(payload, 'methodName')?.split('.').length === 3;
  const [group = '', version = '', ...rest] = name.split('/');
  if (isPath || rest.length === 0) return { path: `/${name}`, object: undefined };
  const path = group === 'core' ? `/api/${version}/${rest.join('/')}` : `/apis/${name}`;
  const core = group === 'core' ? {} : { apiGroup: group };
  return { path, object: { ...objectIn(rest), ...core, apiVersion: version } };
}

const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(['status', 'finalize']);

/** As kube-apiserver reads the parts of a path behind the version. */
function objectIn(parts: readonly string[]): ObjectReference {
  const [first, second, third = ''] = parts;
  const isNamespaced = first === 'namespaces' && parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(third);
  const [resource, name, subresource] = isNamespaced ? parts.slice(2) : parts;
  const namespace = first === 'namespaces' ? second : undefined;
  return present({ resource, namespace, name, subresource });
}

/** google.rpc.Code as an HTTP status. What Kubernetes calls AlreadyExists and Conflict are both 409. */
const HTTP_STATUS: Readonly<Record<number, number>> = Object.freeze({
  0: 200,
  1: 499,
  2: 500,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  11: 400,
  12: 501,
  13: 500,
  14: 503,
  15: 500,
  16: 401,
});

function responseStatus(payload: JsonObject, response: unknown): AuditEvent['responseStatus'] {
  const status = objectAt(payload, 'status');
  const code = status?.['code'] ?? 0;
  const said = isObject(response) && response['kind'] === 'Status' ? response['code'] : undefined;
  const known = typeof code === 'number' ? HTTP_STATUS[code] : undefined;
  return present({ code: typeof said === 'number' ? said : known, message: textAt(status, 'message') });
}

function withoutType(body: unknown): unknown {
  if (!isObject(body)) return body ?? undefined;
  const { '@type': _type, ...rest } = body;
  return rest;
}

function texts(labels: JsonObject | undefined): Record<string, string> | undefined {
  if (labels === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(labels).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> } & {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K];
};

/** Without the fields that are undefined: absent is the only way to be absent. */
function present<T extends object>(fields: T): Present<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only undefined fields were left out
  return Object.fromEntries(entries) as Present<T>;
}
