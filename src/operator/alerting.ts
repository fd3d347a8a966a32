import { AlertCensus } from '../controllers/alert/alert-census.ts';
import { AlertDelivery } from '../controllers/alert/alert-delivery.ts';
import { AlertReaper } from '../controllers/alert/alert-reaper.ts';
import { AlertWriter } from '../controllers/alert/alert-writer.ts';
import { EventPublisher } from '../controllers/alert/event-publisher.ts';
import { hasExpired } from '../controllers/alert/has-expired.ts';
import { ObjectKinds } from '../controllers/alert/object-kinds.ts';
import { ObjectLookUp } from '../controllers/alert/object-look-up.ts';
import { expiryBy } from '../controllers/alert/retention-of.ts';
import type { SlimAlert } from '../controllers/alert/slim-alert.ts';
import { reconcileTriage } from '../controllers/alert/triage-controller.ts';
import type { RuleAlerts } from '../controllers/detection-rule/budget-status.ts';
import { type Clock, type EventRecorder, type Logger, type Reconcile, type Store, TokenBucket } from '../kube/index.ts';
import type { Cluster } from './cluster.ts';
import type { OperatorMetrics } from './metrics.ts';
import type { OperatorOptions } from './options.ts';

/** The parts of a replica that deal with Alerts. */
export interface Alerting {
  readonly census: AlertCensus;
  readonly store: Store<SlimAlert>;
  /** How many Alerts a rule has, and may have. */
  readonly ofRule: (rule: string) => RuleAlerts;
  readonly delivery: () => AlertDelivery;
  readonly hasExpired: (alert: string, at: number) => boolean;
  /** The leader's work. */
  readonly triage: Reconcile;
  /** The leader's work. */
  readonly reaper: AlertReaper;
}

/** Writes that are saved up while there is little to write, in seconds of the rate. */
const BURST_SECONDS = 5;

export function alerting(
  { alertBudget, alertRetention, alertWritesPerSecond, lookUp }: OperatorOptions,
  { client, alerts, slimAlerts, rules }: Cluster,
  recorder: EventRecorder,
  metrics: OperatorMetrics,
  clock: Clock,
  logger: Logger,
): Alerting {
  const census = new AlertCensus(slimAlerts.store, alertBudget, clock);
  const expiry = expiryBy(alertRetention, (name) => rules.store.get(name));
  const rate = new TokenBucket({ qps: alertWritesPerSecond, burst: alertWritesPerSecond * BURST_SECONDS }, clock);
  const mayWrite = async (signal: AbortSignal) => await rate.take(signal);
  const writer = new AlertWriter({ alerts, census, mayWrite, clock });
  const publisher = new EventPublisher({
    recorder,
    kinds: new ObjectKinds(client, clock),
    lookUp: new ObjectLookUp(client, clock, new Set(lookUp)),
    ruleNamed: (name) => rules.store.get(name),
  });
  return {
    census,
    store: slimAlerts.store,
    ofRule: (rule) => ({
      count: census.ofRule(rule),
      limit: alertBudget.alertsPerRule,
      total: census.total,
      totalLimit: alertBudget.alerts,
      overflow: census.overflowOf(rule),
    }),
    delivery: () =>
      new AlertDelivery({
        writer,
        isKnown: (name) => census.get(name) !== undefined,
        catchUp: async (signal) => await slimAlerts.reflector.refresh(signal),
        publish: async (...args) => await publisher.publish(...args),
        metrics,
        clock,
        logger,
      }),
    hasExpired: hasExpired(census, expiry),
    triage: reconcileTriage({ alerts, mayWrite, clock }),
    reaper: new AlertReaper({ alerts, all: () => census.values(), expiry, metrics, clock, logger }),
  };
}
