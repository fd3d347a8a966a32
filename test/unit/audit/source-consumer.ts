import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type AuditRecord,
  type Batch,
  FileSource,
  type FileSourceOptions,
  type Gap,
  type SourceCheckpoint,
} from '../../../src/audit/index.ts';

/** Consumes a file source in the background, and knows when the source has nothing more to give. */
export class SourceConsumer {
  readonly source: FileSource;
  readonly batches: Batch[] = [];
  /** One for each batch that was dealt with. */
  readonly checkpoints: SourceCheckpoint[] = [];
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;
  #quietLooks = 0;
  #gate: PromiseWithResolvers<void> | undefined;
  #isStopped = false;
  #failure: unknown;

  constructor(options: FileSourceOptions, onBatch: (batch: Batch) => void = () => {}) {
    this.source = new FileSource({
      ...options,
      pause: async () => {
        this.#quietLooks += 1;
        await nextTurn();
      },
    });
    this.#running = this.#run(onBatch).catch((error: unknown) => {
      this.#failure = error;
    });
  }

  get records(): AuditRecord[] {
    return this.batches.flatMap((batch) => batch.records);
  }

  get ids(): string[] {
    return this.records.map(({ event }) => event.auditID ?? '');
  }

  get gaps(): Gap[] {
    return this.batches.flatMap((batch) => batch.gaps);
  }

  /** The sum over all batches of one count. */
  total(count: (counts: Batch['counts']) => number): number {
    return this.batches.reduce((sum, batch) => sum + count(batch.counts), 0);
  }

  get isHeld(): boolean {
    return this.#gate !== undefined;
  }

  /** Held with a batch: until it is released, the source does not look. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** The consumer becomes slow: it does not take another batch until `release`. */
  hold(): void {
    this.#gate ??= Promise.withResolvers<void>();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** Until the source has looked this often, and found nothing more. */
  async caughtUp(looks = 2): Promise<void> {
    this.#quietLooks = 0;
    while (this.#quietLooks < looks && this.#failure === undefined) await nextTurn();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Until the source has looked once more, whatever it found. */
  async nextLook(): Promise<void> {
    const { length } = this.batches;
    const hasLooked = (): boolean => this.#quietLooks > 0 || this.batches.length > length || this.#isStopped;
    this.#quietLooks = 0;
    while (!hasLooked() && this.#failure === undefined) await nextTurn();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.release();
    await this.#running;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #run(onBatch: (batch: Batch) => void): Promise<void> {
    for await (const batch of this.source.batches(this.#abort.signal)) {
      this.#quietLooks = 0;
      this.#isStopped = this.#gate !== undefined;
      await this.#gate?.promise;
      this.#isStopped = false;
      if (this.#abort.signal.aborted) return;
      this.batches.push(batch);
      onBatch(batch);
      this.checkpoints.push(this.source.checkpoint(batch));
    }
  }
}
