import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BatchBuilder, type BatchLimits } from '../batch-builder.ts';
import type { Fingerprint, SourceCheckpoint } from '../checkpoint.ts';
import { decodeAuditLine, type LineDecoder } from '../decode/decode-line.ts';
import { upTo } from '../history.ts';
import { comparePositions, ORIGIN, type Position } from '../position.ts';
import type { Batch, GapReason, Source, SourceError, SourceState, SourceStatus } from '../source.ts';
import { sourceError } from '../system-error.ts';
import { Catalogue, type Catalogued, type CataloguedFile, locate } from './catalogue.ts';
import { directoryWatch, type Pause } from './directory-watch.ts';
import { FileReading } from './file-reading.ts';
import { FileTable } from './file-table.ts';
import { openLogFile } from './log-file.ts';
import { type Cursor, END_OF_FILE, findStart, type StartAt } from './start-position.ts';
import { Unsettled } from './unsettled.ts';

export interface FileSourceOptions {
  /** Of the active file, as in kube-apiserver's `--audit-log-path`. Backups are found beside it. */
  readonly path: string;
  /** Where to begin without `resume`; at the end by default. */
  readonly startAt?: StartAt | undefined;
  /** From the state file, or else from the AuditSource's status. */
  readonly resume?: SourceCheckpoint | undefined;
  /** Begin with the first event at that time or later instead of at the position of `resume`; files are those that it knows. */
  readonly rewindTo?: Date | undefined;
  /** What to do with a line; a full parse by default. */
  readonly decode?: LineDecoder | undefined;
  /** Between looks that found nothing: by default a watch on the directory, and a poll every 250 ms. */
  readonly pause?: Pause | undefined;
  readonly limits?: Partial<FileSourceLimits> | undefined;
}

export interface FileSourceLimits {
  /** Of a batch; the last line may make it longer. */
  readonly batch: BatchLimits;
  /** A longer line is decoded without its bodies. */
  readonly lineBytes: number;
  /** For how many looks a compressed backup that breaks off may stay as it is before it counts as damaged. */
  readonly brokenLooks: number;
}

const LIMITS: FileSourceLimits = Object.freeze({
  batch: Object.freeze({ records: 1000, bytes: 4 * 1024 * 1024 }),
  lineBytes: 16 * 1024 * 1024,
  brokenLooks: 20,
});

const ORIGIN_CURSOR: Cursor = Object.freeze({ position: ORIGIN, fingerprint: undefined });

interface NextFile {
  readonly file: CataloguedFile;
  readonly fingerprint: Fingerprint;
  readonly generation: number;
  /** Files that come before it are known, and gone. */
  readonly othersMissing: boolean;
}

/**
 * Follows the audit log of one API server through its rotations.
 *
 * - A file is what its first audit event is (`FileIdentity`), under whatever name, inode and compression.
 * - The file that is being read is held open, so that renaming or deleting it loses nothing of it.
 * - Reading moves on only from a file that is no longer the active one, was read to its end after that was seen, and has
 *   a successor with at least one event.
 * - What was known and is gone, and what may have been there and gone, is a gap.
 */
export class FileSource implements Source {
  readonly #options: FileSourceOptions;
  readonly #limits: FileSourceLimits;
  readonly #catalogue: Catalogue;
  readonly #table: FileTable;
  #catalogued: Catalogued = { files: [] };
  /** Undefined until the place to start was found. While a file is open, its reading knows the position better. */
  #cursor: Cursor | undefined;
  #reading: FileReading | undefined;
  /** How the file at the cursor got lost, should it not be found again. */
  #lost: GapReason = 'Deleted';
  #broken: { readonly name: string; readonly size: number; looks: number } | undefined;
  /** The file at the cursor was seen to be gone when there was nothing after it, and the looks did not stop since. */
  #endSeen = false;
  #lastEventTime: string | undefined;
  #error: SourceError | undefined;
  #claimed = false;

  constructor(options: FileSourceOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#catalogue = new Catalogue(options.path, this.#limits.lineBytes);
    this.#table = new FileTable(options.resume);
    this.#lastEventTime = options.resume?.lastEventTime;
    if (options.resume === undefined || options.rewindTo !== undefined) return;
    const { position } = options.resume;
    this.#cursor = { position, fingerprint: this.#table.fingerprint(position.generation) };
  }

  async *batches(signal: AbortSignal): AsyncGenerator<Batch, void, undefined> {
    if (this.#claimed) throw new Error('FileSource: batches() may be called only once');
    this.#claimed = true;
    const pause = this.#options.pause ?? directoryWatch(this.#options.path);
    let end = this.#position;
    let caughtUp = false;
    try {
      while (!signal.aborted) {
        const { batch, hasContent } = await this.#look();
        if (hasContent || comparePositions(batch.end, end) !== 0 || (batch.caughtUp && !caughtUp)) {
          ({ end, caughtUp } = batch);
          yield batch;
          this.#endSeen = false;
        } else await pause(signal);
      }
    } finally {
      await this.#leave();
    }
  }

  status(): SourceStatus {
    const errors = this.#catalogued.files.flatMap(({ error }) => error ?? []);
    return {
      path: this.#options.path,
      state: this.#state(),
      position: this.#position,
      lagBytes: this.#lagBytes(),
      lastEventTime: this.#lastEventTime,
      file: this.#reading?.file.name,
      errors: this.#error === undefined ? errors : [this.#error, ...errors],
    };
  }

  /**
   * Takes in which files there are now. To be called now and then while the consumer of the batches is slow: a backup
   * that is deleted unread is a gap only if somebody knew of it. Errors are left to the next look.
   */
  async survey(): Promise<void> {
    await this.#survey().catch(() => {});
  }

  checkpoint({ end, lastEventTime }: Pick<Batch, 'end' | 'lastEventTime'>, maxFiles?: number): SourceCheckpoint {
    const known = this.#table.checkpoint(maxFiles);
    return { position: end, ...known, ...(lastEventTime === undefined ? {} : { lastEventTime }) };
  }

  async *history(since: Date, decode: LineDecoder, signal: AbortSignal): AsyncGenerator<Batch, void, undefined> {
    const { path, resume, pause, limits } = this.#options;
    if (resume === undefined) return;
    yield* upTo(new FileSource({ path, resume, rewindTo: since, decode, pause, limits }), resume, signal);
  }

  /** Files are for others to remove. */
  release(): void {}

  get #position(): Position {
    return this.#reading?.position ?? this.#cursor?.position ?? ORIGIN;
  }

  /** One attempt to fill a batch. What was read before an error is delivered with it. */
  async #look(): Promise<{ batch: Batch; hasContent: boolean }> {
    const batch = new BatchBuilder(this.#limits.batch);
    let caughtUp = false;
    try {
      caughtUp = await this.#fill(batch);
      this.#error = undefined;
    } catch (error) {
      if (!(error instanceof Unsettled)) this.#error = sourceError(error);
    }
    this.#lastEventTime = this.#reading?.lastEventTime ?? this.#lastEventTime;
    return { batch: batch.finish(this.#position, caughtUp, this.#lastEventTime), hasContent: batch.hasContent };
  }

  /** Whether everything was read that there is. */
  async #fill(batch: BatchBuilder): Promise<boolean> {
    this.#cursor ??= await this.#start();
    for (;;) {
      this.#reading ??= await this.#reopen(batch);
      const reading = this.#reading;
      if (reading === undefined) return this.#broken === undefined;
      const replaced = await this.#isReplaced(reading);
      const filled = await reading.fill(batch);
      if (filled === 'full') return false;
      if (filled === 'truncated') await this.#leave('Truncated');
      else if (filled === 'broken') await this.#leaveBroken(reading);
      else if (replaced) {
        const moved = await this.#moveOn(reading, batch);
        if (moved !== 'again') return moved === 'stay';
      } else if (!(await this.#renewIfCut(reading, batch))) return true;
    }
  }

  async #start(): Promise<Cursor> {
    const { startAt = 'End', rewindTo = startAt } = this.#options;
    return await findStart(rewindTo, {
      directory: dirname(this.#options.path),
      catalogued: await this.#survey(),
      table: this.#table,
      lineLimit: this.#limits.lineBytes,
    });
  }

  async #survey(): Promise<Catalogued> {
    const catalogued = await this.#catalogue.scan();
    this.#catalogued = catalogued;
    const identities = catalogued.files.flatMap(({ identity }) => identity ?? []);
    this.#table.register(identities);
    this.#table.prune(new Set(identities.map(({ fingerprint }) => fingerprint)), this.#position.generation);
    return catalogued;
  }

  /** Finds the file at the cursor again, under whatever name; where it is gone, the one after it. */
  async #reopen(batch: BatchBuilder): Promise<FileReading | undefined> {
    const catalogued = await this.#survey();
    const { position, fingerprint } = this.#cursor ?? ORIGIN_CURSOR;
    const same = fingerprint === undefined ? undefined : locate(catalogued, fingerprint);
    if (same?.identity !== undefined) {
      const broken = this.#isKnownBroken(same);
      if (broken === 'wait') return undefined;
      if (broken === 'no') return await this.#open(same, same.identity.fingerprint, position);
    }
    const next = this.#next(catalogued);
    if (next === undefined) return undefined;
    const nothingLost = comparePositions(position, ORIGIN) === 0 || position.offset === END_OF_FILE;
    return await this.#enter(next, batch, nothingLost ? undefined : this.#lost);
  }

  #next(catalogued: Catalogued): NextFile | undefined {
    let othersMissing = false;
    for (const [fingerprint, generation] of this.#table.after(this.#position.generation)) {
      const file = locate(catalogued, fingerprint);
      if (file !== undefined) return { file, fingerprint, generation, othersMissing };
      othersMissing = true;
    }
    return undefined;
  }

  /** From a file that is finished to the one after it, if there is one. */
  async #moveOn(reading: FileReading, batch: BatchBuilder): Promise<'moved' | 'stay' | 'again'> {
    const known = new Set(this.#table.after(reading.position.generation).map(([fingerprint]) => fingerprint));
    const catalogued = await this.#survey();
    const isGone = locate(catalogued, reading.fingerprint) === undefined;
    const next = this.#next(catalogued);
    if (next === undefined) {
      this.#endSeen = isGone;
      return 'stay';
    }
    const { readTo } = reading;
    if ((await reading.fill(batch)) !== 'end' || reading.readTo > readTo) return 'again';
    // Backups are deleted oldest first: if this one is gone, others that nobody has seen may be gone as well.
    const mayBeIncomplete = isGone && !known.has(next.fingerprint) && !this.#endSeen;
    this.#reading = await this.#enter(next, batch, mayBeIncomplete ? 'Deleted' : undefined);
    return 'moved';
  }

  /** Starts with a file at its beginning. @param gap why something before it is, or may be, lost. */
  async #enter(next: NextFile, batch: BatchBuilder, gap: GapReason | undefined): Promise<FileReading> {
    const to = { generation: next.generation, offset: 0 };
    const opened = await this.#open(next.file, next.fingerprint, to);
    this.#reading?.finish(batch);
    const from = this.#position;
    const fromTime = this.#reading?.lastEventTime ?? this.#lastEventTime;
    await this.#leave();
    const reason = gap ?? (next.othersMissing ? 'Deleted' : undefined);
    if (reason !== undefined) batch.addGap({ reason, from, to, fromTime, toTime: opened.file.identity.firstTime });
    if (reason === 'Unreadable') batch.addError('unreadable');
    this.#lastEventTime = fromTime;
    this.#cursor = { position: to, fingerprint: next.fingerprint };
    this.#lost = 'Deleted';
    this.#endSeen = false;
    return opened;
  }

  /**
   * Where the active file was cut short, but begins as before, what follows is at offsets that were passed already: it
   * goes on as a new generation.
   */
  async #renewIfCut(reading: FileReading, batch: BatchBuilder): Promise<boolean> {
    const size = await reading.file.size();
    if (size >= reading.readTo) return false;
    if (!(await reading.file.intact())) {
      await this.#leave('Truncated');
      return true;
    }
    const from = reading.position;
    const to = { generation: this.#table.renew(reading.fingerprint), offset: Math.min(from.offset, size) };
    await this.#leave();
    batch.addGap({ reason: 'Truncated', from, to, fromTime: this.#lastEventTime, toTime: undefined });
    this.#cursor = { position: to, fingerprint: reading.fingerprint };
    return true;
  }

  async #open(file: CataloguedFile, fingerprint: Fingerprint, from: Position): Promise<FileReading> {
    const { lineBytes } = this.#limits;
    const opened = await openLogFile(join(dirname(this.#options.path), file.name), fingerprint, lineBytes);
    this.#broken = undefined;
    return new FileReading(opened, from, this.#options.decode ?? decodeAuditLine, lineBytes);
  }

  async #leave(lost?: GapReason): Promise<void> {
    const reading = this.#reading;
    if (reading === undefined) return;
    this.#reading = undefined;
    this.#cursor = { position: reading.position, fingerprint: reading.fingerprint };
    this.#lastEventTime = reading.lastEventTime ?? this.#lastEventTime;
    if (lost !== undefined) this.#lost = lost;
    await reading.file.close();
  }

  async #leaveBroken(reading: FileReading): Promise<void> {
    this.#broken = { name: reading.file.name, size: await reading.file.size(), looks: 0 };
    await this.#leave();
  }

  /** A compressed file that breaks off may still be being written; one that stays as it is is damaged. */
  #isKnownBroken(file: CataloguedFile): 'no' | 'wait' | 'given-up' {
    const broken = this.#broken;
    if (broken === undefined || broken.name !== file.name || broken.size !== file.size) return 'no';
    broken.looks += 1;
    if (broken.looks < this.#limits.brokenLooks) return 'wait';
    this.#lost = 'Unreadable';
    return 'given-up';
  }

  async #isReplaced({ file }: FileReading): Promise<boolean> {
    const active = await stat(this.#options.path).catch(undefinedWhereMissing);
    return active === undefined || active.ino !== file.inode || active.dev !== file.device;
  }

  #state(): SourceState {
    if (this.#error !== undefined) return 'Failed';
    if (this.#reading === undefined)
      return this.#catalogued.files.some((file) => file.active && file.error) ? 'Failed' : 'Waiting';
    const active = this.#catalogued.files.find((file) => file.active)?.identity?.fingerprint;
    return active === undefined || active === this.#reading.fingerprint ? 'Following' : 'Draining';
  }

  #lagBytes(): number {
    const { generation } = this.#position;
    const read = this.#reading?.readTo ?? this.#position.offset;
    const sizes = new Map<Fingerprint, number>();
    for (const { identity, size, compressed } of this.#catalogued.files) {
      const known = identity === undefined ? undefined : this.#table.generation(identity.fingerprint);
      if (identity === undefined || known === undefined || known < generation) continue;
      const unread = known > generation || compressed ? size : Math.max(0, size - read);
      if (!compressed || !sizes.has(identity.fingerprint)) sizes.set(identity.fingerprint, unread);
    }
    return [...sizes.values()].reduce((sum, size) => sum + size, 0);
  }
}

function undefinedWhereMissing(error: unknown): undefined {
  if (sourceError(error).code === 'ENOENT') return undefined;
  throw error;
}
