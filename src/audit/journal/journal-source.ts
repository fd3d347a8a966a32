import { setTimeout as sleep } from 'node:timers/promises';
import { BatchBuilder, type BatchLimits } from '../batch-builder.ts';
import type { SourceCheckpoint } from '../checkpoint.ts';
import { decodeAuditLine, decodeStrippedLine, type LineDecoder } from '../decode/decode-line.ts';
import { timeInLine } from '../decode/time-in-line.ts';
import { upTo } from '../history.ts';
import { comparePositions, ORIGIN, type Position } from '../position.ts';
import type { Batch, Gap, GapReason, Source, SourceError, SourceState, SourceStatus } from '../source.ts';
import { sourceError } from '../system-error.ts';
import { DELIVERY_ERRORS, decodeEntry } from './entry.ts';
import type { Journal } from './journal.ts';
import type { ReadableFile } from './journal-files.ts';
import { RecordReader, type Step } from './record-reader.ts';
import type { Segment } from './segment.ts';
import { HEADER_LENGTH } from './segment-format.ts';

export interface JournalSourceOptions {
  readonly journal: Journal;
  /** Without it, reading begins with the oldest record that there is. */
  readonly resume?: SourceCheckpoint | undefined;
  /** What to do with an event; a full parse by default. */
  readonly decode?: LineDecoder | undefined;
  /** Between looks that found nothing: by default until the journal has grown; half a second where reading fails. */
  readonly pause?: ((signal: AbortSignal) => Promise<void>) | undefined;
  readonly limits?: Partial<JournalSourceLimits> | undefined;
}

export interface JournalSourceLimits {
  /** Of a batch; the last record may make it longer. */
  readonly batch: BatchLimits;
  /** For how many looks the device may fail to read a segment (EIO) before what is left of it counts as damaged. */
  readonly failedLooks: number;
}

const LIMITS: JournalSourceLimits = Object.freeze({
  batch: Object.freeze({ records: 1000, bytes: 4 * 1024 * 1024 }),
  failedLooks: 20,
});
const RETRY_MS = 500;

interface Reading {
  readonly segment: Segment;
  readonly file: ReadableFile;
  readonly reader: RecordReader;
}

/**
 * Reads the events of a journal while it is written. Only what is safe on disk is delivered. Memory: one batch, and one
 * piece of a segment (256 KiB, or as much as the largest record).
 *
 * What is missing is a gap: each segment's header says where the one before it ended, so segments that were removed
 * before they were read show; damaged records are passed over.
 */
export class JournalSource implements Source {
  readonly #journal: Journal;
  readonly #options: JournalSourceOptions;
  readonly #limits: JournalSourceLimits;
  #position: Position;
  #reading: Reading | undefined;
  /** What was found missing at the position; it goes into the batch when it is known what follows. */
  #gap: Omit<Gap, 'toTime'> | undefined;
  #lastEventTime: string | undefined;
  #error: SourceError | undefined;
  #failed = 0;
  #claimed = false;

  constructor(options: JournalSourceOptions) {
    this.#journal = options.journal;
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#position = options.resume?.position ?? ORIGIN;
    this.#lastEventTime = options.resume?.lastEventTime;
  }

  async *batches(signal: AbortSignal): AsyncGenerator<Batch, void, undefined> {
    if (this.#claimed) throw new Error('JournalSource: batches() may be called only once');
    this.#claimed = true;
    const pause = this.#options.pause ?? (async (signal) => await this.#pause(signal));
    let end = this.#position;
    let caughtUp = false;
    try {
      while (!signal.aborted) {
        const { batch, hasContent } = await this.#look();
        if (hasContent || comparePositions(batch.end, end) !== 0 || (batch.caughtUp && !caughtUp)) {
          ({ end, caughtUp } = batch);
          yield batch;
        } else await pause(signal);
      }
    } finally {
      await this.#leave();
    }
  }

  status(): SourceStatus {
    const segment = this.#reading?.segment;
    return {
      path: this.#journal.path,
      state: this.#state(),
      position: this.#position,
      lagBytes: this.#lagBytes(),
      lastEventTime: this.#lastEventTime,
      file: segment?.name,
      errors: this.#error === undefined ? [] : [this.#error],
    };
  }

  checkpoint(batch: Pick<Batch, 'end' | 'lastEventTime'>): SourceCheckpoint {
    return journalCheckpoint(batch);
  }

  release({ position }: SourceCheckpoint): void {
    this.#journal.consumed(position);
  }

  /** Events are not looked up by time: it begins with the oldest that is there. */
  async *history(_since: Date, decode: LineDecoder, signal: AbortSignal): AsyncGenerator<Batch, void, undefined> {
    const { resume, pause, limits } = this.#options;
    if (resume === undefined) return;
    yield* upTo(new JournalSource({ journal: this.#journal, decode, pause, limits }), resume, signal);
  }

  /** Nothing vanishes unseen from a journal. */
  async survey(): Promise<void> {}

  async #pause(signal: AbortSignal): Promise<void> {
    if (this.#error === undefined) await this.#journal.whenGrown(this.#position, signal).catch(() => {});
    else await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
  }

  /** One attempt to fill a batch. What was read before an error is delivered with it. */
  async #look(): Promise<{ batch: Batch; hasContent: boolean }> {
    const batch = new BatchBuilder(this.#limits.batch);
    let caughtUp = false;
    try {
      caughtUp = await this.#fill(batch);
      this.#error = undefined;
      this.#failed = 0;
    } catch (error) {
      this.#error = sourceError(error);
      this.#failed = this.#error.code === 'EIO' ? this.#failed + 1 : 0;
    }
    this.#closeGap(batch, undefined);
    return { batch: batch.finish(this.#position, caughtUp, this.#lastEventTime), hasContent: batch.hasContent };
  }

  /** Whether everything was read that there is. */
  async #fill(batch: BatchBuilder): Promise<boolean> {
    for (;;) {
      this.#reading ??= await this.#next(batch);
      if (this.#reading === undefined) return true;
      const { reader, segment } = this.#reading;
      if (this.#isUnreadable) {
        this.#failed = 0;
        this.#skip(reader.finish(segment.length), batch);
      }
      this.#takeRecords(reader, batch);
      if (batch.full) return false;
      // Asked before reading: it may grow, and be finished, meanwhile. What was published ends with a whole record.
      const { sealed, length } = segment;
      if (await reader.fill(length)) continue;
      this.#skip(reader.finish(length), batch);
      if (!sealed) return true;
      await this.#leave();
    }
  }

  #takeRecords(reader: RecordReader, batch: BatchBuilder): void {
    while (!batch.full) {
      const step = reader.take();
      if (step === undefined) return;
      if (step.kind === 'damage') this.#skip(step, batch);
      else this.#takeRecord(step, batch);
    }
  }

  #takeRecord({ content, end }: Extract<Step, { kind: 'record' }>, batch: BatchBuilder): void {
    const from = this.#position;
    this.#position = { generation: from.generation, offset: end };
    batch.addBytes(end - from.offset, 0);
    const entry = decodeEntry(content);
    if (entry === undefined) return this.#addGap({ reason: 'Unreadable', from, to: this.#position });
    if (entry.kind === 'errors') {
      for (const reason of DELIVERY_ERRORS) batch.addError(reason, entry.counts[reason] ?? 0);
      return;
    }
    const { event, stripped, origin } = entry;
    const decoded = stripped ? decodeStrippedLine(event) : (this.#options.decode ?? decodeAuditLine)(event);
    const time = decoded.kind === 'event' ? decoded.event.stageTimestamp : timeInLine(event);
    this.#closeGap(batch, time);
    this.#lastEventTime = time ?? this.#lastEventTime;
    batch.add({ bytes: stripped ? undefined : event, length: event.length }, decoded, this.#position, origin);
  }

  #skip(damage: Step | undefined, batch: BatchBuilder): void {
    if (damage?.kind !== 'damage') return;
    const from = this.#position;
    this.#position = { generation: from.generation, offset: damage.end };
    batch.addBytes(damage.end - damage.from, 0);
    this.#addGap({ reason: 'Unreadable', from, to: this.#position });
  }

  /** Neighbouring gaps are one. */
  #addGap({ reason, from, to }: Pick<Gap, 'reason' | 'from' | 'to'>): void {
    const before = this.#gap ?? { reason, from, fromTime: this.#lastEventTime };
    this.#gap = { ...before, to };
  }

  #closeGap(batch: BatchBuilder, toTime: string | undefined): void {
    const gap = this.#gap;
    if (gap === undefined) return;
    this.#gap = undefined;
    batch.addGap({ ...gap, toTime });
    if (gap.reason === 'Unreadable') batch.addError('unreadable');
  }

  /** Opens the segment at the position, or the one after it. */
  async #next(batch: BatchBuilder): Promise<Reading | undefined> {
    for (;;) {
      const segment = this.#journal.segments.find((each) => this.#isUnread(each));
      if (segment === undefined) return undefined;
      const { header, generation, length } = segment;
      const file = header === undefined ? undefined : await this.#open(segment);
      if (generation !== this.#position.generation) this.#enter(segment);
      if (file !== undefined) {
        const reader = new RecordReader(file, segment.seed, Math.max(this.#position.offset, HEADER_LENGTH));
        return { segment, file, reader };
      }
      const reason: GapReason = header === undefined || this.#isUnreadable ? 'Unreadable' : 'Deleted';
      this.#failed = 0;
      const from = this.#position;
      this.#position = { generation, offset: length };
      batch.addBytes(length - from.offset, 0);
      this.#addGap({ reason, from, to: this.#position });
    }
  }

  #isUnread({ generation, length }: Segment): boolean {
    if (generation === this.#position.generation) return length > this.#position.offset;
    return generation > this.#position.generation && length > HEADER_LENGTH;
  }

  #enter({ header, generation }: Segment): void {
    const from = this.#position;
    this.#position = { generation, offset: HEADER_LENGTH };
    if (header === undefined) return;
    const { previous } = header;
    const isNext = previous.generation === from.generation && previous.offset <= from.offset;
    if (!isNext) this.#addGap({ reason: 'Deleted', from, to: this.#position });
  }

  /** `undefined` where somebody else removed it, or the device cannot read it. */
  async #open(segment: Segment): Promise<ReadableFile | undefined> {
    try {
      return await this.#journal.openSegment(segment);
    } catch (error) {
      if (sourceError(error).code === 'ENOENT' || this.#isUnreadable) return undefined;
      throw error;
    }
  }

  get #isUnreadable(): boolean {
    return this.#failed > this.#limits.failedLooks;
  }

  async #leave(): Promise<void> {
    const file = this.#reading?.file;
    this.#reading = undefined;
    await file?.close();
  }

  #state(): SourceState {
    if (this.#error !== undefined) return 'Failed';
    const newest = this.#journal.segments.at(-1);
    if (newest === undefined) return comparePositions(this.#position, ORIGIN) === 0 ? 'Waiting' : 'Following';
    return newest.generation > this.#position.generation ? 'Draining' : 'Following';
  }

  #lagBytes(): number {
    const { generation, offset } = this.#position;
    return this.#journal.segments
      .filter((segment) => segment.generation >= generation)
      .reduce(
        (sum, each) => sum + each.length - (each.generation === generation ? Math.min(offset, each.length) : 0),
        0,
      );
  }
}

export function journalCheckpoint({ end, lastEventTime }: Pick<Batch, 'end' | 'lastEventTime'>): SourceCheckpoint {
  return { position: end, files: [], floor: 0, ...(lastEventTime === undefined ? {} : { lastEventTime }) };
}
