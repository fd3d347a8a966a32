/** What a Lease of the operator is for. */
export const COMPONENT_LABEL = 'detection.sigma-operator.dev/component';
export const REPLICA_COMPONENT = 'replica';
export const NODE_COMPONENT = 'node';

/** The Lease of the replica that takes what is delivered; it is one of `NODE_COMPONENT`, too. */
export const RECEIVER_LEASE = 'receiver';

/** The name of the Lease of the replica that reads a node's log files. */
export function nodeLeaseName(node: string): string {
  return `node-${node}`;
}
