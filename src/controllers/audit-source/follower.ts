import type { AuditSource } from '../../api/audit-source.generated.ts';
import { comparePositions, type Gap, type ObserverSnapshot, type Position } from '../../audit/index.ts';
import type {
  DetectedBatch,
  DetectionEngine,
  EngineIdentity,
  PartitionReader,
  SourceSpec,
} from '../../engine/index.ts';
import { type Clock, describeError, type Logger } from '../../kube/index.ts';
import type { AlertDelivery } from '../alert/alert-delivery.ts';
import type { PublishedPartition, SourceProgress, SourceReport } from '../replica/node-report.ts';
import { EventRate } from './event-rate.ts';
import type { FollowerMetrics } from './follower-metrics.ts';
import { policyHash } from './known-logs.ts';
import { NO_PROGRESS, type PartitionState } from './partition-state.ts';
import type { PrimaryWatch } from './primary-watch.ts';
import { advanced, describeGap, publishedProgress } from './progress.ts';
import { logOf } from './source-role.ts';

export interface FollowerOptions {
  readonly source: AuditSource;
  readonly spec: SourceSpec;
  readonly partition: string;
  /** Where it goes on; from the source's `startAt` without. */
  readonly resume: PartitionState | undefined;
  readonly engine: Pick<DetectionEngine, 'open'>;
  readonly own: EngineIdentity;
  readonly delivery: Pick<AlertDelivery, 'deliver' | 'trouble'>;
  /** Stores the state durably. */
  readonly save: (state: PartitionState) => Promise<void>;
  /** Of the source that it is the backup of. */
  readonly primaries: Pick<PrimaryWatch, 'of' | 'onChange'> | undefined;
  readonly metrics: FollowerMetrics;
  /** Tells people of a part of the log that is missing. */
  readonly tellGap: (source: AuditSource, partition: string, gap: Gap) => void;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'setTimer'>;
  readonly logger: Logger;
}

/** Milliseconds between stored positions while nothing matches: a restart then reads that part again, and finds nothing. */
const SAVE_EVERY = 1000;
/** Milliseconds that a batch under way has to be finished when the reading is to stop. */
const FINISH_WITHIN = 5000;
/** Of the state that is published: files that are known, and running requests that were counted. */
const PUBLISHED = Object.freeze({ files: 32, requests: 500 });

/**
 * Follows one audit log: takes a batch and what the rules found in it, writes the Alerts, and only then moves the checkpoint.
 * It asks for no more while Alerts cannot be written, so that memory is bounded by one batch.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #reader: PartitionReader;
  readonly #rate: EventRate;
  readonly #policy: string;
  /** The end of the last batch that is dealt with. */
  #done: Position | undefined;
  #progress: SourceProgress;
  /** What was stored last, small enough for an annotation. */
  #published: PublishedPartition | undefined;
  #storedAt = Number.NEGATIVE_INFINITY;
  #trouble: string | undefined;
  /** Why it ended. */
  #failure: string | undefined;

  constructor(options: FollowerOptions) {
    const { source, spec, resume, own, engine, clock } = options;
    this.#options = options;
    this.#rate = new EventRate(clock);
    this.#policy = policyHash(source);
    this.#done = resume?.checkpoint.position;
    this.#published = resume;
    this.#progress = resume?.extra.progress ?? NO_PROGRESS;
    this.#reader = engine.open({
      source: spec,
      resume: resume && { ...resume, correlations: resume.extra.correlations, observed: this.#observedIn(resume) },
      cluster: source.spec.cluster ?? '',
      own,
    });
  }

  /** Runs until the signal aborts; a batch under way is finished first, if that is soon. To be called once. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#reader.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const grace = this.#grace(signal);
    const unsubscribe = this.#watchPrimaries();
    try {
      for (;;) {
        const batch = await this.#reader.next();
        if (batch === undefined) break;
        await this.#take(batch, grace.signal);
      }
      await this.#store(true);
    } catch (error) {
      if (signal.aborted) return;
      this.#failure = describeError(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      grace.cancel();
      unsubscribe();
      await this.#reader.close();
    }
  }

  /** What the last stored state amounts to, and how the reading goes. */
  report(): SourceReport {
    const { state, lagBytes, errors, position, waiting, intake } = this.#reader.status();
    const lagSeconds = this.#lagSeconds(lagBytes, position);
    const [error] = errors;
    const message =
      this.#failure ??
      this.#options.delivery.trouble ??
      this.#trouble ??
      (error === undefined ? waiting : `${error.code}: ${error.message}`);
    return {
      state: this.#failure === undefined ? state : 'Failed',
      ...(message !== undefined && { message }),
      lagBytes,
      ...(lagSeconds !== undefined && { lagSeconds }),
      eventsPerMinute: this.#rate.perMinute(),
      ...(intake !== undefined && { intake }),
      ...(this.#published !== undefined && { partition: this.#published }),
    };
  }

  /** How old what is counted is, while there is more: unread, or read and not dealt with yet. */
  #lagSeconds(lagBytes: number, position: Position): number | undefined {
    const { lastEvent } = this.#progress;
    if (lastEvent === undefined) return undefined;
    const isBehind = lagBytes > 0 || (this.#done !== undefined && comparePositions(position, this.#done) > 0);
    return isBehind ? Math.max(0, Math.round((this.#options.clock.now() - Date.parse(lastEvent)) / 1000)) : 0;
  }

  /** What was observed under the policy that is given now. */
  #observedIn({ extra }: PartitionState): ObserverSnapshot | undefined {
    return extra.observed?.policy === this.#policy ? extra.observed.levels : undefined;
  }

  async #take({ batch, gaps, detection, lookedBack }: DetectedBatch, signal: AbortSignal): Promise<void> {
    const { source, spec, partition, delivery, metrics, tellGap, clock, logger } = this.#options;
    if (lookedBack?.isWhole === true)
      logger.info('read again what correlations remember', { partition, ...lookedBack });
    else if (lookedBack !== undefined)
      logger.warn('correlations start anew: what they remember is too much to read', { partition, ...lookedBack });
    for (const gap of batch.gaps) {
      logger.error('part of the audit log is missing', { partition, gap: describeGap(gap) });
      tellGap(source, partition, gap);
    }
    await delivery.deliver(detection.alerts, partition, signal);
    const now = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    this.#progress = advanced(this.#progress, { batch, gaps, detection }, now);
    this.#rate.add(batch.counts.events + batch.counts.skipped);
    this.#done = batch.end;
    metrics.batchDone(source.metadata.name, batch, detection);
    // What was delivered waits for room, or for its acknowledgement, until this is stored.
    await this.#store(detection.alerts.length > 0 || (spec.kind === 'webhook' && batch.caughtUp));
  }

  /**
   * Stores what the log amounts to up to the last batch. Only when that is done with, and before the next one is asked for:
   * what is remembered of requests and for correlations belongs to that position, too.
   */
  async #store(urgent: boolean): Promise<void> {
    const { clock, logger, save, spec } = this.#options;
    const now = clock.monotonic();
    if (!urgent && now - this.#storedAt < SAVE_EVERY) return;
    const state = await this.#reader.state(PUBLISHED);
    if (state === undefined) return;
    const extra = { path: logOf(spec), progress: this.#progress };
    const { checkpoint, stages, correlations, observed } = state.stored;
    try {
      const more = { ...this.#observed(observed), ...(correlations !== undefined && { correlations }) };
      await save({ checkpoint, stages, extra: { ...extra, ...more } });
      this.#storedAt = now;
      this.#trouble = undefined;
      this.#reader.release(checkpoint);
    } catch (error) {
      // The node's Lease carries most of it, too; and what is read again is not counted again.
      this.#trouble = `positions cannot be stored: ${describeError(error)}`;
      logger.error('positions cannot be stored', { error: describeError(error) });
    }
    const { observed: joined, ...published } = state.published;
    const progress = publishedProgress(extra.progress);
    this.#published = { ...published, extra: { ...extra, progress, ...this.#observed(joined) } };
  }

  #observed(levels: ObserverSnapshot | undefined): Pick<PublishedPartition['extra'], 'observed'> {
    return levels === undefined ? {} : { observed: { policy: this.#policy, levels } };
  }

  /** @returns what ends it */
  #watchPrimaries(): () => void {
    const { source, primaries } = this.#options;
    const { backupFor } = source.spec;
    if (primaries === undefined || backupFor === undefined) return () => {};
    const tell = (): void => this.#reader.setPrimaries(primaries.of(backupFor));
    tell();
    return primaries.onChange(tell);
  }

  /** Aborts a while after the signal, so that a batch under way can be finished. */
  #grace(signal: AbortSignal): { readonly signal: AbortSignal; cancel(): void } {
    const grace = new AbortController();
    let cancel = (): void => {};
    const start = (): void => {
      const timer = this.#options.clock.setTimer(FINISH_WITHIN, () => grace.abort(signal.reason));
      cancel = () => timer.cancel();
    };
    if (signal.aborted) start();
    else signal.addEventListener('abort', start, { once: true });
    return {
      signal: grace.signal,
      cancel: () => {
        signal.removeEventListener('abort', start);
        cancel();
      },
    };
  }
}
