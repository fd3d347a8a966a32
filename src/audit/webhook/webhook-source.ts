import type { SourceCheckpoint } from '../checkpoint.ts';
import { type Clock, realClock } from '../clock.ts';
import type { LineDecoder } from '../decode/decode-line.ts';
import { Journal } from '../journal/journal.ts';
import type { JournalFiles } from '../journal/journal-files.ts';
import { JournalSource, journalCheckpoint } from '../journal/journal-source.ts';
import { ORIGIN } from '../position.ts';
import type { Batch, IntakeStatus, Source, SourceStatus } from '../source.ts';
import { sourceError } from '../system-error.ts';
import type { InletOptions } from './inlet.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

export interface WebhookSourceOptions extends Omit<InletOptions, 'journal' | 'window'> {
  /** The AuditSource's name: deliveries come to `/audit/<name>` and `/events/<name>`. */
  readonly name: string;
  readonly receiver: Pick<WebhookReceiver, 'attach' | 'detach' | 'status' | 'errorsOf'>;
  /** Of the journal. */
  readonly files: JournalFiles;
  readonly limits: JournalBounds;
  readonly resume?: SourceCheckpoint | undefined;
  readonly decode?: LineDecoder | undefined;
  readonly clock?: Pick<Clock, 'now' | 'monotonic'> | undefined;
}

/** How much a journal keeps: bytes, and milliseconds. */
export interface JournalBounds {
  readonly bytes: number;
  readonly age: number;
}

interface Open {
  readonly journal: Journal;
  readonly source: JournalSource;
}

/**
 * What is delivered to the receiver for one AuditSource, by way of its journal. Deliveries are taken while somebody reads
 * `batches`: then the journal is open, and the source attached to the receiver.
 */
export class WebhookSource implements Source {
  readonly #options: WebhookSourceOptions;
  #open: Open | undefined;
  #failure: unknown;

  constructor(options: WebhookSourceOptions) {
    this.#options = options;
  }

  /** Rejects where the journal, or the token file, cannot be opened. */
  async *batches(signal: AbortSignal): AsyncGenerator<Batch, void, undefined> {
    const { name, receiver, files, limits, resume, decode, clock = realClock, ...inlet } = this.#options;
    try {
      const journal = await Journal.open({ files, consumed: resume?.position, limits, clock });
      try {
        const source = new JournalSource({ journal, resume, decode });
        await receiver.attach(name, { journal, ...inlet });
        this.#open = { journal, source };
        yield* source.batches(signal);
      } finally {
        receiver.detach(name);
        await journal.close();
      }
    } catch (error) {
      this.#failure = error;
      throw error;
    } finally {
      this.#open = undefined;
    }
  }

  async *history(since: Date, decode: LineDecoder, signal: AbortSignal): AsyncGenerator<Batch, void, undefined> {
    if (this.#open !== undefined) yield* this.#open.source.history(since, decode, signal);
  }

  status(): SourceStatus {
    if (this.#open === undefined) return this.#closed();
    const { receiver, name } = this.#options;
    const own = this.#open.source.status();
    return {
      ...own,
      errors: [...own.errors, ...receiver.errorsOf(name)],
      intake: this.#intake(this.#open),
    };
  }

  checkpoint(batch: Pick<Batch, 'end' | 'lastEventTime'>): SourceCheckpoint {
    return journalCheckpoint(batch);
  }

  release({ position }: SourceCheckpoint): void {
    this.#open?.journal.consumed(position);
  }

  /** Nothing vanishes unseen from a journal. */
  async survey(): Promise<void> {}

  #closed(): SourceStatus {
    const { files, resume } = this.#options;
    const failure = this.#failure === undefined ? [] : [sourceError(this.#failure)];
    return {
      path: files.path,
      state: failure.length === 0 ? 'Waiting' : 'Failed',
      position: resume?.position ?? ORIGIN,
      lagBytes: 0,
      lastEventTime: resume?.lastEventTime,
      file: undefined,
      errors: failure,
    };
  }

  #intake({ journal }: Open): IntakeStatus {
    const { receiver, name } = this.#options;
    const counts = receiver.status().inlets[name];
    const { bytes, limit, refusing } = journal.status();
    return {
      deliveries: counts?.deliveries ?? 0,
      accepted: counts?.accepted ?? 0,
      duplicates: counts?.duplicates ?? 0,
      ignored: counts?.ignored ?? 0,
      rejected: counts?.rejected ?? {},
      journalBytes: bytes,
      journalLimit: limit,
      refusing,
    };
  }
}
