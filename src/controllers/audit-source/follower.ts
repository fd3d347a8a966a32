import type { AuditSource } from '../../api/audit-source.generated.ts';
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
import type { FollowerMetrics } from './follower-metrics.ts';
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
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>;
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
  #progress: SourceProgress;
  /** What was stored last, small enough for an annotation. */
  #published: PublishedPartition | undefined;
  #storedAt = Number.NEGATIVE_INFINITY;
  #trouble: string | undefined;

  constructor(options: FollowerOptions) {
    const { source, spec, resume, own, engine } = options;
    this.#options = options;
    this.#published = resume;
    this.#progress = resume?.extra.progress ?? NO_PROGRESS;
    this.#reader = engine.open({
      source: spec,
      resume: resume && { ...resume, correlations: resume.extra.correlations },
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
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      grace.cancel();
      unsubscribe();
      await this.#reader.close();
    }
  }

  /** What the last stored state amounts to, and how the reading goes. */
  report(): SourceReport {
    const { state, lagBytes, errors, waiting, intake } = this.#reader.status();
    const [error] = errors;
    const message =
      this.#options.delivery.trouble ??
      this.#trouble ??
      (error === undefined ? waiting : `${error.code}: ${error.message}`);
    return {
      state,
      ...(message !== undefined && { message }),
      lagBytes,
      ...(intake !== undefined && { intake }),
      ...(this.#published !== undefined && { partition: this.#published }),
    };
  }

  async #take({ batch, gaps, detection }: DetectedBatch, signal: AbortSignal): Promise<void> {
    const { source, spec, partition, delivery, metrics, logger } = this.#options;
    for (const gap of batch.gaps)
      logger.error('part of the audit log is missing', { partition, gap: describeGap(gap) });
    await delivery.deliver(detection.alerts, partition, signal);
    this.#progress = advanced(this.#progress, { batch, gaps, detection });
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
    const { checkpoint, stages, correlations } = state.stored;
    try {
      await save({ checkpoint, stages, extra: { ...extra, ...(correlations !== undefined && { correlations }) } });
      this.#storedAt = now;
      this.#trouble = undefined;
      this.#reader.release(checkpoint);
    } catch (error) {
      // The node's Lease carries most of it, too; and what is read again is not counted again.
      this.#trouble = `positions cannot be stored: ${describeError(error)}`;
      logger.error('positions cannot be stored', { error: describeError(error) });
    }
    this.#published = { ...state.published, extra: { ...extra, progress: publishedProgress(extra.progress) } };
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
