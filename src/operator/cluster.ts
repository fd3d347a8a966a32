import { arch, platform } from 'node:os';
import type { Alert } from '../api/alert.generated.ts';
import type { AuditSource } from '../api/audit-source.generated.ts';
import type { DetectionFilter } from '../api/detection-filter.generated.ts';
import type { DetectionRule } from '../api/detection-rule.generated.ts';
import { type SlimAlert, slimAlert } from '../controllers/alert/slim-alert.ts';
import { ALERTS, AUDIT_SOURCES, DETECTION_FILTERS, DETECTION_RULES } from '../controllers/api-resources.ts';
import { CONFIG_MAPS, type ConfigMap } from '../controllers/detection-rule/placeholders.ts';
import {
  type Clock,
  type Event,
  eventType,
  KubeClient,
  type KubeObject,
  type Lease,
  type Logger,
  leaseType,
  loadKubeConfig,
  Reflector,
  type ReflectorOptions,
  type RequestMetrics,
  Resource,
  type ResourceType,
  Store,
} from '../kube/index.ts';
import type { OperatorOptions } from './options.ts';

/** The API server as the operator sees it: a client, its resources, and what it watches all the time. */
export class Cluster {
  readonly client: KubeClient;
  readonly alerts: Resource<Alert>;
  /** All Alerts, in short. */
  readonly slimAlerts: Watched<SlimAlert>;
  readonly events: Resource<Event>;
  readonly leases: Resource<Lease>;
  readonly rules: Watched<DetectionRule>;
  readonly filters: Watched<DetectionFilter>;
  readonly sources: Watched<AuditSource>;
  /** The one ConfigMap with the placeholders of rules, if there is one. */
  readonly placeholders: Watched<ConfigMap>;

  constructor(
    { kube, version, namespace, placeholders }: OperatorOptions,
    metrics: RequestMetrics,
    clock: Clock,
    logger: Logger,
  ) {
    const userAgent = `sigma-operator/${version} (${platform()}/${arch()})`;
    this.client = new KubeClient(loadKubeConfig(kube), { userAgent, metrics, clock });
    this.alerts = new Resource(this.client, ALERTS);
    this.events = new Resource(this.client, eventType);
    this.leases = new Resource(this.client, leaseType);
    const shared = { clock, logger };
    this.slimAlerts = watched(this.client, ALERTS, { ...shared, transform: slimAlert });
    this.rules = watched(this.client, DETECTION_RULES, shared);
    this.filters = watched(this.client, DETECTION_FILTERS, shared);
    this.sources = watched(this.client, AUDIT_SOURCES, shared);
    const one = { namespace, fieldSelector: `metadata.name=${placeholders}` };
    this.placeholders = watched(this.client, CONFIG_MAPS, { ...shared, ...one });
  }

  /** Keeps the watched objects current until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const all = [this.rules, this.filters, this.sources, this.placeholders, this.slimAlerts];
    await Promise.all(all.map(({ reflector }) => reflector.run(signal)));
  }
}

/** A resource and a store that a reflector keeps equal to it. */
export interface Watched<T extends KubeObject> {
  readonly resource: Resource<T>;
  readonly store: Store<T>;
  readonly reflector: Reflector<T>;
}

function watched<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType,
  options: Omit<ReflectorOptions<T>, 'resource' | 'store'>,
): Watched<T> {
  const resource = new Resource<T>(client, type);
  const store = new Store<T>({ ...(options.logger && { logger: options.logger }) });
  return { resource, store, reflector: new Reflector({ ...options, resource, store }) };
}
