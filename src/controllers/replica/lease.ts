import type { KubeObject, ResourceType } from '../../kube/index.ts';

/** `coordination.k8s.io/v1` Lease, as far as it is used here. */
export interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    /** MicroTime. */
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

export const LEASES: ResourceType = Object.freeze({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
});

/** What a Lease of the operator is for. */
export const COMPONENT_LABEL = 'detection.sigma-operator.dev/component';
export const REPLICA_COMPONENT = 'replica';
export const NODE_COMPONENT = 'node';
