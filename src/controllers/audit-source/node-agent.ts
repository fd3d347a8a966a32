import type { AuditSource } from '../../api/audit-source.generated.ts';
import type { DetectionEngine, EngineIdentity } from '../../engine/index.ts';
import { Backoff, type Change, type Clock, describeError, type Logger, type Store } from '../../kube/index.ts';
import type { AlertDelivery } from '../alert/alert-delivery.ts';
import type { NodeReport, SourceReport } from '../replica/node-report.ts';
import { Follower } from './follower.ts';
import type { FollowerMetrics } from './follower-metrics.ts';
import type { LocalStates } from './local-states.ts';
import { newestState } from './partition-state.ts';

export interface NodeAgentOptions {
  readonly node: string;
  readonly sources: Store<AuditSource>;
  readonly engine: DetectionEngine;
  readonly own: EngineIdentity;
  /** One for each source, so that trouble is told apart. */
  readonly delivery: () => AlertDelivery;
  readonly states: LocalStates;
  readonly metrics: FollowerMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Running {
  readonly uid: string | undefined;
  readonly spec: string;
  readonly stop: AbortController;
  readonly done: Promise<void>;
  follower: Follower | undefined;
}

/** Follows all AuditSources on this node, for as long as this replica holds the node's Lease. */
export class NodeAgent {
  readonly #options: NodeAgentOptions;
  readonly #running = new Map<string, Running>();
  /** What the Lease said when it was acquired. */
  #published: NodeReport | undefined;
  #working = false;

  constructor(options: NodeAgentOptions) {
    this.#options = options;
  }

  /** What to publish on the Lease; undefined until what stands there has been taken over. */
  report(): NodeReport | undefined {
    if (!this.#working) return undefined;
    const sources: Record<string, SourceReport> = {};
    for (const source of this.#options.sources.values()) {
      const { name } = source.metadata;
      const report = this.#running.get(name)?.follower?.report() ?? this.#published?.sources[name];
      if (report !== undefined) sources[name] = report;
    }
    return { node: this.#options.node, sources };
  }

  /** Follows until the signal aborts. @param published what the Lease said when it was acquired */
  async run(published: NodeReport | undefined, signal: AbortSignal): Promise<void> {
    await this.#options.states.load();
    this.#published = published;
    this.#working = true;
    const unsubscribe = this.#options.sources.subscribe((change) => this.#take(change, signal));
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    unsubscribe();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** The term is over and the Lease given up: nothing more to publish. */
  stopped(): void {
    this.#working = false;
    this.#running.clear();
  }

  #take({ type, object }: Change<AuditSource>, signal: AbortSignal): void {
    const { name, uid } = object.metadata;
    const before = this.#running.get(name);
    const spec = JSON.stringify(object.spec);
    if (type !== 'delete' && before?.spec === spec && before.uid === uid) return;
    before?.stop.abort();
    this.#running.delete(name);
    if (type === 'delete') return;
    const stop = new AbortController();
    const running: Running = { uid, spec, stop, follower: undefined, done: Promise.resolve() };
    const done = (before?.done ?? Promise.resolve()).then(() =>
      this.#follow(object, running, AbortSignal.any([signal, stop.signal])),
    );
    this.#running.set(name, Object.assign(running, { done }));
  }

  async #follow(source: AuditSource, running: Running, signal: AbortSignal): Promise<void> {
    const { node, clock, logger, states, delivery, ...rest } = this.#options;
    const partition = `${source.metadata.name}/${node}`;
    const backoff = new Backoff({ initial: 1000, max: 30_000, resetAfter: 60_000 }, clock);
    while (!signal.aborted) {
      const published = this.#published?.sources[source.metadata.name]?.partition;
      const resume = newestState(source.spec.file.path, [states.get(partition), published]);
      running.follower = new Follower({
        ...rest,
        clock,
        logger,
        source,
        partition,
        resume,
        delivery: delivery(),
        save: (state) => states.save(partition, state),
      });
      logger.info('following an audit log', { source: source.metadata.name, path: source.spec.file.path });
      try {
        await running.follower.run(signal);
      } catch (error) {
        logger.error('following an audit log failed; starting again', { partition, error: describeError(error) });
        await clock.sleep(backoff.next(), signal).catch(() => undefined);
      }
    }
  }
}
