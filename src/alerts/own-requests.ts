import type { AuditEvent } from '../audit/index.ts';

/** Who the operator is, and where: enough to recognise its own writes in the log (semantics 4). */
export interface OwnIdentity {
  /** The user name that the API server knows it by. */
  readonly username: string;
  /** The namespace of its Leases and placeholders. */
  readonly namespace: string;
  /** Resources, as `resource.group`, whose objects it looks up for their metadata. */
  readonly lookUps: ReadonlySet<string>;
  /** The ConfigMap with the placeholders of rules, in that namespace. */
  readonly placeholders: string;
  /** Whether the ttl of an Alert had run out at a time, in milliseconds since the epoch. False where it is not known. */
  readonly hasExpired: (alert: string, at: number) => boolean;
}

/**
 * Whether the request is one that the operator makes in the course of its work: writes of Alerts, their statuses, Events,
 * Leases and the statuses of its own kinds, reads of its placeholders, metadata look-ups of touched objects, and deletes of
 * Alerts whose ttl has run out. Anything else done with its identity, e.g. by somebody who has its token, is not: that is detected like anybody's. An Alert
 * that is deleted before its time is evidence that somebody removes.
 */
export function isOwnRequest(event: AuditEvent, own: OwnIdentity): boolean {
  if (event.user?.username !== own.username || event.impersonatedUser !== undefined) return false;
  const { verb, objectRef: on } = event;
  if (verb === undefined || on?.resource === undefined) return false;
  const resource = `${on.resource}.${on.apiGroup ?? ''}`;
  if (on.subresource === undefined && verb === 'get' && own.lookUps.has(resource)) return true;
  if (resource === LEASES) return on.namespace === own.namespace && (OWN_VERBS[resource]?.includes(verb) ?? false);
  if (resource === CONFIG_MAPS && on.subresource === undefined) {
    return on.namespace === own.namespace && on.name === own.placeholders && (verb === 'list' || verb === 'watch');
  }
  const deleted = deletedAlert(event, own);
  if (deleted !== undefined) return own.hasExpired(deleted.name, deleted.at);
  const scoped = on.subresource === undefined ? resource : `${resource}/${on.subresource}`;
  return OWN_VERBS[scoped]?.includes(verb) ?? false;
}

/** An Alert, and when the request to delete it was received, in milliseconds since the epoch. */
export interface DeletedAlert {
  readonly name: string;
  readonly at: number;
}

/** The Alert that a request with the operator's identity deletes: whether it is its own depends on the Alert's ttl. */
export function deletedAlert(event: AuditEvent, own: Pick<OwnIdentity, 'username'>): DeletedAlert | undefined {
  const { verb, objectRef: on } = event;
  if (verb !== 'delete' || event.user?.username !== own.username || on?.subresource !== undefined) return undefined;
  if (on?.resource !== 'alerts' || on.apiGroup !== GROUP) return undefined;
  return { name: on.name ?? '', at: Date.parse(event.requestReceivedTimestamp ?? '') };
}

const GROUP = 'detection.sigma-operator.dev';
const ALERTS = `alerts.${GROUP}`;
const CONFIG_MAPS = 'configmaps.';
const LEASES = 'leases.coordination.k8s.io';

const OWN_VERBS: Readonly<Record<string, readonly string[]>> = Object.freeze({
  [ALERTS]: ['get', 'list', 'watch', 'create'],
  [`${ALERTS}/status`]: ['update'],
  [`detectionrules.${GROUP}`]: ['list', 'watch'],
  [`detectionrules.${GROUP}/status`]: ['patch'],
  [`detectionfilters.${GROUP}`]: ['list', 'watch'],
  [`detectionfilters.${GROUP}/status`]: ['patch'],
  [`auditsources.${GROUP}`]: ['list', 'watch'],
  [`auditsources.${GROUP}/status`]: ['patch'],
  'events.events.k8s.io': ['create', 'patch'],
  [LEASES]: ['get', 'list', 'watch', 'create', 'update', 'delete'],
});
