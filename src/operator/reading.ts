import { join } from 'node:path';
import { LocalStates } from '../controllers/audit-source/local-states.ts';
import { NodeAgent, type NodeAgentOptions } from '../controllers/audit-source/node-agent.ts';
import { PrimaryWatch } from '../controllers/audit-source/primary-watch.ts';
import { fileRole, receiverRole } from '../controllers/audit-source/source-role.ts';
import { COMPONENT_LABEL, NODE_COMPONENT, nodeLeaseName, RECEIVER_LEASE } from '../controllers/replica/lease-labels.ts';
import type { DetectionEngine, Listening, RejectedRequests } from '../engine/index.ts';
import { type Lease, type Logger, Reflector, type Resource, Store } from '../kube/index.ts';
import type { OperatorOptions, WebhookOptions } from './options.ts';

/** The part of a replica that reads audit logs: the files of its node, or what is delivered to it. */
export interface Reading {
  readonly agent: NodeAgent;
  /** Of the Lease whose holder reads. */
  readonly lease: string;
  /** Requests that were refused and are for no AuditSource, by reason. */
  rejected(): Readonly<Record<string, number>>;
  /** Why deliveries are not taken yet; empty where they are, or where none are expected. */
  notReady(): readonly string[];
  /** What it has to watch. */
  run(signal: AbortSignal): Promise<void>;
}

type Shared = Omit<NodeAgentOptions, 'engine' | 'role' | 'states' | 'listen' | 'primaries'> & {
  readonly engine: DetectionEngine;
};

export function fileReading({ nodeName, stateDir }: OperatorOptions, shared: Shared): Reading {
  const states = new LocalStates(join(stateDir, `${nodeName}.json`), shared.logger);
  return {
    agent: new NodeAgent({ ...shared, role: fileRole(nodeName), states }),
    lease: nodeLeaseName(nodeName),
    rejected: () => ({}),
    notReady: () => [],
    run: async () => {},
  };
}

export function webhookReading(
  { stateDir, namespace }: OperatorOptions,
  webhook: WebhookOptions,
  leases: Resource<Lease>,
  shared: Shared,
): Reading {
  const { engine, clock, logger } = shared;
  const store = new Store<Lease>({ logger });
  const reflector = new Reflector({
    resource: leases,
    store,
    namespace,
    labelSelector: `${COMPONENT_LABEL}=${NODE_COMPONENT}`,
    clock,
    logger,
  });
  let listening: Listening | undefined;
  const agent = new NodeAgent({
    ...shared,
    role: receiverRole({ journals: join(stateDir, 'journals'), tokensDir: webhook.tokensDir }),
    states: new LocalStates(join(stateDir, 'receiver.json'), logger),
    primaries: new PrimaryWatch(store),
    listen: async () => {
      listening ??= await listen(engine, webhook, logger);
    },
  });
  return {
    agent,
    lease: RECEIVER_LEASE,
    rejected: () => listening?.rejected() ?? {},
    notReady: () => (listening !== undefined ? [] : ['audit webhooks are not received yet']),
    run: async (signal) => await reflector.run(signal),
  };
}

async function listen(engine: DetectionEngine, webhook: WebhookOptions, logger: Logger): Promise<Listening> {
  const { certFile, keyFile, clientCaFile } = webhook;
  const spec = { ...webhook.listen, tls: { certFile, keyFile, clientCaFile } };
  const listening = await engine.listen(spec, (requests) => warn(requests, logger));
  logger.info('receiving audit webhooks', { host: spec.host, port: listening.port });
  return listening;
}

/** Nothing of what was sent is told: it may hold a token. */
function warn({ reason, source, remoteAddress, count, cause }: RejectedRequests, logger: Logger): void {
  logger.warn('deliveries were refused', {
    reason,
    count,
    remoteAddress,
    ...(source !== '' && { source }),
    ...(cause !== undefined && { error: `${cause.code}: ${cause.message}` }),
  });
}
