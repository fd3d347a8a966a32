import type { AuditEvent } from '../event.ts';

type Check = (value: unknown) => boolean;

const isString: Check = (value) => typeof value === 'string';
const isStrings: Check = (value) => Array.isArray(value) && value.every(isString);
const isStringMap: Check = (value) => isObject(value) && Object.values(value).every(isString);

const USER = {
  username: isString,
  uid: isString,
  groups: isStrings,
  extra: (value: unknown) => isObject(value) && Object.values(value).every(isStrings),
};

/** The fields whose types `AuditEvent` promises. What is not listed is passed on as it is. */
const FIELDS: Readonly<Record<string, Check>> = {
  level: isString,
  auditID: isString,
  requestURI: isString,
  user: record(USER),
  impersonatedUser: record(USER),
  authenticationMetadata: record({ impersonationConstraint: isString }),
  sourceIPs: isStrings,
  userAgent: isString,
  objectRef: record({
    resource: isString,
    namespace: isString,
    name: isString,
    uid: isString,
    apiGroup: isString,
    apiVersion: isString,
    resourceVersion: isString,
    subresource: isString,
  }),
  responseStatus: record({ status: isString, message: isString, reason: isString, code: (v) => typeof v === 'number' }),
  requestReceivedTimestamp: isString,
  stageTimestamp: isString,
  annotations: isStringMap,
};

const hasTypedFields = record(FIELDS);

/**
 * Whether a parsed JSON value is an audit event with the types that `AuditEvent` promises. A `null` in such a field
 * (some forwarders write it) is removed: absent is the only way to be absent.
 */
export function isAuditEvent(value: unknown): value is AuditEvent {
  if (!isObject(value) || value.kind !== 'Event') return false;
  if (typeof value.apiVersion !== 'string' || !value.apiVersion.startsWith('audit.k8s.io/')) return false;
  return typeof value.stage === 'string' && typeof value.verb === 'string' && hasTypedFields(value);
}

/** An item of an `EventList` with the kind and apiVersion that lists leave out; anything else as it is. */
export function withType(item: unknown, apiVersion = 'audit.k8s.io/v1'): unknown {
  return isObject(item) && !('kind' in item) && !('apiVersion' in item) ? { kind: 'Event', apiVersion, ...item } : item;
}

function record(fields: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(fields);
  return (value) => isObject(value) && checks.every(([field, check]) => isAbsent(value, field) || check(value[field]));
}

function isAbsent(object: Record<string, unknown>, field: string): boolean {
  if (object[field] === null) delete object[field];
  return object[field] === undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
