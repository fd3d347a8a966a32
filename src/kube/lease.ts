import { formatMicroTime } from './micro-time.ts';
import type { KubeObject } from './object.ts';
import type { ResourceType } from './resource-type.ts';

/** `coordination.k8s.io/v1.Lease`. Times are `metav1.MicroTime`. */
export interface Lease extends KubeObject {
  readonly spec?: LeaseSpec;
}

export interface LeaseSpec {
  /** Empty when the last holder gave it up. */
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

export const leaseType: ResourceType = Object.freeze({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
});

/** What the holder writes to take or renew the lease. It counts as a transition where somebody else held it before. */
export function heldBy(identity: string, before: LeaseSpec | undefined, durationMs: number, now: number): LeaseSpec {
  const time = formatMicroTime(now);
  const renewal = before?.holderIdentity === identity;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(durationMs / 1000),
    acquireTime: renewal ? (before.acquireTime ?? time) : time,
    renewTime: time,
    leaseTransitions: (before?.leaseTransitions ?? 0) + (renewal || before === undefined ? 0 : 1),
  };
}

/** What the holder writes to give the lease up: free for anybody at once. */
export function givenUp(before: LeaseSpec | undefined, now: number): LeaseSpec {
  const time = formatMicroTime(now);
  return {
    holderIdentity: '',
    leaseDurationSeconds: 1,
    acquireTime: time,
    renewTime: time,
    leaseTransitions: before?.leaseTransitions ?? 0,
  };
}
