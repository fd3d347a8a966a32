import { ORIGIN, type PrimaryPartition, type SourceCheckpoint } from '../audit/index.ts';
import type {
  DetectedBatch,
  PartitionReader,
  PartitionSpec,
  PublishLimits,
  ReaderState,
  ReaderStatus,
} from './detection-engine.ts';
import type { Answer, Request } from './protocol.ts';

/** A partition that an engine in another thread has open. */
export class RemoteReader implements PartitionReader {
  readonly #number: number;
  readonly #ask: (request: Request) => Promise<Answer>;
  readonly #opened: Promise<unknown>;
  readonly #onClose: () => void;
  #status: ReaderStatus;

  constructor(number: number, spec: PartitionSpec, ask: (request: Request) => Promise<Answer>, onClose: () => void) {
    this.#number = number;
    this.#ask = ask;
    this.#onClose = onClose;
    this.#status = {
      state: 'Waiting',
      position: spec.resume?.checkpoint.position ?? ORIGIN,
      lagBytes: 0,
      lastEventTime: spec.resume?.checkpoint.lastEventTime,
      file: undefined,
      errors: [],
    };
    this.#opened = ask({ call: 'open', reader: number, spec });
    // Whoever asks for a batch hears of it.
    this.#opened.catch(() => {});
  }

  async next(): Promise<DetectedBatch | undefined> {
    const { batch } = await this.#askOpen({ call: 'next', reader: this.#number });
    return batch;
  }

  async state(limits: PublishLimits): Promise<ReaderState | undefined> {
    const { state } = await this.#askOpen({ call: 'state', reader: this.#number, limits });
    return state;
  }

  release(checkpoint: SourceCheckpoint): void {
    this.#tell({ call: 'release', reader: this.#number, checkpoint });
  }

  setPrimaries(primaries: readonly PrimaryPartition[]): void {
    this.#tell({ call: 'setPrimaries', reader: this.#number, primaries });
  }

  status(): ReaderStatus {
    return this.#status;
  }

  /** The engine has told what it is. */
  setStatus(status: ReaderStatus): void {
    this.#status = status;
  }

  stop(): void {
    this.#tell({ call: 'stop', reader: this.#number });
  }

  /** What the engine cannot close any more is closed. */
  async close(): Promise<void> {
    this.#onClose();
    await this.#askOpen({ call: 'close', reader: this.#number }).catch(() => undefined);
  }

  /** Where it fails, the next question fails, too. */
  #tell(request: Request): void {
    this.#askOpen(request).catch(() => {});
  }

  async #askOpen(request: Request): Promise<Answer> {
    await this.#opened;
    return await this.#ask(request);
  }
}
