import type { SourceCheckpoint } from '../checkpoint.ts';
import type { LineDecoder } from '../decode/decode-line.ts';
import { JournalSource, journalCheckpoint } from '../journal/journal-source.ts';
import { ORIGIN } from '../position.ts';
import type { Batch, Source, SourceStatus } from '../source.ts';
import { sourceError } from '../system-error.ts';
import type { Intake, IntakeOptions, Intakes } from './intakes.ts';

export interface WebhookSourceOptions extends IntakeOptions {
  readonly intakes: Pick<Intakes, 'open'>;
  readonly resume?: SourceCheckpoint | undefined;
  readonly decode?: LineDecoder | undefined;
}

interface Open {
  readonly intake: Intake;
  readonly source: JournalSource;
}

/**
 * What is delivered to the receiver for one AuditSource, by way of its journal. Deliveries are taken from when somebody reads
 * `batches` on, and go on to be taken when nobody does any more, until the intake is closed.
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
    const { intakes, resume, decode, ...options } = this.#options;
    try {
      const intake = await intakes.open(options, resume?.position);
      const source = new JournalSource({ journal: intake.journal, resume, decode });
      this.#open = { intake, source };
      yield* source.batches(signal);
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
    const { intake, source } = this.#open;
    const own = source.status();
    return { ...own, errors: [...own.errors, ...intake.errors()], intake: intake.status() };
  }

  checkpoint(batch: Pick<Batch, 'end' | 'lastEventTime'>): SourceCheckpoint {
    return journalCheckpoint(batch);
  }

  release({ position }: SourceCheckpoint): void {
    this.#open?.intake.journal.consumed(position);
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
}
