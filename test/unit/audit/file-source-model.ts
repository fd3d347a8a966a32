import assert from 'node:assert/strict';
import fs from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import {
  type Batch,
  comparePositions,
  type Gap,
  ORIGIN,
  type Position,
  type SourceCheckpoint,
} from '../../../src/audit/index.ts';
import { LogDirectory, timestamp } from './log-directory.ts';
import { SourceConsumer } from './source-consumer.ts';

/** What can happen to a log, to its reader and to the reader's memory. */
export type Operation =
  | { readonly do: 'write'; readonly events: number }
  | { readonly do: 'write half'; readonly share: number }
  | { readonly do: 'stop writing in the middle' }
  | { readonly do: 'write garbage'; readonly bytes: string }
  | { readonly do: 'rotate' }
  | { readonly do: 'rotate under the writer' }
  | { readonly do: 'let the writer reopen' }
  | { readonly do: 'copy and truncate'; readonly leaveHole: boolean }
  | { readonly do: 'begin to compress'; readonly backup: number }
  | { readonly do: 'compress'; readonly backup: number }
  | { readonly do: 'delete the oldest backup' }
  | { readonly do: 'delete the active file'; readonly unread: number }
  | { readonly do: 'truncate the active file'; readonly unread: number }
  | { readonly do: 'step the clock'; readonly seconds: number }
  | { readonly do: 'catch up' }
  | { readonly do: 'become slow' }
  | { readonly do: 'become fast' }
  | { readonly do: 'crash'; readonly forgetBatches: number }
  | { readonly do: 'lose the state'; readonly age: number; readonly small: boolean }
  | { readonly do: 'start' };

export interface Step {
  readonly operation: Operation;
  /** How many turns of the event loop the reader gets afterwards. */
  readonly turns: number;
}

interface Backup {
  /** Without `.gz`. */
  name: string;
  form: 'plain' | 'both' | 'gzip';
  readonly ids: readonly string[];
}

interface StoredCheckpoint {
  readonly checkpoint: SourceCheckpoint;
  readonly small: SourceCheckpoint;
  readonly clockSteps: number;
}

/**
 * A log, a reader that follows it, and what must come out: every event that was written whole is counted exactly once,
 * but for those in files that were removed before they were read; if any of these is missing, there is a gap.
 */
export class FileSourceModel {
  readonly log = new LogDirectory();
  readonly #written = new Map<string, number>();
  readonly #atRisk = new Set<string>();
  #active: string[] = [];
  #backups: Backup[] = [];
  #half: { readonly id: string; readonly rest: string } | undefined;
  #torn = 0;
  /** The file that the writer has open: for a while also one that was renamed under it. */
  #open = 'audit.log';
  #removals = 0;
  #clockSteps = 0;
  #stateLost = false;

  /** What survives a crash of the reader: what was counted, and up to where. */
  readonly #counted: string[] = [];
  #countedTo: Position = ORIGIN;
  readonly #gaps: Gap[] = [];
  readonly #stored: StoredCheckpoint[] = [];

  #consumer: SourceConsumer | undefined;

  async run(steps: readonly Step[]): Promise<void> {
    try {
      // Of files that came and went before the reader had seen any, nobody can know.
      this.#write();
      this.#start();
      await this.#consumer?.caughtUp();
      for (const { operation, turns } of steps) {
        await this.#apply(operation);
        for (let turn = 0; turn < turns; turn++) await nextTurn();
      }
      await this.#finish();
      this.#check();
    } finally {
      await this.#consumer?.stop();
      this.log.remove();
    }
  }

  async #apply(operation: Operation): Promise<void> {
    const consumer = this.#consumer;
    const isReading = consumer !== undefined && !consumer.isHeld;
    switch (operation.do) {
      case 'write':
        for (let i = 0; i < operation.events; i++) this.#write();
        return;
      case 'write half':
        return this.#writeHalf(operation.share);
      case 'stop writing in the middle':
        return this.#tear();
      case 'write garbage':
        if (this.#half === undefined) this.log.append(`${operation.bytes}\n`, this.#open);
        this.#torn = 0;
        return;
      case 'rotate':
        this.#reopen();
        return this.#rotate();
      case 'rotate under the writer':
        this.#reopen();
        return this.#rotateUnderWriter();
      case 'let the writer reopen':
        return this.#reopen();
      case 'copy and truncate':
        this.#reopen();
        return this.#copyAndTruncate(operation.leaveHole);
      case 'begin to compress':
        this.#reopen();
        return this.#beginToCompress(this.#backups[operation.backup % (this.#backups.length || 1)]);
      case 'compress':
        this.#reopen();
        return this.#compress(this.#backups[operation.backup % (this.#backups.length || 1)]);
      case 'delete the oldest backup':
        this.#reopen();
        // Also one that was told to be slow looks on until it has a batch.
        if (consumer?.isStopped === false) await consumer.nextLook();
        return this.#deleteOldest();
      case 'delete the active file':
      case 'truncate the active file':
        this.#reopen();
        if (!isReading || !this.log.exists()) return;
        await consumer.caughtUp();
        // A file that comes and goes between two looks is nobody's to know, nor one that no checkpoint knows: this one
        // was looked at, and what was stored before is not gone back to.
        this.#stored.splice(0, this.#stored.length - 1);
        if (this.#active.length > 0) for (let i = 0; i < operation.unread; i++) this.#write();
        return this.#removeActive(operation.do === 'delete the active file');
      case 'step the clock':
        this.#clockSteps += 1;
        return this.log.stepClock(operation.seconds * 1e6);
      case 'catch up':
        if (isReading) await consumer.caughtUp();
        return;
      case 'become slow':
        return consumer?.hold();
      case 'become fast':
        return consumer?.release();
      case 'crash':
        await this.#stop();
        this.#stored.length = Math.max(1, this.#stored.length - operation.forgetBatches);
        return;
      case 'lose the state':
        return await this.#loseState(operation.age, operation.small);
      case 'start':
        return this.#start();
      default:
        return operation satisfies never;
    }
  }

  #write(): void {
    if (this.#half !== undefined) {
      this.log.append(`${this.#half.rest}\n`, this.#open);
      this.#complete(this.#half.id);
      this.#half = undefined;
      return;
    }
    const id = String(this.#written.size);
    this.log.append(`${this.log.line(id)}\n`, this.#open);
    this.#complete(id);
  }

  #complete(id: string): void {
    this.#torn = 0;
    this.#written.set(id, this.log.micros);
    this.#active.push(id);
  }

  #writeHalf(share: number): void {
    if (this.#half !== undefined) return;
    const id = String(this.#written.size);
    const line = this.log.line(id);
    const cut = 1 + Math.floor(share * (line.length - 2));
    this.log.append(line.slice(0, cut), this.#open);
    this.#half = { id, rest: line.slice(cut) };
  }

  /** The writer dies: what it writes next stands in the same line. */
  #tear(): void {
    if (this.#half === undefined || this.#torn >= 3) return;
    this.#half = undefined;
    this.#torn += 1;
  }

  #newActive(): void {
    this.#active = [];
    this.#half = undefined;
    this.#torn = 0;
  }

  #rotate(): void {
    if (!this.log.exists()) return;
    this.#backups.push({ name: this.log.rotate(), form: 'plain', ids: this.#active });
    this.#newActive();
  }

  #rotateUnderWriter(): void {
    if (!this.log.exists()) return;
    this.#open = this.log.rotate();
    this.#backups.push({ name: this.#open, form: 'plain', ids: this.#active });
  }

  #reopen(): void {
    if (this.#open === 'audit.log') return;
    this.#open = 'audit.log';
    this.#newActive();
  }

  #copyAndTruncate(leaveHole: boolean): void {
    if (!this.log.exists()) return;
    const { size } = fs.statSync(this.log.path);
    const moved = this.log.copyTruncate();
    for (const backup of this.#backups) {
      backup.name = moved.get(backup.name) ?? moved.get(`${backup.name}.gz`)?.slice(0, -'.gz'.length) ?? backup.name;
    }
    this.#backups.push({ name: 'audit.log.1', form: 'plain', ids: this.#active });
    this.#newActive();
    if (leaveHole) fs.truncateSync(this.log.path, size);
  }

  #beginToCompress(backup: Backup | undefined): void {
    if (backup?.form !== 'plain') return;
    const compressed = gzipSync(fs.readFileSync(this.log.file(backup.name)));
    this.log.append(compressed.subarray(0, Math.floor(compressed.length / 2)), `${backup.name}.gz`);
    backup.form = 'both';
  }

  #compress(backup: Backup | undefined): void {
    if (backup === undefined || backup.form === 'gzip') return;
    this.log.compress(backup.name);
    backup.form = 'gzip';
  }

  #deleteOldest(): void {
    const backup = this.#backups.shift();
    if (backup === undefined) return;
    if (backup.form !== 'gzip') this.log.delete(backup.name);
    if (backup.form !== 'plain') this.log.delete(`${backup.name}.gz`);
    this.#removed(backup.ids);
  }

  #removeActive(unlink: boolean): void {
    if (unlink) this.log.delete('audit.log');
    else fs.truncateSync(this.log.path, 0);
    this.#removed(this.#active);
    this.#newActive();
  }

  #removed(ids: readonly string[]): void {
    this.#removals += 1;
    const counted = new Set(this.#counted);
    for (const id of ids) if (!counted.has(id)) this.#atRisk.add(id);
  }

  #start(): void {
    this.#consumer ??= new SourceConsumer(
      {
        path: this.log.path,
        startAt: 'Beginning',
        resume: this.#stored.at(-1)?.checkpoint,
        limits: { batch: { records: 3, bytes: 1e6 } },
      },
      (batch) => this.#count(batch),
    );
  }

  #count(batch: Batch): void {
    const source = this.#consumer?.source;
    assert.ok(source);
    for (const { event, position } of batch.records) {
      if (comparePositions(position, this.#countedTo) <= 0) continue;
      this.#counted.push(event.auditID ?? '');
      this.#countedTo = position;
    }
    this.#gaps.push(...batch.gaps);
    const clockSteps = this.#clockSteps;
    this.#stored.push({ checkpoint: source.checkpoint(batch), small: source.checkpoint(batch, 2), clockSteps });
  }

  async #stop(): Promise<void> {
    await this.#consumer?.stop();
    this.#consumer = undefined;
  }

  /**
   * What remains is an old checkpoint, or none. Positions can then be rebuilt from the files, as long as the clock was
   * not stepped since; and of files that no checkpoint knew, nobody can tell that they are gone.
   */
  async #loseState(age: number, small: boolean): Promise<void> {
    await this.#stop();
    const kept = this.#stored[this.#stored.length - 1 - age];
    if (kept === undefined ? this.#clockSteps > 0 || this.#removals > 0 : kept.clockSteps < this.#clockSteps) return;
    this.#stateLost = true;
    const useSmall = small && this.#clockSteps === 0;
    this.#stored.length = 0;
    if (kept !== undefined) this.#stored.push(useSmall ? { ...kept, checkpoint: kept.small } : kept);
    else {
      this.#start();
      await this.#consumer?.caughtUp();
    }
  }

  async #finish(): Promise<void> {
    this.#consumer?.release();
    this.#start();
    this.#write();
    this.#write();
    await this.#consumer?.caughtUp(3);
  }

  #check(): void {
    const counted = new Set(this.#counted);
    assert.equal(counted.size, this.#counted.length, `counted twice: ${this.#counted.join(' ')}`);
    for (const id of counted) assert.ok(this.#written.has(id), `counted, but never written whole: ${id}`);
    const missing = [...this.#written.keys()].filter((id) => !counted.has(id));
    assert.deepEqual(
      missing.filter((id) => !this.#atRisk.has(id)),
      [],
      'lost',
    );
    if (missing.length > 0) assert.ok(this.#gaps.length > 0, `lost without a gap: ${missing.join(' ')}`);
    if (this.#removals === 0) assert.deepEqual(this.#gaps, [], 'a gap, though nothing was removed');
    if (this.#clockSteps > 0) return;
    for (const id of missing)
      assert.ok(
        this.#gaps.some((gap) => covers(gap, this.#written.get(id) ?? 0)),
        `no gap covers ${id}`,
      );
    if (this.#stateLost) return;
    assert.deepEqual(
      this.#counted,
      [...this.#written.keys()].filter((id) => counted.has(id)),
      'order',
    );
  }
}

function covers({ fromTime = '', toTime = '9999' }: Gap, micros: number): boolean {
  const time = timestamp(micros);
  return fromTime <= time && time <= toTime;
}
