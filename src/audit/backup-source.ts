import { backupDecision, type PrimaryPartition } from './backup-decision.ts';
import type { SourceCheckpoint } from './checkpoint.ts';
import { type Clock, realClock } from './clock.ts';
import type { LineDecoder } from './decode/decode-line.ts';
import type { AuditRecord, Batch, Source, SourceStatus } from './source.ts';

/** Milliseconds of waiting that are nothing remarkable: how far a primary is gets known every few seconds. */
const LONG = 60_000;

/**
 * A source that is the backup of another one: what the other one counts is marked so. A batch is given once it is known of
 * all of its records which source counts them; until then nothing more is read.
 */
export class BackupSource implements Source {
  readonly #source: Source;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #primaries: readonly PrimaryPartition[] = [];
  #changed = Promise.withResolvers<void>();
  /** What cannot be decided yet, and since when. */
  #waiting: { readonly event: AuditRecord; readonly since: number } | undefined;

  constructor(source: Source, clock: Pick<Clock, 'monotonic'> = realClock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** How far the partitions of the other source are, all of them. */
  setPrimaries(primaries: readonly PrimaryPartition[]): void {
    this.#primaries = primaries;
    this.#lookAgain();
  }

  batches(signal: AbortSignal): AsyncGenerator<Batch, void, undefined> {
    return this.#marked(this.#source.batches(signal), signal);
  }

  history(since: Date, decode: LineDecoder, signal: AbortSignal): AsyncGenerator<Batch, void, undefined> {
    return this.#marked(this.#source.history(since, decode, signal), signal);
  }

  async *#marked(batches: AsyncIterable<Batch>, signal: AbortSignal): AsyncGenerator<Batch, void, undefined> {
    const stop = (): void => this.#lookAgain();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const batch of batches) {
        const records = await this.#decided(batch.records, signal);
        if (records === undefined) return;
        yield { ...batch, records };
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#waiting = undefined;
    }
  }

  status(): SourceStatus {
    const status = this.#source.status();
    if (this.#waiting === undefined || this.#clock.monotonic() - this.#waiting.since < LONG) return status;
    const { event, origin } = this.#waiting.event;
    const where = origin === undefined ? '' : ` of ${origin}`;
    const waiting = `waits to know whether the source that it is the backup of has what was logged${where} at ${event.stageTimestamp}`;
    return { ...status, waiting };
  }

  checkpoint(batch: Pick<Batch, 'end' | 'lastEventTime'>, maxFiles?: number): SourceCheckpoint {
    return this.#source.checkpoint(batch, maxFiles);
  }

  release(checkpoint: SourceCheckpoint): void {
    this.#source.release(checkpoint);
  }

  async survey(): Promise<void> {
    await this.#source.survey();
  }

  /** Undefined where it was stopped before it was known. */
  async #decided(records: readonly AuditRecord[], signal: AbortSignal): Promise<readonly AuditRecord[] | undefined> {
    const decided: AuditRecord[] = [];
    while (decided.length < records.length) {
      const record = records[decided.length];
      if (record === undefined || signal.aborted) return undefined;
      const decision = backupDecision(record.event, record.origin ?? '', this.#primaries);
      if (decision === 'wait') {
        this.#waiting = { event: record, since: this.#waiting?.since ?? this.#clock.monotonic() };
        await this.#changed.promise;
      } else decided.push(decision === 'count' ? record : { ...record, isCountedElsewhere: true });
    }
    this.#waiting = undefined;
    return decided;
  }

  #lookAgain(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
