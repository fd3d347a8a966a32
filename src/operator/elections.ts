import type { NodeAgent } from '../controllers/audit-source/node-agent.ts';
import { COMPONENT_LABEL, NODE_COMPONENT } from '../controllers/replica/lease-labels.ts';
import { decodeNodeReport, encodeNodeReport, NODE_ANNOTATION } from '../controllers/replica/node-report.ts';
import { type Clock, LeaderElector, type Lease, type Logger, type Resource } from '../kube/index.ts';

export interface ElectionOptions {
  readonly leases: Resource<Lease>;
  readonly namespace: string;
  /** See `holderIdentity`. */
  readonly identity: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The election of the replica that reads a node's logs, or takes deliveries; its Lease carries how far they were read. */
export function readerElection(name: string, agent: NodeAgent, options: ElectionOptions): LeaderElector {
  const { leases, namespace, identity, clock, logger } = options;
  const elector: LeaderElector = new LeaderElector({
    leases,
    key: { namespace, name },
    identity,
    labels: { [COMPONENT_LABEL]: NODE_COMPONENT },
    annotations: () => {
      const report = agent.report();
      return report === undefined ? undefined : { [NODE_ANNOTATION]: encodeNodeReport(report) };
    },
    onStartedLeading: (signal) =>
      agent.run(decodeNodeReport(elector.lease?.metadata.annotations?.[NODE_ANNOTATION]), signal),
    onStoppedLeading: () => agent.stopped(),
    clock,
    logger,
  });
  return elector;
}

/** The election of the leader: the work that exists once. */
export function leaderElection(lead: (signal: AbortSignal) => Promise<void>, options: ElectionOptions): LeaderElector {
  const { leases, namespace, identity, clock, logger } = options;
  return new LeaderElector({
    leases,
    key: { namespace, name: 'leader' },
    identity,
    onStartedLeading: lead,
    clock,
    logger,
  });
}
