import type { FieldBranch, ValueClass } from '../match/field-branch.ts';

const BACKSLASH = 0x5c;
const BACKSLASHES = 0x5c5c5c5c;
const ONES = 0x01010101;
const HIGH_BITS = -0x7f7f7f80;

const PAGE = 64 * 1024;
/** What the reader wants behind a line. */
const ROOM = 128;

/** The bytes of a line, or of a piece of a log, in the memory of its reader. Places are offsets in it. */
export class LineMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #start: number;
  // Views of all of it: an ArrayBuffer has views of its own kind only until the memory grows.
  #words = new DataView(new ArrayBuffer(0));
  #bytes = new Uint8Array(0);
  #buffer = Buffer.alloc(0);

  /** @param start where lines and pieces are put */
  constructor(memory: WebAssembly.Memory, start: number) {
    this.#memory = memory;
    this.#start = start;
    this.#look();
  }

  /** Puts a line or a piece in. Whether the memory moved: other views of it are of no use then. */
  put(text: Buffer): boolean {
    const missing = this.#start + text.length + ROOM - this.#bytes.length;
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / PAGE));
      this.#look();
    }
    this.#bytes.set(text, this.#start);
    return missing > 0;
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
    const { buffer } = this.#memory;
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
