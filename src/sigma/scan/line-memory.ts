import type { FieldBranch, ValueClass } from '../match/field-branch.ts';
import type { LineReader } from './line-reader.ts';

const BACKSLASH = 0x5c;
const BACKSLASHES = 0x5c5c5c5c;
const ONES = 0x01010101;
const HIGH_BITS = -0x7f7f7f80;

/** Of them there is room for. */
const SLOTS = 32;

const PAGE = 64 * 1024;
/** What the reader wants behind a line. */
const ROOM = 128;

/** The memory of a reader of lines: the bytes of a line or of a piece of a log, and where slots of the line stand in it. Places are offsets in it. */
export class LineMemory {
  readonly #reader: LineReader;
  readonly #place: number;
  // Views of all of it: an ArrayBuffer has views of its own kind only until the memory grows.
  #words = new DataView(new ArrayBuffer(0));
  #bytes = new Uint8Array(0);
  #buffer = Buffer.alloc(0);
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);

  constructor(reader: LineReader) {
    this.#reader = reader;
    this.#place = reader.place();
    this.#look();
  }

  /** Puts a line or a piece to the place where the reader reads it. */
  put(text: Buffer): void {
    const missing = this.#place + text.length + ROOM - this.#bytes.length;
    if (missing > 0) {
      this.#reader.memory.grow(Math.ceil(missing / PAGE));
      this.#look();
    }
    this.#bytes.set(text, this.#place);
  }

  /** Where the JSON of a slot begins, of a string behind the quote. */
  startOf(slot: number): number {
    return this.#starts[slot] ?? 0;
  }

  /** Where the JSON of a slot ends, of a string before the quote; 0 where there is none. */
  endOf(slot: number): number {
    return this.#ends[slot] ?? 0;
  }

  /** Writes bytes to a place. */
  write(bytes: Uint8Array, at: number): void {
    this.#bytes.set(bytes, at);
  }

  /** What a branch recalls of the text between two places, if that is ASCII without escapes. */
  recall(branch: FieldBranch, from: number, to: number): ValueClass | undefined {
    return this.#isPlain(from, to) ? branch.recallAmong(this.#bytes, from, to) : undefined;
  }

  /** The text between two places; what is no UTF-8 becomes U+FFFD. */
  text(from: number, to: number): string {
    return this.#buffer.toString('utf8', from, to);
  }

  #look(): void {
    const { buffer } = this.#reader.memory;
    this.#starts = new Int32Array(buffer, this.#reader.startsOfSlots(), SLOTS);
    this.#ends = new Int32Array(buffer, this.#reader.endsOfSlots(), SLOTS);
    this.#words = new DataView(buffer);
    this.#bytes = new Uint8Array(buffer);
    this.#buffer = Buffer.from(buffer);
  }

  #isPlain(from: number, to: number): boolean {
    const memory = this.#words;
    let at = from;
    for (; at + 8 <= to; at += 8) {
      const a = memory.getInt32(at, true);
      const b = memory.getInt32(at + 4, true);
      const x = a ^ BACKSLASHES;
      const y = b ^ BACKSLASHES;
      if (((a | b | ((x - ONES) & ~x) | ((y - ONES) & ~y)) & HIGH_BITS) !== 0) return false;
    }
    for (; at < to; at++) {
      const byte = this.#bytes[at] ?? 0;
      if (byte === BACKSLASH || byte >= 0x80) return false;
    }
    return true;
  }
}
