import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { BatchSummary, IntakeStatus } from '../audit/index.ts';
import type { Detected } from '../engine/index.ts';
import type { FinishedReconcile, FinishedRequest } from '../kube/index.ts';

interface ObservedSource {
  readonly source: string;
  readonly lagBytes: number;
  readonly lagSeconds: number | undefined;
  readonly lastEvent: string | undefined;
  /** Of a webhook. */
  readonly intake: IntakeStatus | undefined;
}

/** What is read at the moment of a scrape instead of being counted along. */
export interface MetricSources {
  rules(): { readonly loaded: number; readonly rejected: number };
  /** `expiresAt` in milliseconds since the epoch. */
  filters(): Iterable<{ readonly name: string; readonly rejected: boolean; readonly expiresAt: number | undefined }>;
  sources(): Iterable<ObservedSource>;
  /** Of requests to the receiver that are for no source, by reason. */
  rejected(): Readonly<Record<string, number>>;
  leases(): Iterable<{ readonly name: string; readonly held: boolean }>;
  queues(): Iterable<{ readonly name: string; readonly depth: number }>;
  pendingEvents(): number;
  alerts(): { readonly total: number; readonly limit: number };
}

/**
 * The operator's metrics. Nothing here is called once per audit event: the hot path counts in plain numbers, which are
 * added once per batch.
 */
export class OperatorMetrics {
  readonly #registry = new Registry();
  readonly eventsProcessed = this.#counter('events_processed_total', 'Audit events read and run through the rules.', [
    'source',
  ]);
  readonly parseErrors = this.#counter('events_parse_errors_total', 'Lines that could not be read as audit events.', [
    'source',
    'reason',
  ]);
  readonly oversize = this.#counter('events_oversize_total', 'Events over 16 MiB, evaluated without their bodies.', [
    'source',
  ]);
  readonly gaps = this.#counter('source_gaps_total', 'Parts of a log that were removed before they were read.', [
    'source',
  ]);
  readonly ownRequests = this.#counter(
    'own_requests_total',
    "The operator's own requests seen in the log, and not evaluated.",
    ['source'],
  );
  readonly matches = this.#counter(
    'detection_matches_by_rule_total',
    'Requests that a rule matched and that were counted in Alerts.',
    ['rule'],
  );
  readonly leftOut = this.#counter(
    'detection_left_out_by_rule_total',
    'Requests that a rule matched and that raise no Alert, by cause.',
    ['rule', 'cause'],
  );
  readonly suppressed = this.#counter(
    'detection_suppressed_by_filter_total',
    'Requests that a filter left out: without it they would have been counted in Alerts.',
    ['filter'],
  );
  readonly correlationLosses = this.#counter(
    'correlation_lost_matches_total',
    'Matches that a correlation left out (ungrouped, valueless: a field had no value; late) or forgot for want of room (evicted).',
    ['rule', 'cause'],
  );
  readonly alertWrites = this.#counter(
    'alert_writes_total',
    'Writes of Alerts: counted (a status was written), unchanged (all had been counted before), retried.',
    ['result'],
  );
  readonly alertsExpired = this.#counter('alerts_expired_total', 'Alerts deleted because their ttl had run out.', []);
  readonly overflow = this.#counter(
    'alert_overflow_matches_total',
    'Matches that found no room in Alerts of their own and are counted in the overflow Alert of their rule.',
    ['rule'],
  );
  readonly reloads = this.#counter('reloads_total', 'Changes of rules and filters taken in.', []);
  readonly reloadsFailed = this.#counter('reloads_failed_total', 'Changes of rules and filters that were refused.', []);
  readonly eventsWritten = this.#counter(
    'kubernetes_events_written_total',
    'Kubernetes Events written, as new ones or as the count of a series.',
    ['write'],
  );
  readonly eventsDropped = this.#counter(
    'kubernetes_events_dropped_total',
    'Occurrences that no Kubernetes Event tells of, by reason.',
    ['reason'],
  );
  readonly redirectedEvents = this.#counter(
    'kubernetes_events_redirected_total',
    'Kubernetes Events written about the Alert, because the namespace of the object is gone.',
    [],
  );
  readonly latency = new Histogram({
    name: 'sigma_operator_pipeline_latency_seconds',
    help: "From the API server's last event in a batch with matches to the Alerts being written.",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3600],
    registers: [this.#registry],
  });
  readonly engineFailures = this.#counter(
    'engine_failures_total',
    'Times that the thread that reads and matches ended by an error, and was started again.',
    [],
  );
  readonly eventLoopDelay = new Histogram({
    name: 'sigma_operator_event_loop_delay_seconds',
    help: 'How late the main thread does what is due: that long watches, leases and probes wait. Matching runs in another thread.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.#registry],
  });
  readonly #reconciles = new Counter({
    name: 'controller_runtime_reconcile_total',
    help: 'Reconciles, by controller and result.',
    labelNames: ['controller', 'result'],
    registers: [this.#registry],
  });
  readonly #requests = new Counter({
    name: 'rest_client_requests_total',
    help: 'Requests to the API server, by HTTP status code and method.',
    labelNames: ['code', 'method'],
    registers: [this.#registry],
  });

  /** For followers: once per batch. */
  batchDone(source: string, batch: BatchSummary, detection: Detected): void {
    this.eventsProcessed.inc({ source }, batch.counts.events + batch.counts.skipped);
    for (const [reason, count] of Object.entries(batch.counts.errors)) {
      if (count > 0) this.parseErrors.inc({ source, reason }, count);
    }
    if (batch.counts.oversize > 0) this.oversize.inc({ source }, batch.counts.oversize);
    if (batch.gaps.length > 0) this.gaps.inc({ source }, batch.gaps.length);
    if (detection.ownRequests > 0) this.ownRequests.inc({ source }, detection.ownRequests);
    for (const [rule, { matches, leftOut }] of Object.entries(detection.totals)) {
      if (matches > 0) this.matches.inc({ rule }, matches);
      if (leftOut.outcome > 0) this.leftOut.inc({ rule, cause: 'outcome' }, leftOut.outcome);
      if (leftOut.dryRun > 0) this.leftOut.inc({ rule, cause: 'dryRun' }, leftOut.dryRun);
      if (leftOut.filter !== undefined) this.leftOut.inc({ rule, cause: 'filter' }, leftOut.filter);
    }
    for (const [rule, losses] of Object.entries(detection.correlationLosses)) {
      for (const [cause, count] of Object.entries(losses))
        if (count > 0) this.correlationLosses.inc({ rule, cause }, count);
    }
    for (const [filter, { count }] of Object.entries(detection.suppressions)) this.suppressed.inc({ filter }, count);
    if (detection.alerts.length > 0 && batch.lastEventTime !== undefined) {
      this.latency.observe(Math.max(0, (Date.now() - Date.parse(batch.lastEventTime)) / 1000));
    }
  }

  /** For the delivery of Alerts. */
  alertWrite(result: string): void {
    this.alertWrites.inc({ result });
  }

  overflowed(rule: string, matches: number): void {
    this.overflow.inc({ rule }, matches);
  }

  /** For the leader. */
  alertExpired(): void {
    this.alertsExpired.inc();
  }

  /** For the API client. */
  requestFinished({ code, method }: FinishedRequest): void {
    this.#requests.inc({ code, method });
  }

  /** For controllers. */
  reconcileFinished({ controller, outcome }: FinishedReconcile): void {
    this.#reconciles.inc({ controller, result: outcome });
  }

  /** Adds what is read at scrape time; to be called once. */
  observe(sources: MetricSources): void {
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('rules_loaded', 'Rules that run.', [], (gauge) => gauge.set(sources.rules().loaded));
    this.#gauge('rules_rejected', 'Rules whose newest version was refused.', [], (gauge) =>
      gauge.set(sources.rules().rejected),
    );
    this.#gauge('filters_rejected', 'Filters whose newest version was refused.', [], (gauge) =>
      gauge.set([...sources.filters()].filter(({ rejected }) => rejected).length),
    );
    this.#gauge(
      'filter_expiry_timestamp_seconds',
      'When a filter expires, or has expired; of those that do.',
      ['filter'],
      (gauge) => {
        for (const { name, expiresAt } of sources.filters()) {
          if (expiresAt !== undefined) gauge.set({ filter: name }, expiresAt / 1000);
        }
      },
    );
    this.#gauge('source_lag_bytes', 'Bytes written to a log and not yet read.', ['source'], (gauge) => {
      for (const { source, lagBytes } of sources.sources()) gauge.set({ source }, lagBytes);
    });
    this.#intakes(sources);
    this.#gauge(
      'source_lag_seconds',
      'Age of the newest event that was counted while there is more to read; 0 while there is not.',
      ['source'],
      (gauge) => {
        for (const { source, lagSeconds } of sources.sources()) {
          if (lagSeconds !== undefined) gauge.set({ source }, lagSeconds);
        }
      },
    );
    this.#gauge(
      'source_last_event_timestamp_seconds',
      "Time of the newest event read, by the API server's clock.",
      ['source'],
      (gauge) => {
        for (const { source, lastEvent } of sources.sources()) {
          if (lastEvent !== undefined) gauge.set({ source }, Date.parse(lastEvent) / 1000);
        }
      },
    );
    this.#gauge(
      'lease_held',
      'Whether this replica holds a Lease: leader, or the reader of its node.',
      ['name'],
      (gauge) => {
        for (const { name, held } of sources.leases()) gauge.set({ name }, held ? 1 : 0);
      },
    );
    this.#gauge('kubernetes_events_pending', 'Kubernetes Events that wait to be written.', [], (gauge) =>
      gauge.set(sources.pendingEvents()),
    );
    this.#gauge('alerts', 'Alerts in the cluster, as this replica knows them.', [], (gauge) =>
      gauge.set(sources.alerts().total),
    );
    this.#gauge('alerts_limit', 'Alerts that there may be in the cluster (--max-alerts).', [], (gauge) =>
      gauge.set(sources.alerts().limit),
    );
    const depth = new Gauge({
      name: 'workqueue_depth',
      help: 'Keys that wait to be reconciled.',
      labelNames: ['name'],
      registers: [this.#registry],
      collect() {
        for (const { name, depth: value } of sources.queues()) depth.set({ name }, value);
      },
    });
  }

  #intakes(sources: MetricSources): void {
    const intakes = () =>
      [...sources.sources()].flatMap(({ source, intake }) => (intake ? [{ source, ...intake }] : []));
    const total = (name: string, help: string, of: (intake: IntakeStatus) => number) =>
      this.#total(name, help, ['source'], (counter) => {
        for (const intake of intakes()) counter.inc({ source: intake.source }, of(intake));
      });
    total('webhook_deliveries_total', 'Requests with audit events that were taken.', (intake) => intake.deliveries);
    total('webhook_events_total', 'Audit events that were taken into the journal.', (intake) => intake.accepted);
    total('webhook_duplicates_total', 'Audit events that were in the journal already.', (intake) => intake.duplicates);
    this.#total(
      'webhook_rejected_total',
      'Requests to the receiver that were not taken, by reason; without a source where they are for none.',
      ['source', 'reason'],
      (counter) => {
        const of = (source: string, rejected: Readonly<Record<string, number>>): void => {
          for (const [reason, count] of Object.entries(rejected)) if (count > 0) counter.inc({ source, reason }, count);
        };
        of('', sources.rejected());
        for (const { source, rejected } of intakes()) of(source, rejected);
      },
    );
    this.#gauge('journal_bytes', 'Size of the journal of what was delivered.', ['source'], (gauge) => {
      for (const { source, journalBytes } of intakes()) gauge.set({ source }, journalBytes);
    });
    this.#gauge(
      'journal_limit_bytes',
      'What the journal may take (spec.webhook.journal.maxBytes).',
      ['source'],
      (gauge) => {
        for (const { source, journalLimit } of intakes()) gauge.set({ source }, journalLimit);
      },
    );
    this.#gauge(
      'journal_refusing',
      'Whether deliveries are refused, because the journal is full or cannot be written.',
      ['source'],
      (gauge) => {
        for (const { source, refusing } of intakes()) gauge.set({ source }, refusing === undefined ? 0 : 1);
      },
    );
  }

  /** What there is, for the reference page. */
  describe(): readonly {
    readonly name: string;
    readonly type: string;
    readonly help: string;
    readonly labels: readonly string[];
  }[] {
    return this.#registry.getMetricsAsArray().map((metric) => {
      const labels: unknown = 'labelNames' in metric ? metric.labelNames : undefined;
      return {
        name: metric.name,
        type: String(metric.type),
        help: metric.help,
        labels: Array.isArray(labels) ? labels.map(String) : [],
      };
    });
  }

  async text(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({
      name: `sigma_operator_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
    });
  }

  /** A counter whose values are read at scrape time. They begin anew when what counts them does. */
  #total<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    collect: (counter: Counter<L>) => void,
  ): void {
    const counter: Counter<L> = new Counter({
      name: `sigma_operator_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        collect(counter);
      },
    });
  }

  #gauge<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    collect: (gauge: Gauge<L>) => void,
  ): void {
    const gauge: Gauge<L> = new Gauge({
      name: `sigma_operator_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
      collect: () => {
        gauge.reset();
        collect(gauge);
      },
    });
  }
}
