import { Detector, type OwnIdentity, type RulesInForce } from '../../alerts/index.ts';
import type { AuditSource } from '../../api/audit-source.generated.ts';
import { type Batch, decodeAuditLine, FileSource, StageGate } from '../../audit/index.ts';
import { type Clock, describeError, type Logger } from '../../kube/index.ts';
import type { AlertDelivery } from '../alert/alert-delivery.ts';
import type { PublishedPartition, SourceProgress, SourceReport } from '../replica/node-report.ts';
import type { FollowerMetrics } from './follower-metrics.ts';
import { NO_PROGRESS, type PartitionState } from './partition-state.ts';
import { advanced, describeGap } from './progress.ts';
import { startAt } from './start-at.ts';

export interface FollowerOptions {
  readonly source: AuditSource;
  readonly partition: string;
  /** Where it goes on; from the source's `startAt` without. */
  readonly resume: PartitionState | undefined;
  readonly rules: () => RulesInForce;
  readonly own: OwnIdentity;
  readonly delivery: AlertDelivery;
  /** Stores the state durably. */
  readonly save: (state: PartitionState) => Promise<void>;
  readonly metrics: FollowerMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A line that no rule can match is not parsed. */
const SKIPPED = Object.freeze({ kind: 'skipped' } as const);
/** Milliseconds between stored positions while nothing matches: a restart then reads that part again, and finds nothing. */
const SAVE_EVERY = 1000;
/** Milliseconds that a batch under way has to be finished when the reading is to stop. */
const FINISH_WITHIN = 5000;
/** Of the state that is published: files that are known, and running requests that were counted. */
const PUBLISHED_FILES = 32;
const PUBLISHED_REQUESTS = 500;
/** Milliseconds between looks at the log's directory while Alerts cannot be written. */
const SURVEY_EVERY = 2000;

/**
 * Follows one audit log: reads a batch, runs the rules, writes the Alerts, and only then moves the checkpoint. It reads no
 * further while Alerts cannot be written, so that memory is bounded by one batch.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #source: FileSource;
  readonly #stages: StageGate;
  readonly #detector: Detector;
  #progress: SourceProgress;
  /** The last batch whose Alerts are written. */
  #done: Batch | undefined;
  /** What was stored last, small enough for an annotation. */
  #published: PublishedPartition | undefined;
  #storedAt = Number.NEGATIVE_INFINITY;
  #trouble: string | undefined;

  constructor(options: FollowerOptions) {
    const { source, resume, own } = options;
    this.#options = options;
    this.#published = resume;
    this.#progress = resume?.extra.progress ?? NO_PROGRESS;
    this.#stages = new StageGate({ restore: resume?.stages });
    const correlations = resume?.extra.correlations;
    this.#detector = new Detector({ cluster: source.spec.cluster ?? '', own, stages: this.#stages, correlations });
    this.#source = new FileSource({
      path: source.spec.file.path,
      startAt: startAt(source.spec.startAt),
      resume: resume?.checkpoint,
      decode: (line) => (options.rules().mayMatter(line, this.#stages) ? decodeAuditLine(line) : SKIPPED),
    });
  }

  /** Runs until the signal aborts; a batch under way is finished first, if that is soon. */
  async run(signal: AbortSignal): Promise<void> {
    const survey = this.#surveyWhileBusy();
    const grace = this.#grace(signal);
    try {
      for await (const batch of this.#source.batches(signal)) {
        survey.begin();
        await this.#take(batch, grace.signal);
        survey.end();
      }
      await this.#store(true);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      survey.stop();
      grace.cancel();
    }
  }

  /** What the last stored state amounts to, and how the reading goes. */
  report(): SourceReport {
    const { state, lagBytes, errors } = this.#source.status();
    const [error] = errors;
    const message =
      this.#options.delivery.trouble ??
      this.#trouble ??
      (error === undefined ? undefined : `${error.code}: ${error.message}`);
    return {
      state,
      ...(message !== undefined && { message }),
      lagBytes,
      ...(this.#published !== undefined && { partition: this.#published }),
    };
  }

  async #take(batch: Batch, signal: AbortSignal): Promise<void> {
    const { partition, delivery, rules, metrics, logger } = this.#options;
    const detection = this.#detector.detect(batch.records, rules(), { position: batch.end, time: batch.lastEventTime });
    for (const gap of batch.gaps)
      logger.error('part of the audit log is missing', { partition, gap: describeGap(gap) });
    await delivery.deliver(detection.alerts.values(), partition, signal);
    this.#progress = advanced(this.#progress, batch, detection);
    metrics.batchDone(this.#options.source.metadata.name, batch, detection);
    this.#done = batch;
    await this.#store(detection.alerts.size > 0);
  }

  /**
   * Stores what the log amounts to up to the last batch that is done with. Between batches only: what is remembered of
   * requests and for correlations belongs to that position, too.
   */
  async #store(urgent: boolean): Promise<void> {
    const { clock, logger, save, source } = this.#options;
    if (this.#done === undefined) return;
    const now = clock.monotonic();
    if (!urgent && now - this.#storedAt < SAVE_EVERY) return;
    const extra = { path: source.spec.file.path, progress: this.#progress };
    const checkpoint = this.#source.checkpoint(this.#done);
    const correlations = this.#detector.correlations();
    try {
      await save({ checkpoint, stages: this.#stages.snapshot(), extra: { ...extra, correlations } });
      this.#storedAt = now;
      this.#trouble = undefined;
    } catch (error) {
      // The node's Lease carries most of it, too; and what is read again is not counted again.
      this.#trouble = `positions cannot be stored: ${describeError(error)}`;
      logger.error('positions cannot be stored', { error: describeError(error) });
    }
    this.#published = {
      checkpoint: this.#source.checkpoint(this.#done, PUBLISHED_FILES),
      stages: this.#stages.snapshot(PUBLISHED_REQUESTS),
      extra,
    };
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

  /** A backup that is deleted while the API server is away is a gap only if somebody had seen it. */
  #surveyWhileBusy(): { begin(): void; end(): void; stop(): void } {
    const { clock, logger } = this.#options;
    let busy = false;
    let stopped = false;
    const look = (): void => {
      if (stopped) return;
      if (busy) this.#source.survey().catch((error) => logger.debug('survey failed', { error: describeError(error) }));
      timer = clock.setTimer(SURVEY_EVERY, look);
    };
    let timer = clock.setTimer(SURVEY_EVERY, look);
    return {
      begin: () => void (busy = true),
      end: () => void (busy = false),
      stop: () => {
        stopped = true;
        timer.cancel();
      },
    };
  }
}
