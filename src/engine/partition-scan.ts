import {
  type CorrelationSnapshots,
  type Detection,
  Detector,
  deletedAlert,
  type RulesInForce,
} from '../alerts/index.ts';
import {
  type AuditRecord,
  BackupSource,
  type Batch,
  type BatchSummary,
  type Clock,
  gapsOf,
  type PrimaryPartition,
  type Source,
  type SourceCheckpoint,
  StageGate,
} from '../audit/index.ts';
import type {
  AskExpired,
  DetectedBatch,
  LookedBack,
  PartitionReader,
  PartitionSpec,
  PublishLimits,
  ReaderState,
  ReaderStatus,
  ResumePoint,
} from './detection-engine.ts';
import { EngineError } from './engine-error.ts';
import { lookBack } from './look-back.ts';
import { type OpenSourceOptions, openSource } from './open-source.ts';

export interface PartitionScanOptions {
  /** What runs now. */
  readonly rules: () => RulesInForce;
  readonly intakes: OpenSourceOptions['intakes'];
  readonly expired: AskExpired;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly onClose: () => void;
}

/** Milliseconds between looks at the log's directory while nobody asks for more. */
const SURVEY_EVERY = 2000;

/** Reads a partition in this thread: source, stage gate and detector, which move on together, a batch at a time. */
export class PartitionScan implements PartitionReader {
  readonly #spec: PartitionSpec;
  readonly #options: PartitionScanOptions;
  readonly #source: Source;
  readonly #stages: StageGate;
  readonly #detector: Detector;
  readonly #stop = new AbortController();
  readonly #batches: AsyncIterator<Batch>;
  /** What was given last. */
  #last: BatchSummary | undefined;
  #busy = false;
  #survey: { cancel(): void } | undefined;
  #expired: ReadonlySet<string> = new Set();
  readonly #memory: CorrelationSnapshots | undefined;
  #hasLookedBack = false;

  constructor(spec: PartitionSpec, options: PartitionScanOptions) {
    const { source, resume, cluster, own } = spec;
    this.#spec = spec;
    this.#options = options;
    this.#memory = memoryIn(resume);
    this.#stages = new StageGate({ restore: resume?.stages, reordered: source.kind === 'webhook' });
    this.#detector = new Detector({
      cluster,
      own: { ...own, hasExpired: (name, at) => this.#expired.has(deletion(name, at)) },
      stages: this.#stages,
      correlations: this.#memory,
      observed: resume?.observed,
    });
    const { passedOver } = this.#detector;
    this.#source = openSource(source, {
      resume: resume?.checkpoint,
      decode: (line) => options.rules().screen(this.#stages).decode(line, passedOver),
      intakes: options.intakes,
    });
    this.#batches = this.#source.batches(this.#stop.signal)[Symbol.asyncIterator]();
  }

  async next(): Promise<DetectedBatch | undefined> {
    this.#idle();
    this.#survey?.cancel();
    this.#busy = true;
    const { done, value } = await this.#batches.next();
    if (done === true) {
      this.#busy = false;
      return undefined;
    }
    const { records, ...batch } = value;
    // Where this fails, it stays busy: what is remembered belongs to no position any more.
    const lookedBack = await this.#lookBack();
    // Nothing was made of it yet, and without their memory correlations must not be stored.
    if (lookedBack?.isWhole === false && this.#stop.signal.aborted) {
      this.#busy = false;
      return undefined;
    }
    const detection = await this.#detect(records, batch);
    this.#last = batch;
    this.#busy = false;
    this.#surveyLater();
    const alerts = [...detection.alerts.values()];
    return { batch, gaps: gapsOf(value), detection: { ...detection, alerts }, lookedBack };
  }

  async state({ files, requests }: PublishLimits): Promise<ReaderState | undefined> {
    this.#idle();
    if (this.#last === undefined) return undefined;
    return {
      stored: {
        checkpoint: this.#source.checkpoint(this.#last),
        stages: this.#stages.snapshot(),
        correlations: JSON.stringify(this.#detector.correlations()),
        observed: this.#detector.observed(),
      },
      published: {
        checkpoint: this.#source.checkpoint(this.#last, files),
        stages: this.#stages.snapshot(requests),
        observed: this.#detector.observed('joined'),
      },
    };
  }

  release(checkpoint: SourceCheckpoint): void {
    this.#source.release(checkpoint);
  }

  setPrimaries(primaries: readonly PrimaryPartition[]): void {
    if (this.#source instanceof BackupSource) this.#source.setPrimaries(primaries);
  }

  status(): ReaderStatus {
    return this.#source.status();
  }

  stop(): void {
    this.#stop.abort();
  }

  async close(): Promise<void> {
    this.stop();
    this.#survey?.cancel();
    await this.#batches.return?.();
    this.#options.onClose();
  }

  /** Once, before the first batch is looked at: by then the source knows what is there. */
  async #lookBack(): Promise<LookedBack | undefined> {
    const { resume, cluster, own } = this.#spec;
    if (this.#hasLookedBack || resume === undefined || this.#memory !== undefined) return undefined;
    this.#hasLookedBack = true;
    this.#surveyLater();
    const { rules, clock } = this.#options;
    const { signal } = this.#stop;
    const remembered = await lookBack(resume.checkpoint, {
      source: this.#source,
      rules: rules(),
      cluster,
      own,
      signal,
      clock,
    });
    this.#survey?.cancel();
    if (remembered !== undefined) this.#detector.restoreCorrelations(remembered.correlations);
    return remembered?.lookedBack;
  }

  #idle(): void {
    if (this.#busy) throw new EngineError({ code: 'ReaderBusy', message: 'a batch of the partition is under way' });
  }

  async #detect(records: readonly AuditRecord[], { end, lastEventTime }: BatchSummary): Promise<Detection> {
    await this.#askExpired(records);
    return this.#detector.detect(records, this.#options.rules(), { position: end, time: lastEventTime });
  }

  async #askExpired(records: readonly AuditRecord[]): Promise<void> {
    const deleted = records.flatMap(({ event }) => deletedAlert(event, this.#spec.own) ?? []);
    const expired = deleted.length === 0 ? [] : await this.#options.expired(deleted);
    this.#expired = new Set(deleted.filter((_, index) => expired[index]).map(({ name, at }) => deletion(name, at)));
  }

  /** A backup that is deleted while nobody can take a batch is a gap only if somebody had seen it. */
  #surveyLater(): void {
    this.#survey = this.#options.clock.setTimer(SURVEY_EVERY, () => {
      void this.#source.survey();
      this.#surveyLater();
    });
  }
}

function deletion(name: string, at: number): string {
  return `${at} ${name}`;
}

/** Undefined where nothing is remembered, or it cannot be read. */
function memoryIn(resume: ResumePoint | undefined): CorrelationSnapshots | undefined {
  try {
    const memory: CorrelationSnapshots | null = JSON.parse(resume?.correlations ?? 'null');
    return typeof memory === 'object' && memory !== null ? memory : undefined;
  } catch {
    return undefined;
  }
}
