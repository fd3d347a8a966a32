import { isDeepStrictEqual } from 'node:util';
import { filterableRules, filterSummary, type TotalsByFilter, type TotalsByRule } from '../alerts/index.ts';
import type { AuditSource } from '../api/audit-source.generated.ts';
import type { DetectionFilter } from '../api/detection-filter.generated.ts';
import type { DetectionRule } from '../api/detection-rule.generated.ts';
import { awaitsTriage } from '../controllers/alert/triage-controller.ts';
import { knownLogs } from '../controllers/audit-source/known-logs.ts';
import { reconcileSourceStatus } from '../controllers/audit-source/status-controller.ts';
import { reconcileFilterStatus } from '../controllers/detection-filter/controller.ts';
import type { FilterBook } from '../controllers/detection-filter/filter-book.ts';
import { reconcileRuleStatus } from '../controllers/detection-rule/controller.ts';
import type { RuleBook } from '../controllers/detection-rule/rule-book.ts';
import { KnowledgeBase } from '../controllers/detection-rule/rule-knowledge.ts';
import { COMPONENT_LABEL } from '../controllers/replica/lease-labels.ts';
import { ReplicaRegistry } from '../controllers/replica/replica-registry.ts';
import { filterKey } from '../controllers/replica/rules-report.ts';
import {
  type Clock,
  Controller,
  type ControllerMetrics,
  describeError,
  isNotFound,
  type Lease,
  type Logger,
  parseKey,
  Reflector,
  type Resource,
  Store,
} from '../kube/index.ts';
import type { Alerting } from './alerting.ts';

export interface LeaderOptions {
  readonly namespace: string;
  readonly leases: Resource<Lease>;
  readonly rules: { readonly store: Store<DetectionRule>; readonly resource: Resource<DetectionRule> };
  readonly filters: { readonly store: Store<DetectionFilter>; readonly resource: Resource<DetectionFilter> };
  readonly sources: { readonly store: Store<AuditSource>; readonly resource: Resource<AuditSource> };
  readonly book: RuleBook;
  readonly filterBook: FilterBook;
  readonly alerts: Pick<Alerting, 'store' | 'ofRule' | 'triage' | 'reaper'>;
  readonly metrics: ControllerMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Milliseconds. Several matches, or several replicas' reports, become one write of a status. */
const SETTLE = 1000;
const TICK = 5000;
/** Between looks at what was observed in the logs: each time that it is news, all rules are judged again. */
const LEARN_EVERY = 10_000;
/** Seconds after which the Lease of a replica that ended without taking it away is removed. */
const REMOVE_SILENT_AFTER = 600;

/** The work that exists once in a cluster: writing the statuses of DetectionRules, DetectionFilters and AuditSources. */
export class Leader {
  readonly #options: LeaderOptions;
  #controllers: readonly Controller[] = [];
  #ruleStatus: Controller | undefined;
  #filterStatus: Controller | undefined;

  constructor(options: LeaderOptions) {
    this.#options = options;
  }

  /** Keys that wait, by controller; none while another replica leads. */
  queues(): readonly { readonly name: string; readonly depth: number }[] {
    return this.#controllers.map(({ name, depth }) => ({ name, depth }));
  }

  /** Rules were compiled again, by themselves or because of what they refer to. */
  rulesChanged(names: readonly string[]): void {
    for (const name of names) this.#ruleStatus?.enqueue(name);
    // Which rules a filter applies to is part of its status.
    for (const { name } of this.#options.filterBook.all()) this.#filterStatus?.enqueueAfter(name, SETTLE);
  }

  /** A filter was compiled again. */
  filterChanged(name: string): void {
    this.#filterStatus?.enqueue(name);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { rules, filters, sources, book, filterBook, alerts, leases, namespace, ...rest } = this.#options;
    const { metrics, clock, logger } = rest;
    const store = new Store<Lease>({ logger });
    const knowledge = new KnowledgeBase();
    const learn = () => {
      const reports = [...registry.nodes().values()].map(({ report }) => report);
      if (knowledge.setLogs(knownLogs(sources.store.values(), reports, clock.now()))) allRules();
    };
    let totals: TotalsByRule = {};
    let suppressed: readonly TotalsByFilter[] = [];
    const allRules = () => {
      for (const name of rules.store.values()) ruleStatus.enqueueAfter(name.metadata.name, SETTLE / 4);
    };
    const allSources = () => {
      for (const source of sources.store.values()) sourceStatus.enqueueAfter(source.metadata.name, SETTLE);
    };
    const allFilters = () => {
      for (const filter of filters.store.values()) filterStatus.enqueueAfter(filter.metadata.name, SETTLE);
    };
    const all = () => {
      allRules();
      allFilters();
      allSources();
    };
    const registry = new ReplicaRegistry(store, clock, {
      replicasChanged: () => {
        allRules();
        allFilters();
      },
      nodesChanged: () => {
        allSources();
        const before = totals;
        totals = registry.totals();
        for (const name of Object.keys(totals)) {
          if (!isDeepStrictEqual(totals[name], before[name])) ruleStatus.enqueueAfter(name, SETTLE);
        }
        const suppressedBefore = suppressed;
        suppressed = registry.filters();
        if (!isDeepStrictEqual(suppressed, suppressedBefore)) allFilters();
      },
    });
    const shared = { metrics, clock, logger, waitFor: [store, rules.store, filters.store, sources.store] };
    const ruleStatus = new Controller({
      ...shared,
      name: 'detectionrule-status',
      workers: 4,
      reconcile: reconcileRuleStatus({
        rules: rules.store,
        resource: rules.resource,
        book,
        running: (rule, generation, hash) => registry.running(rule, generation, hash),
        totals: () => totals,
        alerts: (rule) => alerts.ofRule(rule),
        knowledge: (root) => knowledge.of(root),
        clock,
      }),
    });
    const filterStatus = new Controller({
      ...shared,
      name: 'detectionfilter-status',
      reconcile: reconcileFilterStatus({
        filters: filters.store,
        resource: filters.resource,
        book: filterBook,
        rules: () =>
          [...book.all()].flatMap(({ name, accepted, active }) =>
            accepted === undefined || active === undefined ? [] : filterableRules(name, accepted.root),
          ),
        running: (filter, generation, hash) => registry.running(filterKey(filter), generation, hash),
        summary: (filter) => filterSummary(suppressed, filter),
        clock,
      }),
    });
    const sourceStatus = new Controller({
      ...shared,
      name: 'auditsource-status',
      reconcile: reconcileSourceStatus({
        sources: sources.store,
        resource: sources.resource,
        nodes: () => registry.nodes().values(),
        clock,
      }),
    });
    const triage = new Controller({ ...shared, name: 'alert-triage', workers: 2, reconcile: alerts.triage });
    this.#controllers = [ruleStatus, filterStatus, sourceStatus, triage];
    this.#ruleStatus = ruleStatus;
    this.#filterStatus = filterStatus;
    const unsubscribe = [
      rules.store.subscribe(({ key }) => ruleStatus.enqueue(key)),
      filters.store.subscribe(({ key }) => filterStatus.enqueue(key)),
      alerts.store.subscribe(({ type, key, object }) => {
        if (type !== 'delete' && awaitsTriage(object)) triage.enqueue(key);
        if (type !== 'update') ruleStatus.enqueueAfter(object.finding.rule.name, SETTLE);
      }),
      sources.store.subscribe((change) => {
        sourceStatus.enqueue(change.key);
        if (change.type === 'update' && change.object.spec.policy === change.old.spec.policy) return;
        learn();
      }),
    ];
    const reflector = new Reflector({
      resource: leases,
      store,
      namespace,
      labelSelector: COMPONENT_LABEL,
      clock,
      logger,
    });
    try {
      await Promise.all([
        reflector.run(signal),
        ruleStatus.run(signal),
        filterStatus.run(signal),
        sourceStatus.run(signal),
        triage.run(signal),
        alerts.reaper.run(signal),
        this.#watchReplicas(registry, all, signal),
        this.#every(LEARN_EVERY, learn, signal),
      ]);
    } finally {
      for (const stop of unsubscribe) stop();
      this.#controllers = [];
      this.#ruleStatus = undefined;
      this.#filterStatus = undefined;
    }
  }

  async #every(interval: number, work: () => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.sleep(interval, signal).catch(() => undefined);
      work();
    }
  }

  /** A replica that dies says nothing: its silence has to be noticed. */
  async #watchReplicas(registry: ReplicaRegistry, changed: () => void, signal: AbortSignal): Promise<void> {
    const { leases, clock, logger } = this.#options;
    let alive: ReadonlySet<string> = new Set();
    while (!signal.aborted) {
      await clock.sleep(TICK, signal).catch(() => undefined);
      const now = registry.alive();
      if (!isDeepStrictEqual(now, alive)) changed();
      alive = now;
      for (const key of registry.silentFor(REMOVE_SILENT_AFTER)) {
        await leases.delete(parseKey(key), { signal }).catch((error: unknown) => {
          if (!isNotFound(error)) logger.debug('cannot remove a silent replica', { key, error: describeError(error) });
        });
      }
    }
  }
}
