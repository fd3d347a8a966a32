import { type Clock, realClock, type Timer } from './clock.ts';
import {
  type Event,
  type EventSeries,
  eventName,
  eventNamespace,
  eventSeries,
  type Occurrence,
  type Reporter,
  validOccurrence,
  validReporter,
} from './event.ts';
import { describeError, type Logger, silentLogger } from './logger.ts';
import { formatMicroTime } from './micro-time.ts';
import type { Resource } from './resource.ts';
import {
  isAlreadyExists,
  isNamespaceMissing,
  isNamespaceTerminating,
  isNotFound,
  isTransient,
  isUnauthorized,
} from './status-error.ts';
import { type RateLimit, TokenBucket } from './token-bucket.ts';
import { WorkQueue } from './work-queue.ts';

/** Milliseconds, except counts. The defaults are client-go's, but for the rate. */
export interface EventRecorderLimits {
  /** Different Events that are kept in mind. */
  readonly maxKeys: number;
  readonly maxTries: number;
  /** Between two tries, ± 25 %. */
  readonly retryAfter: number;
  /** A running series is written again after this, which also keeps the server from deleting it as old. */
  readonly refreshAfter: number;
  /** A series is over when nothing happened for this long. */
  readonly finishAfter: number;
  /** Writes. What exceeds it is not lost: it adds up in series. */
  readonly rate: RateLimit;
}

const defaultEventRecorderLimits: EventRecorderLimits = Object.freeze({
  maxKeys: 1000,
  maxTries: 12,
  retryAfter: 10_000,
  refreshAfter: 30 * 60_000,
  finishAfter: 6 * 60_000,
  rate: { qps: 10, burst: 50 },
});

/**
 * Why occurrences were not recorded: `overflow` too many different ones wait to be written, `retries` the server was not
 * reachable for too long, `rejected` it refused, `invalid` it would refuse, `namespace` the namespace is gone and nobody
 * redirects, `shutdown` there was no time left.
 */
export type DropReason = 'overflow' | 'retries' | 'rejected' | 'invalid' | 'namespace' | 'shutdown';

/** Must not throw. */
interface EventMetrics {
  eventWritten(write: 'create' | 'series'): void;
  eventsDropped(reason: DropReason, occurrences: number): void;
}

export interface EventRecorderOptions {
  readonly events: Pick<Resource<Event>, 'create' | 'patch'>;
  readonly reporter: Reporter;
  /**
   * The Event could not be created because its namespace is being deleted or gone. The occurrences are out of our hands
   * then, and in the callback's, which may record them again about another object.
   */
  readonly onNamespaceGone?: (occurrence: Occurrence, count: number) => void;
  readonly limits?: Partial<EventRecorderLimits>;
  readonly metrics?: EventMetrics;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly random?: () => number;
}

/** One Event and what is known to be on the server of it. */
interface Entry {
  readonly occurrence: Occurrence;
  readonly name: string;
  /** When it was first seen, milliseconds since the epoch. */
  readonly first: number;
  last: number;
  /** The same on the monotonic clock. */
  lastSeen: number;
  lastWrite: number;
  count: number;
  /** Occurrences that the server knows of; 0 before the Event was created. At most `count`. */
  written: number;
  tries: number;
}

const WRITERS = 2;

/**
 * Records Events about objects. The same occurrence again is one Event with a count (a series), as in client-go: the
 * second one is written at once, further ones add up here and are written when the series is refreshed or over.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #limits: EventRecorderLimits;
  readonly #reporter: Reporter;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #random: () => number;
  readonly #bucket: TokenBucket;
  /** In the order of creation. At most `maxKeys`. */
  readonly #entries = new Map<string, Entry>();
  /** Keys of entries to write. A key whose entry is gone, or has nothing new, is done at once. */
  readonly #queue: WorkQueue;
  readonly #flushed: (() => void)[] = [];
  #closed = false;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#limits = { ...defaultEventRecorderLimits, ...options.limits };
    this.#reporter = validReporter(options.reporter);
    this.#clock = options.clock ?? realClock;
    this.#logger = options.logger ?? silentLogger;
    this.#random = options.random ?? Math.random;
    this.#bucket = new TokenBucket(this.#limits.rate, this.#clock);
    this.#queue = new WorkQueue({ clock: this.#clock });
  }

  /** Occurrences that the server does not know of yet. */
  get pending(): number {
    return this.#entries.values().reduce((sum, { count, written }) => sum + count - written, 0);
  }

  /**
   * Never blocks and never throws; what cannot be recorded is counted as dropped.
   *
   * @param times how often it happened
   */
  record(occurrence: Occurrence, times: number = 1): void {
    if (this.#closed) {
      this.#drop('shutdown', times);
      return;
    }
    const valid = validOccurrence(occurrence);
    if (valid === undefined) {
      this.#drop('invalid', times);
      return;
    }
    const key = keyOf(valid);
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#again(key, entry, times);
    } else if (this.#entries.size < this.#limits.maxKeys || this.#makeRoom()) {
      this.#entries.set(key, this.#entry(valid, times));
      this.#queue.add(key);
    } else {
      this.#drop('overflow', times);
    }
  }

  /** Writes until the signal aborts. Call `flush` before, else what is pending is dropped. */
  async run(signal: AbortSignal): Promise<void> {
    let sweep: Timer | undefined;
    const schedule = () => {
      const { finishAfter, refreshAfter } = this.#limits;
      sweep = this.#clock.setTimer(Math.min(finishAfter / 6, refreshAfter / 3), () => {
        this.#sweep();
        schedule();
      });
    };
    schedule();
    const stop = () => {
      sweep?.cancel();
      void this.#queue.shutDown();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    await Promise.all(Array.from({ length: WRITERS }, () => this.#write(signal)));
    this.#close();
  }

  /**
   * Takes in nothing more and writes what is pending, counts of series included. Resolves when all is written, or when
   * the signal aborts: then the rest is dropped.
   */
  async flush(signal: AbortSignal): Promise<void> {
    this.#closed = true;
    for (const [key, entry] of this.#entries) if (entry.count > entry.written) this.#queue.add(key);
    if (this.pending > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#flushed.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.#close();
  }

  #entry(occurrence: Occurrence, count: number): Entry {
    const now = this.#clock.now();
    const seen = this.#clock.monotonic();
    const name = eventName(occurrence, now, this.#random);
    return { occurrence, name, first: now, last: now, lastSeen: seen, lastWrite: seen, count, written: 0, tries: 0 };
  }

  #again(key: string, entry: Entry, times: number): void {
    entry.count += times;
    entry.last = this.#clock.now();
    entry.lastSeen = this.#clock.monotonic();
    // Not while it is failing: then it has its time to be tried again.
    if (entry.written === 1 && entry.tries === 0) this.#queue.add(key);
  }

  /** Forgets the oldest Event of which the server knows everything. Should it happen again, it will be a new Event. */
  #makeRoom(): boolean {
    for (const [key, { count, written }] of this.#entries) if (count === written) return this.#entries.delete(key);
    return false;
  }

  /** Refreshes series that go on, and ends what is over. */
  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const [key, entry] of this.#entries) {
      const over = now - entry.lastSeen >= this.#limits.finishAfter;
      const isNew = entry.count > entry.written;
      if (over && !isNew) this.#entries.delete(key);
      else if (isNew && entry.tries === 0 && (over || now - entry.lastWrite >= this.#limits.refreshAfter))
        this.#queue.add(key);
    }
  }

  async #write(signal: AbortSignal): Promise<void> {
    for (let key = await this.#queue.get(); key !== undefined; key = await this.#queue.get()) {
      const entry = this.#entries.get(key);
      if (entry !== undefined && entry.count > entry.written && !signal.aborted)
        await this.#writeEntry(key, entry, signal);
      this.#queue.done(key);
      if (this.#closed && this.pending === 0) for (const resolve of this.#flushed.splice(0)) resolve();
    }
  }

  async #writeEntry(key: string, entry: Entry, signal: AbortSignal): Promise<void> {
    try {
      await this.#bucket.take(signal);
      const { count, last } = entry;
      await this.#send(entry, count, last, signal);
      entry.written = count;
      entry.lastWrite = this.#clock.monotonic();
      entry.tries = 0;
      // The second occurrence came while the first was being written.
      if (count === 1 && entry.count > 1) this.#queue.add(key);
    } catch (error) {
      if (!signal.aborted) this.#failed(key, entry, error);
    }
  }

  async #send(entry: Entry, count: number, last: number, signal: AbortSignal): Promise<void> {
    const series = eventSeries({ count, last });
    // The server deletes Events after a while: then it is created anew.
    if (entry.written > 0 && (await this.#patchSeries(entry, series, signal))) return;
    try {
      await this.#create(entry, series, signal);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      // The name is ours alone: an earlier try arrived, only its answer did not.
      entry.written = 1;
      if (series !== undefined && !(await this.#patchSeries(entry, series, signal))) throw error;
    }
  }

  /** False where there is no such Event. */
  async #patchSeries(
    { occurrence, name }: Entry,
    series: EventSeries | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    const key = { namespace: eventNamespace(occurrence), name };
    try {
      await this.#options.events.patch(key, { type: 'merge', document: { series } }, { signal });
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
    this.#options.metrics?.eventWritten('series');
    return true;
  }

  async #create(
    { occurrence, name, first }: Entry,
    series: EventSeries | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { related, ...rest } = occurrence;
    const { controller, instance } = this.#reporter;
    const event = {
      metadata: { namespace: eventNamespace(occurrence), name },
      eventTime: formatMicroTime(first),
      reportingController: controller,
      reportingInstance: instance,
      ...rest,
      ...(related && { related }),
      ...(series && { series }),
    };
    await this.#options.events.create(event, { signal });
    this.#options.metrics?.eventWritten('create');
  }

  #failed(key: string, entry: Entry, error: unknown): void {
    const lost = entry.count - entry.written;
    // Already there and not there: somebody deletes and makes Events of our names. Try again, but not for ever.
    if (isTransient(error) || isUnauthorized(error) || isAlreadyExists(error)) {
      if (++entry.tries < this.#limits.maxTries) {
        this.#queue.addAfter(key, this.#limits.retryAfter * (0.75 + this.#random() * 0.5));
        return;
      }
      this.#give(key, entry, 'retries', lost, error);
    } else if (isNamespaceTerminating(error) || isNamespaceMissing(error)) {
      this.#entries.delete(key);
      this.#redirect(entry.occurrence, lost);
    } else {
      this.#give(key, entry, 'rejected', lost, error);
    }
  }

  #give(key: string, { occurrence }: Entry, reason: DropReason, lost: number, error: unknown): void {
    this.#entries.delete(key);
    this.#drop(reason, lost);
    this.#logger.warn('an Event was not recorded', {
      reason,
      occurrences: lost,
      regarding: occurrence.regarding,
      error: describeError(error),
    });
  }

  #redirect(occurrence: Occurrence, count: number): void {
    const { onNamespaceGone } = this.#options;
    if (onNamespaceGone === undefined) {
      this.#drop('namespace', count);
      return;
    }
    try {
      onNamespaceGone(occurrence, count);
    } catch (error) {
      this.#logger.error('the redirection of an Event threw', { error: describeError(error) });
      this.#drop('namespace', count);
    }
  }

  #close(): void {
    this.#closed = true;
    const lost = this.pending;
    this.#entries.clear();
    if (lost > 0) this.#drop('shutdown', lost);
  }

  #drop(reason: DropReason, occurrences: number): void {
    this.#options.metrics?.eventsDropped(reason, occurrences);
  }
}

/** What makes two occurrences the same. The order of fields in references is the caller's and does not matter. */
function keyOf({ regarding, related, type, reason, action, note }: Occurrence): string {
  const reference = (object: object = {}) => Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([reference(regarding), reference(related), type, reason, action, note]);
}
