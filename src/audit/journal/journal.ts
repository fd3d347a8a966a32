import { randomBytes } from 'node:crypto';
import { type Clock, realClock } from '../clock.ts';
import { comparePositions, ORIGIN, type Position } from '../position.ts';
import type { SourceError } from '../source.ts';
import { sourceError } from '../system-error.ts';
import { GroupCommit } from './group-commit.ts';
import type { JournalFiles } from './journal-files.ts';
import { JournalRefused, type RefusalReason } from './journal-refused.ts';
import { recoverSegments } from './recover.ts';
import { liesBefore, type MutableSegment, newSegment, type Segment } from './segment.ts';
import {
  encodeHeader,
  encodeRecords,
  HEADER_LENGTH,
  RECORD_OVERHEAD,
  SALT_LENGTH,
  segmentName,
} from './segment-format.ts';

export interface JournalLimits {
  /** Of all segments. When what was not consumed takes it, nothing is taken any more. */
  readonly bytes: number;
  /** Milliseconds since a segment last grew, after which it is removed, consumed or not: then that is a gap. */
  readonly age: number;
  /** A segment that is as long as this is finished, and another one begun. */
  readonly segmentBytes: number;
  /** Bytes that wait for being written before appending has to wait. */
  readonly pendingBytes: number;
  /** Milliseconds for which nothing is tried after the file system has failed. */
  readonly retryAfter: number;
}

const LIMITS: JournalLimits = Object.freeze({
  bytes: 1024 * 1024 * 1024,
  age: 7 * 24 * 3600 * 1000,
  segmentBytes: 64 * 1024 * 1024,
  pendingBytes: 8 * 1024 * 1024,
  retryAfter: 1000,
});

export interface JournalOptions {
  readonly files: JournalFiles;
  /**
   * The consumer's checkpoint. What is before it may be removed; and what is appended from now on gets positions behind
   * it, also where the directory was lost.
   */
  readonly consumed?: Position | undefined;
  readonly limits?: Partial<JournalLimits> | undefined;
  readonly clock?: Pick<Clock, 'now' | 'monotonic'> | undefined;
  readonly salt?: (() => Buffer) | undefined;
}

export interface JournalStatus {
  /** Of all segments, consumed ones included. */
  readonly bytes: number;
  readonly limit: number;
  readonly segments: number;
  /** Behind the last record that is safe. */
  readonly end: Position;
  readonly consumed: Position;
  /** Why nothing was taken when it was last tried. */
  readonly refusing: RefusalReason | undefined;
  /** What the file system last said, while it fails. */
  readonly error: SourceError | undefined;
}

/**
 * A bounded, append-only journal of records in segments, with one writing process and one consumer.
 *
 * - Records that are appended at the same time are written and synced together.
 * - What was committed is delivered, in order, by whoever reads the segments, also after a crash at any moment; what was
 *   not may be delivered as well.
 * - Generations of segments only grow: by the wall clock in microseconds, and by at least 1.
 * - Segments are kept after they were consumed, until their room is needed or they are too old.
 */
export class Journal {
  readonly #files: JournalFiles;
  readonly #limits: JournalLimits;
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #salt: () => Buffer;
  readonly #segments: MutableSegment[];
  readonly #commits: GroupCommit;
  readonly #condemned = new Set<string>();
  /** The greatest that was used. */
  #generation: number;
  #consumed: Position;
  /** There is nothing in it that was not consumed, and its room is needed. */
  #newestIsDone = false;
  /** The end of a segment that was removed when it was the only one: the next one's header is about it. */
  #givenUp: Position = ORIGIN;
  #refusing: RefusalReason | undefined;
  #error: SourceError | undefined;
  #triedAt = Number.NEGATIVE_INFINITY;
  #closed = false;
  #grown = Promise.withResolvers<void>();
  #consumption = Promise.withResolvers<void>();

  /** Reads what is there. Rejects where the directory cannot be read. */
  static async open(options: JournalOptions): Promise<Journal> {
    return new Journal(options, await recoverSegments(options.files));
  }

  private constructor(options: JournalOptions, segments: MutableSegment[]) {
    this.#files = options.files;
    this.#limits = withRoom({ ...LIMITS, ...options.limits });
    this.#clock = options.clock ?? realClock;
    this.#salt = options.salt ?? (() => randomBytes(SALT_LENGTH));
    this.#consumed = options.consumed ?? ORIGIN;
    this.#segments = segments;
    this.#generation = Math.max(this.#consumed.generation, segments.at(-1)?.generation ?? 0);
    this.#commits = new GroupCommit(this.#limits.pendingBytes, async (group) => await this.#write(group));
  }

  get path(): string {
    return this.#files.path;
  }

  /** Oldest first. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Behind the last record that is safe. */
  get end(): Position {
    const newest = this.#segments.findLast(({ length }) => length > HEADER_LENGTH);
    return newest === undefined ? ORIGIN : { generation: newest.generation, offset: newest.length };
  }

  status(): JournalStatus {
    return {
      bytes: this.#bytes(),
      limit: this.#limits.bytes,
      segments: this.#segments.length,
      end: this.end,
      consumed: this.#consumed,
      refusing: this.#refusing,
      error: this.#error,
    };
  }

  /** Throws `JournalRefused` where nothing can be taken at the moment. */
  check(): void {
    this.#admit(RECORD_OVERHEAD);
  }

  /** To append records that are committed together. Many may be used at the same time. */
  batch(): JournalBatch {
    return new JournalBatch(this.#commits, (bytes) => this.#admit(bytes));
  }

  /** Hears of every record, in order, once it is safe, or once it is known that it will not be. Must not throw. */
  onSettled(listener: (contents: readonly Buffer[], safe: boolean) => void): void {
    this.#commits.onSettled(listener);
  }

  /** The checkpoint is safe: what is before it need not be kept. */
  consumed(position: Position): void {
    if (comparePositions(position, this.#consumed) <= 0) return;
    this.#consumed = position;
    this.#consumption.resolve();
    this.#consumption = Promise.withResolvers();
    this.#expire();
    void this.#removeCondemned();
  }

  /** Resolves when everything up to there was consumed. Rejects when the signal aborts. */
  async whenConsumed(position: Position, signal: AbortSignal): Promise<void> {
    while (comparePositions(this.#consumed, position) < 0) await orAborted(this.#consumption.promise, signal);
  }

  /** Resolves when there is more to read than at `end`, or when the journal is closed. Rejects when the signal aborts. */
  async whenGrown(end: Position, signal: AbortSignal): Promise<void> {
    while (!this.#closed && comparePositions(this.end, end) <= 0) await orAborted(this.#grown.promise, signal);
  }

  /** For reading; the reader closes it. */
  async openSegment({ name }: Segment): ReturnType<JournalFiles['open']> {
    return await this.#files.open(name);
  }

  /** Takes nothing more; what was appended is still written. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#commits.idle();
    const active = this.#segments.at(-1);
    if (active?.file !== undefined) await this.#seal(active);
    await this.#removeCondemned();
    this.#wakeReaders();
  }

  /** Throws where this many bytes cannot be taken. */
  #admit(bytes: number): void {
    const reason = this.#refusal(bytes);
    this.#refusing = reason;
    if (reason !== undefined) throw new JournalRefused(reason);
  }

  #refusal(bytes: number): RefusalReason | undefined {
    if (this.#closed) return 'closed';
    if (this.#error !== undefined && this.#clock.monotonic() - this.#triedAt < this.#limits.retryAfter) return 'failed';
    this.#expire();
    const needed = this.#commits.pendingBytes + bytes + HEADER_LENGTH;
    if (needed > this.#limits.bytes) return 'full';
    while (this.#bytes() + needed > this.#limits.bytes) {
      if (this.#removeOldestConsumed()) continue;
      // The newest segment can go once there is another one; until then its room is used twice.
      this.#newestIsDone = this.#segments.length === 1 && comparePositions(this.end, this.#consumed) <= 0;
      return this.#newestIsDone ? undefined : 'full';
    }
    return undefined;
  }

  #bytes(): number {
    return this.#segments.reduce((sum, { length }) => sum + length, 0);
  }

  async #write(contents: readonly Buffer[]): Promise<void> {
    this.#triedAt = this.#clock.monotonic();
    const segment = await this.#activeSegment();
    try {
      await this.#removeCondemned();
      const records = encodeRecords(contents, segment.seed);
      await segment.file?.write(records, segment.length);
      await segment.file?.sync();
      segment.length += records.length;
      segment.modified = this.#clock.now();
    } catch (error) {
      // What a failed sync leaves behind is unknown: nothing more is written to this file.
      await this.#seal(segment);
      throw this.#failed(error);
    }
    this.#error = undefined;
    this.#wakeReaders();
  }

  async #activeSegment(): Promise<MutableSegment> {
    const newest = this.#segments.at(-1);
    if (newest?.file !== undefined) {
      const isOld = this.#clock.now() - newest.generation / 1000 > this.#limits.age / 4;
      const isFinished = newest.length >= this.#limits.segmentBytes || isOld || this.#newestIsDone;
      if (!isFinished || newest.length === HEADER_LENGTH) return newest;
      await this.#seal(newest);
    }
    try {
      return await this.#createSegment();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Its header is safe before the first record is written. */
  async #createSegment(): Promise<MutableSegment> {
    const previous = this.#segments.length === 0 ? this.#givenUp : this.end;
    const generation = Math.max(this.#generation + 1, Math.floor(this.#clock.now() * 1000));
    this.#generation = generation;
    const header = { generation, previous, salt: this.#salt() };
    const segment = newSegment(segmentName(generation), generation, header);
    const file = await this.#files.create(segment.name);
    try {
      await file.write(encodeHeader(header), 0);
      await file.sync();
      await this.#files.syncDirectory();
    } catch (error) {
      await file.close().catch(() => {});
      this.#condemned.add(segment.name);
      await this.#removeCondemned();
      throw error;
    }
    this.#newestIsDone = false;
    Object.assign(segment, { file, length: HEADER_LENGTH, sealed: false, modified: this.#clock.now() });
    this.#segments.push(segment);
    return segment;
  }

  /** The segment ends at what is safe. The next one's header says so, should cutting it off not work. */
  async #seal(segment: MutableSegment): Promise<void> {
    const { file, length } = segment;
    segment.file = undefined;
    segment.sealed = true;
    if (length === HEADER_LENGTH && this.#segments.at(-1) === segment) {
      this.#segments.pop();
      this.#condemned.add(segment.name);
    } else await file?.truncate(length).catch(() => {});
    await file?.close().catch(() => {});
    this.#wakeReaders();
  }

  #wakeReaders(): void {
    this.#grown.resolve();
    this.#grown = Promise.withResolvers();
  }

  #failed(cause: unknown): JournalRefused {
    this.#error = sourceError(cause);
    this.#refusing = 'failed';
    const isDiskFull = this.#error.code === 'ENOSPC' || this.#error.code === 'EDQUOT';
    if (isDiskFull && !this.#removeOldestConsumed()) this.#giveUpTheOnly();
    void this.#removeCondemned();
    return new JournalRefused('failed', { cause });
  }

  /** The newest segment stays: the next one's header is about it. */
  #removeOldestConsumed(): boolean {
    const [oldest] = this.#segments;
    if (oldest === undefined || this.#segments.length < 2 || !liesBefore(oldest, this.#consumed)) return false;
    this.#segments.shift();
    this.#condemned.add(oldest.name);
    return true;
  }

  /** There is no room for another segment beside it. After a crash before there is one, a gap is reported that is none. */
  #giveUpTheOnly(): void {
    const [only, ...others] = this.#segments;
    if (only === undefined || others.length > 0 || !liesBefore(only, this.#consumed)) return;
    this.#givenUp = this.end;
    this.#segments.shift();
    this.#condemned.add(only.name);
  }

  #expire(): void {
    const before = this.#clock.now() - this.#limits.age;
    for (let [oldest] = this.#segments; oldest !== undefined; [oldest] = this.#segments) {
      if (this.#segments.length < 2 || !oldest.sealed || oldest.modified > before) return;
      this.#segments.shift();
      this.#condemned.add(oldest.name);
    }
  }

  /** What cannot be removed now is tried again with the next write. */
  async #removeCondemned(): Promise<void> {
    for (const name of this.#condemned) {
      const isGone = await this.#files.remove(name).then(
        () => true,
        () => false,
      );
      if (isGone) this.#condemned.delete(name);
    }
  }
}

/** Records that are committed together. */
export class JournalBatch {
  readonly #commits: GroupCommit;
  readonly #admit: (bytes: number) => void;
  readonly #failures: number;

  constructor(commits: GroupCommit, admit: (bytes: number) => void) {
    this.#commits = commits;
    this.#admit = admit;
    this.#failures = commits.failures;
  }

  /**
   * Takes the content, which must not be changed any more. Returns a promise where the caller has to wait before it
   * appends more. Throws `JournalRefused`.
   */
  append(content: Buffer): Promise<void> | undefined {
    this.#check();
    this.#admit(RECORD_OVERHEAD + content.length);
    return this.#commits.add(content, RECORD_OVERHEAD + content.length);
  }

  /**
   * Resolves once everything that this batch appended, and everything that had been appended by others until then, is
   * safe. Rejects with `JournalRefused` where any of that is not.
   */
  async commit(): Promise<void> {
    this.#check();
    await this.#commits.flushed();
    this.#check();
  }

  #check(): void {
    if (this.#commits.failures !== this.#failures) throw new JournalRefused('failed');
  }
}

async function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Segments are small enough that there are several, so that what was consumed can be removed. */
function withRoom(limits: JournalLimits): JournalLimits {
  const part = Math.floor(limits.bytes / 4);
  const segmentBytes = Math.min(limits.segmentBytes, part);
  return { ...limits, segmentBytes, pendingBytes: Math.min(limits.pendingBytes, part) };
}
