/** What a Lease of the operator is for. */
export const COMPONENT_LABEL = 'detection.sigma-operator.dev/component';
export const REPLICA_COMPONENT = 'replica';
export const NODE_COMPONENT = 'node';
