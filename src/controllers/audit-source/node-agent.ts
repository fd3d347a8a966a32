import type { AuditSource } from '../../api/audit-source.generated.ts';
import type { DetectionEngine, EngineIdentity, SourceSpec } from '../../engine/index.ts';
import { Backoff, type Change, type Clock, describeError, type Logger, type Store } from '../../kube/index.ts';
import type { NodeReport, SourceReport } from '../replica/node-report.ts';
import { Follower, type FollowerOptions } from './follower.ts';
import type { FollowerMetrics } from './follower-metrics.ts';
import type { LocalStates } from './local-states.ts';
import { newestState } from './partition-state.ts';
import { logOf, type SourceRole } from './source-role.ts';

export interface NodeAgentOptions {
  readonly role: SourceRole;
  readonly sources: Store<AuditSource>;
  readonly engine: Pick<DetectionEngine, 'open' | 'takeNoMore'>;
  readonly own: EngineIdentity;
  /** One for each source, so that trouble is told apart. */
  readonly delivery: () => FollowerOptions['delivery'];
  readonly states: Pick<LocalStates, 'load' | 'get' | 'save'>;
  /** Called before anything is read: what is delivered must be able to come in. It goes on coming in when the term is over. */
  readonly listen?: (() => Promise<void>) | undefined;
  /** How far others are that sources here are the backups of. */
  readonly primaries?: FollowerOptions['primaries'];
  readonly metrics: FollowerMetrics;
  /** Tells people of a part of a log that is missing. */
  readonly tellGap: FollowerOptions['tellGap'];
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
  /** Of sources that were deleted: one of the same name may come, and must not begin before. */
  readonly #ending = new Map<string, Promise<void>>();
  /** Of which deliveries may be taken. */
  readonly #taken = new Set<string>();
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
      if (this.#options.role.spec(source) === undefined) continue;
      const report = this.#running.get(name)?.follower?.report() ?? this.#published?.sources[name];
      if (report !== undefined) sources[name] = report;
    }
    return { node: this.#options.role.node, sources };
  }

  /** Follows until the signal aborts. @param published what the Lease said when it was acquired */
  async run(published: NodeReport | undefined, signal: AbortSignal): Promise<void> {
    await this.#options.states.load();
    await this.#options.listen?.();
    this.#published = published;
    this.#working = true;
    await this.#takeNoMoreOfDeleted();
    const unsubscribe = this.#options.sources.subscribe((change) => this.#take(change, signal));
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    unsubscribe();
    await Promise.all([...[...this.#running.values()].map(({ done }) => done), ...this.#ending.values()]);
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
    if (before !== undefined) this.#end(name, type === 'delete' ? this.#takeNoMore(name, before.done) : before.done);
    const from = this.#options.role.spec(object);
    if (type === 'delete' || from === undefined) return;
    const stop = new AbortController();
    const running: Running = { uid, spec, stop, follower: undefined, done: Promise.resolve() };
    const done = (this.#ending.get(name) ?? Promise.resolve()).then(() =>
      this.#follow(object, from, running, AbortSignal.any([signal, stop.signal])),
    );
    this.#running.set(name, Object.assign(running, { done }));
  }

  #end(name: string, done: Promise<void>): void {
    this.#ending.set(name, done);
    void done.then(() => {
      if (this.#ending.get(name) === done) this.#ending.delete(name);
    });
  }

  async #takeNoMore(source: string, done: Promise<void> = Promise.resolve()): Promise<void> {
    await done;
    if (!this.#taken.delete(source)) return;
    const { engine, logger } = this.#options;
    await engine.takeNoMore(source).catch((error: unknown) => {
      logger.warn('a journal cannot be closed', { source, error: describeError(error) });
    });
  }

  /** While no term lasted, nobody heard of deletions. */
  async #takeNoMoreOfDeleted(): Promise<void> {
    for (const name of this.#taken) if (this.#options.sources.get(name) === undefined) await this.#takeNoMore(name);
  }

  async #follow(source: AuditSource, spec: SourceSpec, running: Running, signal: AbortSignal): Promise<void> {
    const { role, engine, own, metrics, tellGap, clock, logger, states, delivery, primaries } = this.#options;
    const partition = `${source.metadata.name}/${role.node}`;
    if (spec.kind === 'webhook') this.#taken.add(source.metadata.name);
    const backoff = new Backoff({ initial: 1000, max: 30_000, resetAfter: 60_000 }, clock);
    while (!signal.aborted) {
      const published = this.#published?.sources[source.metadata.name]?.partition;
      const resume = newestState(logOf(spec), [states.get(partition), published]);
      running.follower = new Follower({
        engine,
        own,
        metrics,
        tellGap,
        clock,
        logger,
        source,
        spec,
        partition,
        resume,
        delivery: delivery(),
        primaries,
        save: (state) => states.save(partition, state),
      });
      logger.info('following an audit log', { source: source.metadata.name, log: logOf(spec) });
      try {
        await running.follower.run(signal);
      } catch (error) {
        logger.error('following an audit log failed; starting again', { partition, error: describeError(error) });
        await clock.sleep(backoff.next(), signal).catch(() => undefined);
      }
    }
  }
}
