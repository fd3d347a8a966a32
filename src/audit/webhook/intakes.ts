import type { Clock } from '../clock.ts';
import { Journal } from '../journal/journal.ts';
import type { JournalFiles } from '../journal/journal-files.ts';
import { comparePositions, ORIGIN, type Position } from '../position.ts';
import type { IntakeStatus, SourceError } from '../source.ts';
import type { InletOptions } from './inlet.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

export interface IntakeOptions extends Omit<InletOptions, 'journal' | 'window'> {
  /** The AuditSource's name: deliveries come to `/audit/<name>` and `/events/<name>`. */
  readonly name: string;
  /** Of the journal. */
  readonly files: JournalFiles;
  readonly limits: JournalBounds;
}

/** How much a journal keeps: bytes, and milliseconds. */
export interface JournalBounds {
  readonly bytes: number;
  readonly age: number;
}

type Receiver = Pick<WebhookReceiver, 'attach' | 'detach' | 'status' | 'errorsOf'>;
type JournalClock = Pick<Clock, 'now' | 'monotonic'>;

/** Takes what is delivered for one AuditSource into its journal, whether or not anybody reads it. */
export class Intake {
  readonly journal: Journal;
  readonly #name: string;
  readonly #receiver: Receiver;

  /** Rejects where the journal, or the token file, cannot be opened. */
  static async open(
    { name, files, limits, ...inlet }: IntakeOptions,
    consumed: Position | undefined,
    receiver: Receiver,
    clock: JournalClock,
  ): Promise<Intake> {
    const journal = await Journal.open({ files, consumed, limits, clock });
    try {
      await receiver.attach(name, { journal, ...inlet });
    } catch (error) {
      await journal.close();
      throw error;
    }
    return new Intake(name, journal, receiver);
  }

  private constructor(name: string, journal: Journal, receiver: Receiver) {
    this.#name = name;
    this.journal = journal;
    this.#receiver = receiver;
  }

  /** What is wrong with the certificates and the tokens. */
  errors(): readonly SourceError[] {
    return this.#receiver.errorsOf(this.#name);
  }

  status(): IntakeStatus {
    const counts = this.#receiver.status().inlets[this.#name];
    const { bytes, limit, refusing } = this.journal.status();
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

  /** Takes nothing more. */
  async close(): Promise<void> {
    this.#receiver.detach(this.#name);
    await this.journal.close();
  }
}

interface Slot {
  readonly key: string;
  readonly intake: Intake;
}

/** The intakes of a receiver, one for each AuditSource: there are never two that write the same journal. */
export class Intakes {
  readonly #receiver: Receiver;
  readonly #clock: JournalClock;
  readonly #slots = new Map<string, Promise<Slot | undefined>>();

  constructor(receiver: Receiver, clock: JournalClock) {
    this.#receiver = receiver;
    this.#clock = clock;
  }

  /**
   * The intake of a source, which is opened where it is not open like that yet.
   *
   * @param consumed the checkpoint of whoever reads the journal: see `JournalOptions`
   */
  async open(options: IntakeOptions, consumed: Position | undefined): Promise<Intake> {
    const { files, ...plain } = options;
    const key = JSON.stringify({ ...plain, path: files.path });
    const slot = this.#next(options.name, async (before) => {
      if (before?.key === key && !isBehind(before.intake, consumed)) return before;
      await before?.intake.close();
      return { key, intake: await Intake.open(options, consumed, this.#receiver, this.#clock) };
    });
    return (await slot).intake;
  }

  /** Takes no more deliveries for a source. */
  async close(name: string): Promise<void> {
    await this.#next(name, async (before) => {
      await before?.intake.close();
      return undefined;
    });
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#slots.keys()].map(async (name) => await this.close(name)));
  }

  /** What is done with one source happens one after the other. */
  async #next<T extends Slot | undefined>(name: string, step: (before: Slot | undefined) => Promise<T>): Promise<T> {
    const before = this.#slots.get(name) ?? Promise.resolve(undefined);
    const after = before.catch(() => undefined).then(step);
    this.#slots.set(name, after);
    return await after;
  }
}

/** Whoever reads is further than what was written here: another journal was read meanwhile. Positions must be behind that. */
function isBehind({ journal }: Intake, consumed: Position = ORIGIN): boolean {
  return comparePositions(consumed, journal.end) > 0 && comparePositions(consumed, journal.status().consumed) > 0;
}
