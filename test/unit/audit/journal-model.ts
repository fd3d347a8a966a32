import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Batch,
  comparePositions,
  type Gap,
  Journal,
  JournalSource,
  ORIGIN,
  type Position,
  type SourceCheckpoint,
} from '../../../src/audit/index.ts';
import { encodeEvent, KEY_LENGTH } from '../../../src/audit/journal/entry.ts';
import { JournalRefused } from '../../../src/audit/journal/journal-refused.ts';
import { FakeDisk, type PowerLoss } from './fake-disk.ts';
import { eventLine } from './log-directory.ts';

/** What can happen to a journal, its writers, its reader, its disk and its clock. */
export type Operation =
  | { readonly do: 'append'; readonly batches: number; readonly records: number; readonly padding: number }
  | { readonly do: 'wait for commits' }
  | { readonly do: 'read' }
  | { readonly do: 'become slow' }
  | { readonly do: 'become fast' }
  | { readonly do: 'restart'; readonly forget: number }
  | { readonly do: 'lose power'; readonly loss: PowerLoss; readonly forget: number }
  | { readonly do: 'fill the disk'; readonly room: number }
  | { readonly do: 'fail'; readonly operation: 'write' | 'sync' | 'truncate' | 'create' | 'remove' | 'syncDirectory' }
  | { readonly do: 'heal the disk' }
  | { readonly do: 'flip a bit'; readonly file: number; readonly at: number }
  | { readonly do: 'lose the directory' }
  | { readonly do: 'pass time'; readonly ms: number }
  | { readonly do: 'step the clock'; readonly ms: number };

export interface Step {
  readonly operation: Operation;
  /** How many turns of the event loop everything gets afterwards. */
  readonly turns: number;
}

const LIMITS = { bytes: 6000, segmentBytes: 1200, pendingBytes: 1000, age: 60_000, retryAfter: 100 };

/**
 * A journal and what must come out of it: every record that was acknowledged is counted exactly once, but for those that
 * the disk lost or that were too old; then there is a gap. No record is counted twice.
 */
export class JournalModel {
  #monotonic = 0;
  #wall = Date.UTC(2026, 10, 24);
  readonly #disk = new FakeDisk(() => this.#wall);
  #journal: Journal | undefined;
  #source: JournalSource | undefined;
  #reading: Promise<void> = Promise.resolve();
  #stop = new AbortController();
  #held: PromiseWithResolvers<void> | undefined;
  #commits: Promise<void>[] = [];
  /** A writer of before a crash learns nothing. */
  #era = 0;

  #appended = 0;
  readonly #acknowledged = new Set<string>();
  readonly #counted: string[] = [];
  #countedTo: Position = ORIGIN;
  readonly #gaps: Gap[] = [];
  readonly #stored: SourceCheckpoint[] = [];
  /** How many of these cannot be forgotten any more. */
  #unforgettable = 0;
  /** Something happened after which acknowledged records may be missing. */
  #evidenceHarmed = false;
  /** Something happened after which a gap may be reported although nothing is missing. */
  #gapAllowed = false;

  async run(steps: readonly Step[]): Promise<void> {
    await this.#start();
    for (const { operation, turns } of steps) {
      await this.#apply(operation);
      for (let turn = 0; turn < turns; turn++) await nextTurn();
    }
    await this.#finish();
    this.#check();
  }

  async #apply(operation: Operation): Promise<void> {
    switch (operation.do) {
      case 'append':
        for (let i = 0; i < operation.batches; i++) {
          this.#commits.push(this.#append(operation.records, operation.padding));
        }
        return;
      case 'wait for commits':
        await Promise.all(this.#commits.splice(0));
        return;
      case 'read':
        for (let turn = 0; turn < 30; turn++) await nextTurn();
        return;
      case 'become slow':
        this.#held ??= Promise.withResolvers();
        return;
      case 'become fast':
        this.#held?.resolve();
        this.#held = undefined;
        return;
      case 'restart':
        await this.#stopReading();
        await this.#journal?.close();
        await Promise.all(this.#commits.splice(0));
        return await this.#startAgain(operation.forget);
      case 'lose power':
        this.#era += 1;
        await this.#stopReading();
        this.#commits = [];
        this.#disk.losePower(operation.loss);
        if (operation.loss.zeros > 0) this.#gapAllowed = true;
        return await this.#startAgain(operation.forget);
      case 'fill the disk':
        this.#disk.quota = this.#disk.used + operation.room;
        return;
      case 'fail':
        return this.#disk.fail(operation.operation, 1);
      case 'heal the disk':
        return this.#disk.heal();
      case 'flip a bit':
        return this.#flip(operation.file, operation.at);
      case 'lose the directory':
        // Where no checkpoint is left either, nobody can know what there was.
        if (comparePositions(this.#stored.at(-1)?.position ?? ORIGIN, this.#countedTo) < 0) return;
        await this.#stopReading();
        if (this.#countedTo === ORIGIN) this.#acknowledged.clear();
        this.#era += 1;
        this.#evidenceHarmed = true;
        this.#commits = [];
        this.#disk.erase();
        return await this.#startAgain(0);
      case 'pass time':
        this.#monotonic += operation.ms;
        this.#wall += operation.ms;
        if (operation.ms > LIMITS.age / 2) this.#evidenceHarmed = true;
        return;
      case 'step the clock':
        this.#wall += operation.ms;
        if (operation.ms > LIMITS.age / 2) this.#evidenceHarmed = true;
        return;
      default:
        return operation satisfies never;
    }
  }

  #flip(file: number, at: number): void {
    const names = this.#disk.names;
    const name = names[file % (names.length || 1)];
    if (name === undefined) return;
    this.#evidenceHarmed = true;
    this.#disk.flip(name, at % Math.max(1, this.#disk.content(name).length));
  }

  async #append(records: number, padding: number): Promise<void> {
    const era = this.#era;
    const names: string[] = [];
    try {
      const batch = this.#journal!.batch();
      for (let i = 0; i < records; i++) {
        const name = String(this.#appended++);
        const event = Buffer.from(eventLine(name, this.#wall * 1000, { userAgent: 'x'.repeat(padding) }));
        await batch.append(encodeEvent({ key: Buffer.alloc(KEY_LENGTH), origin: '', event, stripped: false }));
        names.push(name);
      }
      await batch.commit();
    } catch (error) {
      if (!(error instanceof JournalRefused)) throw error;
      return;
    }
    if (era === this.#era) for (const name of names) this.#acknowledged.add(name);
  }

  async #start(): Promise<void> {
    const resume = this.#stored.at(-1);
    this.#unforgettable = Math.max(this.#unforgettable, this.#stored.length);
    this.#journal = await Journal.open({
      files: this.#disk.mount(),
      limits: LIMITS,
      consumed: resume?.position,
      clock: { now: () => this.#wall, monotonic: () => this.#monotonic },
    });
    this.#stop = new AbortController();
    this.#source = new JournalSource({
      journal: this.#journal,
      resume,
      limits: { batch: { records: 3, bytes: 2000 } },
      pause: async () => await nextTurn(),
    });
    this.#reading = this.#read(this.#source, this.#stop.signal);
  }

  async #startAgain(forget: number): Promise<void> {
    this.#disk.heal();
    this.#stored.length = Math.max(this.#unforgettable, this.#stored.length - forget);
    await this.#start();
  }

  async #read(source: JournalSource, signal: AbortSignal): Promise<void> {
    for await (const batch of source.batches(signal)) {
      await this.#held?.promise;
      if (signal.aborted) return;
      this.#count(batch);
      const checkpoint = source.checkpoint(batch);
      this.#stored.push(checkpoint);
      // The last checkpoints may yet be forgotten: what they are about is not given up.
      const safe = this.#stored.at(-4);
      if (safe === undefined) continue;
      source.release(safe);
      this.#unforgettable = Math.max(this.#unforgettable, this.#stored.length - 3);
    }
  }

  #count({ records, gaps }: Batch): void {
    for (const { event, position } of records) {
      if (comparePositions(position, this.#countedTo) <= 0) continue;
      this.#counted.push(event.auditID ?? '');
      this.#countedTo = position;
    }
    this.#gaps.push(...gaps);
  }

  async #stopReading(): Promise<void> {
    this.#stop.abort();
    this.#held?.resolve();
    this.#held = undefined;
    await this.#reading;
  }

  async #finish(): Promise<void> {
    this.#disk.heal();
    this.#held?.resolve();
    this.#held = undefined;
    await Promise.all(this.#commits.splice(0));
    // It recovers by itself, as soon as there is room.
    for (let attempt = 0; ; attempt++) {
      this.#monotonic += LIMITS.retryAfter;
      const before = this.#acknowledged.size;
      await this.#append(1, 0);
      if (this.#acknowledged.size > before) break;
      const last = this.#stored.at(-1);
      if (last !== undefined) this.#source?.release(last);
      assert.ok(attempt < 100, `it does not recover: ${JSON.stringify(this.#journal?.status())}`);
      await nextTurn();
    }
    const { end } = this.#journal!;
    for (let turn = 0; comparePositions(this.#source!.status().position, end) < 0; turn++) {
      assert.ok(turn < 10_000, 'it is not read to its end');
      await nextTurn();
    }
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    await this.#stopReading();
    await this.#journal?.close();
  }

  #check(): void {
    const counted = new Set(this.#counted);
    assert.equal(counted.size, this.#counted.length, `counted twice: ${this.#counted.join(' ')}`);
    const missing = [...this.#acknowledged].filter((name) => !counted.has(name));
    if (!this.#evidenceHarmed) assert.deepEqual(missing, [], 'lost');
    if (missing.length > 0) assert.ok(this.#gaps.length > 0, `lost without a gap: ${missing.join(' ')}`);
    if (!this.#evidenceHarmed && !this.#gapAllowed) assert.deepEqual(this.#gaps, [], 'a gap, though nothing was lost');
    for (const { from, to } of this.#gaps) assert.ok(comparePositions(from, to) < 0);
  }
}
