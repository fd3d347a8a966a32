import type { BatchBuilder } from '../batch-builder.ts';
import type { Fingerprint } from '../checkpoint.ts';
import { type DecodedLine, decodeStrippedLine, type LineDecoder } from '../decode/decode-line.ts';
import { type Line, LineSplitter } from '../decode/line-splitter.ts';
import { timeInLine } from '../decode/time-in-line.ts';
import type { Position } from '../position.ts';
import { sourceError } from '../system-error.ts';
import type { LogFile } from './log-file.ts';

/** Why reading stopped: the batch is full; the file has no more; it was truncated; a compressed file breaks off. */
export type Filled = 'full' | 'end' | 'truncated' | 'broken';

/** Reads one open file on from a position. */
export class FileReading {
  readonly file: LogFile;
  readonly #generation: number;
  readonly #decode: LineDecoder;
  readonly #splitter: LineSplitter;
  #lastEventTime: string | undefined;

  constructor(file: LogFile, from: Position, decode: LineDecoder, lineLimit: number) {
    this.file = file;
    this.#generation = from.generation;
    this.#decode = decode;
    this.#splitter = new LineSplitter(lineLimit, from.offset);
  }

  get fingerprint(): Fingerprint {
    return this.file.identity.fingerprint;
  }

  /** Behind the last line that went into a batch. */
  get position(): Position {
    return { generation: this.#generation, offset: this.#splitter.consumed };
  }

  /** How far the file was read, the beginning of an unterminated line included. */
  get readTo(): number {
    return this.#splitter.pushed;
  }

  /** The stageTimestamp of the last event that `fill` has read. */
  get lastEventTime(): string | undefined {
    return this.#lastEventTime;
  }

  /** What was read before the file is found truncated is whole: each piece is checked before it is taken. */
  async fill(batch: BatchBuilder): Promise<Filled> {
    for (;;) {
      this.#takeLines(batch);
      if (batch.full) return 'full';
      const piece = await this.#readPiece();
      if (piece === undefined) return 'broken';
      if (!(await this.file.intact())) return 'truncated';
      if (piece.length === 0) return 'end';
      this.#splitter.push(piece);
    }
  }

  /**
   * The file is finished: its last line needs no end any more, if it is whole without. Of a torn one nothing is taken:
   * what looks like an event at its end may be a part of a body.
   */
  finish(batch: BatchBuilder): void {
    const before = this.#splitter.consumed;
    const line = this.#splitter.rest();
    if (line === undefined) return;
    batch.addBytes(line.end - before, line.nulBytes);
    const decoded = this.#decodeLine(line);
    const isTorn = decoded.kind === 'error' || (decoded.kind === 'event' && decoded.salvaged);
    batch.add(line, isTorn ? { kind: 'error', reason: 'unterminated' } : decoded, this.position);
  }

  #takeLines(batch: BatchBuilder): void {
    let skipped: Line | undefined;
    while (!batch.full) {
      const before = this.#splitter.consumed;
      const line = this.#splitter.next();
      if (line === undefined) break;
      batch.addBytes(line.end - before, line.nulBytes);
      if (isBlank(line)) continue;
      const decoded = this.#decodeLine(line);
      batch.add(line, decoded, this.position);
      skipped = decoded.kind === 'skipped' ? line : undefined;
      if (decoded.kind === 'event') this.#lastEventTime = decoded.event.stageTimestamp ?? this.#lastEventTime;
    }
    if (skipped?.bytes !== undefined) this.#lastEventTime = timeInLine(skipped.bytes) ?? this.#lastEventTime;
  }

  #decodeLine(line: Line): DecodedLine {
    return line.bytes === undefined ? decodeStrippedLine(line.stripped) : this.#decode(line.bytes);
  }

  async #readPiece(): Promise<Buffer | undefined> {
    try {
      return await this.file.reader.read(this.#splitter.pushed);
    } catch (error) {
      if (this.file.compressed && sourceError(error).code.startsWith('Z_')) return undefined;
      throw error;
    }
  }
}

const CARRIAGE_RETURN = 0x0d;

function isBlank({ length, bytes }: Line): boolean {
  return length === 0 || (length === 1 && bytes?.[0] === CARRIAGE_RETURN);
}
