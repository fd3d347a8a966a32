import { gapEvent } from '../controllers/audit-source/gap-event.ts';
import { FilterBook } from '../controllers/detection-filter/filter-book.ts';
import { EngineRules } from '../controllers/detection-rule/engine-rules.ts';
import { placeholdersOf } from '../controllers/detection-rule/placeholders.ts';
import { RuleBook } from '../controllers/detection-rule/rule-book.ts';
import { ReplicaPublisher } from '../controllers/replica/replica-publisher.ts';
import { rulesReport } from '../controllers/replica/rules-report.ts';
import { WorkerEngine } from '../engine/index.ts';
import { Backoff, type Clock, describeError, type Logger, realClock, type UserInfo, whoAmI } from '../kube/index.ts';
import { alerting } from './alerting.ts';
import { Cluster } from './cluster.ts';
import { leaderElection, readerElection } from './elections.ts';
import { engineMemory } from './engine-memory.ts';
import { observeEventLoopDelay } from './event-loop-delay.ts';
import { eventRecorder } from './event-recording.ts';
import { takeInFilters } from './filter-intake.ts';
import { holderIdentity } from './holder-identity.ts';
import { type HttpEndpoints, HttpServer } from './http-server.ts';
import { Leader } from './leader.ts';
import { OperatorMetrics } from './metrics.ts';
import type { OperatorOptions } from './options.ts';
import { fileReading, webhookReading } from './reading.ts';
import { takeInRules } from './rule-intake.ts';

/** Milliseconds that pending Events have at the end. */
const FLUSH_WITHIN = 5000;
/** Milliseconds that rules wait for their placeholders. */
const PLACEHOLDERS_WITHIN = 5000;
/** Milliseconds for which the work of a lost Lease may go on before the process counts as stuck. */
const STUCK_AFTER = 30_000;

/** One replica. Runs until the signal aborts, then ends in order: reading, Events, Leases, probes. */
export async function operate(options: OperatorOptions, logger: Logger, signal: AbortSignal): Promise<void> {
  const clock = realClock;
  const metrics = new OperatorMetrics();
  const cluster = new Cluster(options, metrics, clock, logger);
  const state: { identity?: UserInfo; probes: Probes } = { probes: { healthz: () => [], readyz: () => [] } };
  const http = new HttpServer({
    healthz: () => state.probes.healthz(),
    readyz: () => [...notReady(state.identity, cluster), ...state.probes.readyz()],
    metrics: () => metrics.text(),
  });
  const port = await http.listen(options.listen);
  logger.info('serving probes and metrics', { host: options.listen.host, port });
  try {
    const identity = (state.identity = await findIdentity(cluster, clock, logger, signal));
    await run({ options, logger, clock, metrics, cluster, identity }, (probes) => (state.probes = probes), signal);
  } finally {
    await http.close();
  }
}

type Probes = Pick<HttpEndpoints, 'healthz' | 'readyz'>;

interface Parts {
  readonly options: OperatorOptions;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: OperatorMetrics;
  readonly cluster: Cluster;
  readonly identity: UserInfo;
}

async function run(parts: Parts, onProbes: (probes: Probes) => void, signal: AbortSignal): Promise<void> {
  const { options, logger, clock, metrics, cluster, identity } = parts;
  const { namespace, replicaName: replica } = options;
  const { rules, filters, sources, leases } = cluster;
  const lookUps = new Set(options.lookUp);
  const placeholders = () => placeholdersOf([...cluster.placeholders.store.values()][0]);
  const book = new RuleBook(() => ({ placeholders: placeholders() }), options.alertDefaults);
  const filterBook = new FilterBook(() => ({ placeholders: placeholders() }));
  const recorder = eventRecorder(cluster.events, replica, metrics, clock, logger);
  const alerts = alerting(options, cluster, recorder, metrics, clock, logger);
  const engine = new WorkerEngine({
    expired: async (deleted) => deleted.map(({ name, at }) => alerts.hasExpired(name, at)),
    resourceLimits: engineMemory(),
    onFailure: ({ code, message }) => {
      metrics.engineFailures.inc();
      logger.error('reading and matching failed, and begins again at the checkpoints', { code, error: message });
    },
  });
  const reads = {
    sources: sources.store,
    engine,
    own: { username: identity.username, namespace, placeholders: options.placeholders, lookUps },
    delivery: alerts.delivery,
    metrics,
    tellGap: (...args: Parameters<typeof gapEvent>) => recorder.record(gapEvent(...args)),
    clock,
    logger,
  };
  const { webhook } = options;
  const reading = webhook === undefined ? fileReading(options, reads) : webhookReading(options, webhook, leases, reads);
  const { agent } = reading;
  const engineRules: EngineRules = new EngineRules({
    book,
    filterBook,
    engine,
    onChange: () => presence.changed(),
    logger,
  });
  const presence = new ReplicaPublisher({
    leases,
    namespace,
    replica,
    report: () => rulesReport(engineRules.running(), engineRules.runningFilters()),
    clock,
    logger,
  });
  const leader = new Leader({
    namespace,
    leases,
    rules,
    filters,
    sources,
    book,
    filterBook,
    alerts,
    metrics,
    clock,
    logger,
  });
  const holder = await holderIdentity(replica, options.podUid);
  const election = { leases, namespace, identity: holder.identity, clock, logger };
  const reader = readerElection(reading.lease, agent, election);
  const leading = leaderElection((term) => leader.run(term), election);
  const electors = { [reading.lease]: reader, leader: leading };
  onProbes({
    healthz: () =>
      Object.entries(electors).flatMap(([name, elector]) =>
        elector.healthy(STUCK_AFTER) ? [] : [`work goes on although the lease ${name} was lost`],
      ),
    readyz: () => reading.notReady(),
  });
  metrics.observe({
    rules: () => ({
      loaded: [...book.all()].filter(({ active }) => active !== undefined).length,
      rejected: [...book.all()].filter((rule) => rule.errors.length > 0).length,
    }),
    filters: () =>
      [...filterBook.all()].map(({ name, errors, active }) => ({
        name,
        rejected: errors.length > 0,
        expiresAt: active?.expiresAt,
      })),
    sources: () =>
      Object.entries(agent.report()?.sources ?? {}).map(([source, { lagBytes, lagSeconds, partition, intake }]) => ({
        source,
        lagBytes,
        lagSeconds,
        intake,
        lastEvent: partition?.extra.progress.lastEvent,
      })),
    rejected: () => reading.rejected(),
    leases: () => Object.entries(electors).map(([name, elector]) => ({ name, held: elector.isLeader })),
    queues: () => leader.queues(),
    pendingEvents: () => recorder.pending,
    alerts: () => ({ total: alerts.census.total, limit: alerts.census.budget.alerts }),
  });

  // What is watched and recorded outlives the work that needs it.
  const background = new AbortController();
  observeEventLoopDelay((seconds) => metrics.eventLoopDelay.observe(seconds), clock, background.signal);
  const running = [cluster.run(background.signal), recorder.run(background.signal), reading.run(background.signal)];
  try {
    await placeholdersRead(cluster, clock, logger, signal);
    takeInRules(cluster, book, metrics, logger, (changed) => {
      engineRules.changed(changed);
      leader.rulesChanged(changed);
    });
    takeInFilters(cluster, filterBook, metrics, logger, (changed) => {
      engineRules.filtersChanged();
      leader.filterChanged(changed);
    });
    await Promise.all([rules, filters, sources, cluster.slimAlerts].map(({ store }) => store.whenSynced(signal)));
    await engineRules.settled();
    logger.info('started', {
      replica,
      lease: reading.lease,
      identity: identity.username,
      rules: [...engineRules.running()].length,
    });
    await Promise.all([presence.run(signal), reader.run(signal), leading.run(signal)]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await recorder.flush(AbortSignal.timeout(FLUSH_WITHIN));
    background.abort();
    await Promise.all([...running, engine.close()]);
    holder.release();
  }
}

/** Waits for the placeholders, so that rules are not refused for lack of them; but not for long, so that all others run. */
async function placeholdersRead(
  { placeholders }: Cluster,
  clock: Clock,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const enough = new AbortController();
  const waited = clock.sleep(PLACEHOLDERS_WITHIN, AbortSignal.any([signal, enough.signal])).catch(() => undefined);
  await Promise.race([waited, placeholders.store.whenSynced(signal)]);
  enough.abort();
  if (!placeholders.store.hasSynced) logger.warn('the placeholders cannot be read; rules that use them are refused');
}

/** Asks the API server who we are, until it answers. */
async function findIdentity(cluster: Cluster, clock: Clock, logger: Logger, signal: AbortSignal): Promise<UserInfo> {
  const backoff = new Backoff({ initial: 500, max: 10_000, resetAfter: 60_000 }, clock);
  for (;;) {
    try {
      return await whoAmI(cluster.client, signal);
    } catch (error) {
      signal.throwIfAborted();
      logger.warn('the API server does not answer; trying again', { error: describeError(error) });
      await clock.sleep(backoff.next(), signal);
    }
  }
}

function notReady(identity: UserInfo | undefined, { rules, filters, sources, slimAlerts }: Cluster): readonly string[] {
  if (identity === undefined) return ['the API server has not answered yet'];
  return [
    ...(rules.store.hasSynced ? [] : ['the DetectionRules have not been read yet']),
    ...(filters.store.hasSynced ? [] : ['the DetectionFilters have not been read yet']),
    ...(sources.store.hasSynced ? [] : ['the AuditSources have not been read yet']),
    ...(slimAlerts.store.hasSynced ? [] : ['the Alerts have not been read yet']),
  ];
}
