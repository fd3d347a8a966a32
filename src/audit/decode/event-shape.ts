import type { AuditEvent } from '../event.ts';

/**
 * Whether a parsed JSON value is an audit event with the types that `AuditEvent` promises. A `null` in such a field
 * (some forwarders write it) is removed: absent is the only way to be absent. What `AuditEvent` does not name is passed on as it is.
 */
export function isAuditEvent(value: unknown): value is AuditEvent {
  return isTypedEvent(value) || (isObject(value) && removeNulls(value) && isTypedEvent(value));
}

/** An item of an `EventList` with the kind and apiVersion that lists leave out; anything else as it is. */
export function withType(item: unknown): unknown {
  return lacksType(item) ? { kind: 'Event', apiVersion: 'audit.k8s.io/v1', ...item } : item;
}

/** The same where the item is nobody else's: it is changed, which is quicker. */
export function addType(item: unknown, apiVersion = 'audit.k8s.io/v1'): unknown {
  return lacksType(item) ? Object.assign(item, { kind: 'Event', apiVersion }) : item;
}

function lacksType(item: unknown): item is object {
  return isObject(item) && !('kind' in item) && !('apiVersion' in item);
}

function isTypedEvent(value: unknown): boolean {
  if (!isObject(value) || value.kind !== 'Event') return false;
  if (typeof value.apiVersion !== 'string' || !value.apiVersion.startsWith('audit.k8s.io/')) return false;
  return (
    typeof value.stage === 'string' &&
    typeof value.verb === 'string' &&
    isText(value.level) &&
    isText(value.auditID) &&
    isText(value.requestURI) &&
    isUser(value.user) &&
    isUser(value.impersonatedUser) &&
    isAuthenticationMetadata(value.authenticationMetadata) &&
    isTexts(value.sourceIPs) &&
    isText(value.userAgent) &&
    isReference(value.objectRef) &&
    isStatus(value.responseStatus) &&
    isText(value.requestReceivedTimestamp) &&
    isText(value.stageTimestamp) &&
    isTextMap(value.annotations)
  );
}

// Each of the following checks accepts what is absent, too. Fields are read by their names: so they are found fast, whatever else events have.

function isText(value: unknown): boolean {
  return typeof value === 'string' || value === undefined;
}

function isTexts(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every((text) => typeof text === 'string'));
}

function isTextMap(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isObject(value)) return false;
  for (const key in value) if (typeof value[key] !== 'string') return false;
  return true;
}

function isUser(value: unknown): boolean {
  if (value === undefined) return true;
  return (
    isObject(value) && isText(value.username) && isText(value.uid) && isTexts(value.groups) && isExtra(value.extra)
  );
}

function isExtra(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isObject(value)) return false;
  for (const key in value) if (value[key] === undefined || !isTexts(value[key])) return false;
  return true;
}

function isAuthenticationMetadata(value: unknown): boolean {
  return value === undefined || (isObject(value) && isText(value.impersonationConstraint));
}

function isReference(value: unknown): boolean {
  if (value === undefined) return true;
  return (
    isObject(value) &&
    isText(value.resource) &&
    isText(value.namespace) &&
    isText(value.name) &&
    isText(value.uid) &&
    isText(value.apiGroup) &&
    isText(value.apiVersion) &&
    isText(value.resourceVersion) &&
    isText(value.subresource)
  );
}

function isStatus(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isObject(value) || !isText(value.status) || !isText(value.message)) return false;
  return isText(value.reason) && (value.code === undefined || typeof value.code === 'number');
}

const USER = ['username', 'uid', 'groups', 'extra'];

/** By the maps of an event, their fields; `''` for its own. */
const NULLABLE: Readonly<Record<string, readonly string[]>> = {
  user: USER,
  impersonatedUser: USER,
  authenticationMetadata: ['impersonationConstraint'],
  objectRef: ['resource', 'namespace', 'name', 'uid', 'apiGroup', 'apiVersion', 'resourceVersion', 'subresource'],
  responseStatus: ['status', 'message', 'reason', 'code'],
  '': [
    'level',
    'auditID',
    'requestURI',
    'user',
    'impersonatedUser',
    'authenticationMetadata',
    'sourceIPs',
    'userAgent',
    'objectRef',
    'responseStatus',
    'requestReceivedTimestamp',
    'stageTimestamp',
    'annotations',
  ],
};

/** Whether there were any. */
function removeNulls(event: Record<string, unknown>): boolean {
  let removed = false;
  for (const [name, fields] of Object.entries(NULLABLE)) {
    const map = name === '' ? event : event[name];
    if (!isObject(map)) continue;
    for (const field of fields) {
      if (map[field] !== null) continue;
      delete map[field];
      removed = true;
    }
  }
  return removed;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
