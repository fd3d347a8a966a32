import type { LineMemory } from './line-memory.ts';
import type { LineReader } from './line-reader.ts';

/** Bytes of a piece that are in the reader's memory at a time: few enough for a processor's cache. */
const WINDOW = 64 * 1024;

/** Before the first byte of a piece. */
const NOWHERE = -1;

/** What `passOver` says where no whole line is left. */
export const NO_LINE = -1;

/** Takes a reader over the lines of a piece of a log. Places are in bytes from the beginning of the piece. */
export class LineWindow {
  readonly #reader: LineReader;
  readonly #memory: LineMemory;
  #piece: Buffer = Buffer.alloc(0);
  /** The part of the piece that is in the reader's memory. */
  #start = 0;
  #end = NOWHERE;
  #passed = 0;

  constructor(reader: LineReader, memory: LineMemory) {
    this.#reader = reader;
    this.#memory = memory;
  }

  /** Turns to a piece. It must not change, nor another text be put into the reader's memory, while it is read. */
  begin(piece: Buffer): void {
    this.#piece = piece;
    this.#end = NOWHERE;
  }

  /** From a place on, as `LineReader.passOver`, through all of the piece. */
  passOver(at: number, hidden: number, awaited: number, hasTrail: boolean): number {
    this.#passed = 0;
    if (at < this.#start || at > this.#end) this.#lookAt(at, WINDOW);
    for (let from = at; ; from = this.from) {
      const read = this.#reader.passOver(from - this.#start, hidden, awaited, hasTrail);
      this.#passed += this.#reader.linesPassed();
      if (read !== NO_LINE || this.#end === this.#piece.length) return read;
      // A line that is longer than the window: the next one is twice as long.
      this.#lookAt(this.from, this.from === this.#start ? 2 * (this.#end - this.#start) : WINDOW);
    }
  }

  /** How many lines `passOver` went over. */
  get passed(): number {
    return this.#passed;
  }

  /** Where the line begins at which it stopped, or what is no whole line. */
  get from(): number {
    return this.#start + this.#reader.stoppedAt();
  }

  /** Behind the end of the line at which it stopped. */
  get behind(): number {
    return this.#start + this.#reader.endOfStop();
  }

  #lookAt(from: number, length: number): void {
    const to = Math.min(from + length, this.#piece.length);
    this.#memory.put(this.#piece.subarray(from, to));
    this.#reader.beginPiece(to - from);
    this.#start = from;
    this.#end = to;
  }
}
