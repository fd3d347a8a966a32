import type { PrimaryPartition, SourceCheckpoint, SourceStatus } from '../../../src/audit/index.ts';
import type { DetectedBatch, PartitionReader } from '../../../src/engine/index.ts';

/** Gives what it is told to give. */
export class FakeReader implements PartitionReader {
  readonly released: number[] = [];
  primaries: readonly PrimaryPartition[] | undefined;
  waiting: string | undefined;
  isClosed = false;
  readonly #batches: DetectedBatch[] = [];
  #wanted = Promise.withResolvers<void>();
  #asked = false;
  #stopped = false;
  #last = 0;

  give(one: DetectedBatch): void {
    this.#batches.push(one);
    this.#wanted.resolve();
  }

  /** Whether it is asked for more, and has nothing. */
  get isAsked(): boolean {
    return this.#asked && this.#batches.length === 0;
  }

  async next(): Promise<DetectedBatch | undefined> {
    this.#asked = true;
    while (this.#batches.length === 0 && !this.#stopped) {
      await this.#wanted.promise;
      this.#wanted = Promise.withResolvers();
    }
    this.#asked = false;
    const given = this.#batches.shift();
    this.#last = given?.batch.end.offset ?? this.#last;
    return given;
  }

  async state(): ReturnType<PartitionReader['state']> {
    const checkpoint: SourceCheckpoint = { position: { generation: 1, offset: this.#last }, files: [], floor: 0 };
    const point = { checkpoint, stages: { startsLogged: false } };
    return { stored: point, published: point };
  }

  release({ position }: SourceCheckpoint): void {
    this.released.push(position.offset);
  }

  setPrimaries(primaries: readonly PrimaryPartition[]): void {
    this.primaries = primaries;
  }

  status(): SourceStatus {
    const position = { generation: 1, offset: this.#last };
    const waiting = this.waiting === undefined ? {} : { waiting: this.waiting };
    const none = { lastEventTime: undefined, file: undefined };
    return { path: '/log', state: 'Following', position, lagBytes: 0, errors: [], ...none, ...waiting };
  }

  stop(): void {
    this.#stopped = true;
    this.#wanted.resolve();
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}
