import type { FieldBranch, ValueClass } from '../match/field-branch.ts';
import type { ByteLiteral } from './byte-literal.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;
const ONES = 0x01010101;
const FIVES = 0x05050505;
const HIGH_BITS = -0x7f7f7f80;

/**
 * The bytes of a line, where they lie. Places are offsets in the memory that the line was cut from, so that lines of one piece of a file need no
 * preparation. What looks for something gives the place, or -1; nothing is read outside the line.
 */
export class LineBytes {
  #start = 0;
  #end = 0;
  #memory: ArrayBufferLike = new ArrayBuffer(0);
  #words = new DataView(this.#memory);
  /** Its elements are read faster than those of a Buffer. */
  #bytes = new Uint8Array(this.#memory);
  #buffer = Buffer.from(this.#memory);

  get start(): number {
    return this.#start;
  }

  /** Behind the last byte. */
  get end(): number {
    return this.#end;
  }

  /** Turns to a line. Its bytes are read until the next call only. */
  turnTo(line: Buffer): void {
    const memory = line.buffer;
    if (memory !== this.#memory) {
      this.#memory = memory;
      this.#words = new DataView(memory);
      this.#bytes = new Uint8Array(memory);
      this.#buffer = Buffer.from(memory);
    }
    this.#start = line.byteOffset;
    this.#end = line.byteOffset + line.length;
  }

  /** The byte at a place; 0 outside the line. */
  byte(at: number): number {
    return at < this.#end ? (this.#bytes[at] ?? 0) : 0;
  }

  /** Whether this very text stands at a place. */
  has({ words, length }: ByteLiteral, at: number): boolean {
    const memory = this.#words;
    const last = at + length - 4;
    if (last + 4 > this.#end) return false;
    const count = words.length - 1;
    for (let i = 0; i < count; i++) {
      if (memory.getInt32(at + i * 4, true) !== words[i]) return false;
    }
    return memory.getInt32(last, true) === words[count];
  }

  /** The quote that ends the string whose text begins at a place. */
  closingQuote(from: number): number {
    const memory = this.#words;
    const bytes = this.#bytes;
    const end = this.#end;
    let at = from;
    for (; at + 4 <= end; at += 4) {
      const different = memory.getInt32(at, true) ^ QUOTES;
      // Marks the bytes that are zero; the lowest mark is right, those above it need not be.
      const zeros = (different - ONES) & ~different & HIGH_BITS;
      if (zeros === 0) continue;
      const quote = at + ((31 - Math.clz32(zeros & -zeros)) >> 3);
      if (bytes[quote - 1] !== BACKSLASH) return quote;
      let start = quote - 1;
      while (start > from && bytes[start - 1] === BACKSLASH) start -= 1;
      if (start < from || (quote - start) % 2 === 0) return quote;
      at = quote - 3;
    }
    for (; at < end; at++) {
      if (bytes[at] === QUOTE && !this.#isEscaped(from, at)) return at;
    }
    return -1;
  }

  /** Behind the list of strings that begins at a place. */
  behindStrings(from: number): number {
    if (this.byte(from + 1) === CLOSE_LIST) return from + 2;
    let at = from;
    do {
      if (this.byte(at + 1) !== QUOTE) return -1;
      const end = this.closingQuote(at + 2);
      if (end < 0) return -1;
      at = end + 1;
    } while (this.byte(at) === COMMA);
    return this.byte(at) === CLOSE_LIST ? at + 1 : -1;
  }

  /** Behind the map or list that begins at a place, whatever is in it; with a depth, behind so many that began before. */
  behindNested(from: number, outside = 0): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let depth = outside;
    for (let at = from; at < end; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        at = this.closingQuote(at + 1);
        if (at < 0) return -1;
      } else if (byte === OPEN_MAP || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE_MAP || byte === CLOSE_LIST) depth -= 1;
      if (depth <= 0) return depth === 0 ? at + 1 : -1;
    }
    return -1;
  }

  /** Behind the number of at most nine digits that begins at a place; the place itself where there is none. */
  behindDigits(from: number): number {
    let at = from;
    while (at < from + 9 && this.byte(at) >= 0x30 && this.byte(at) <= 0x39) at += 1;
    return at;
  }

  /** What a branch recalls of the text between two places, if that is ASCII without escapes. */
  recall(branch: FieldBranch, from: number, to: number): ValueClass | undefined {
    return this.#isPlain(from, to) ? branch.recallAmong(this.#bytes, from, to) : undefined;
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

  /** The first occurrence of some bytes from one place on and before another. */
  find(needle: Buffer, from: number, end: number): number {
    const found = this.#buffer.subarray(from, end).indexOf(needle);
    return found < 0 ? -1 : from + found;
  }

  /** The last occurrence of some bytes from a place on. */
  findLast(needle: Buffer, from: number): number {
    const found = this.#buffer.subarray(from, this.#end).lastIndexOf(needle);
    return found < 0 ? -1 : from + found;
  }

  /** The text between two places; what is no UTF-8 becomes U+FFFD. */
  text(from: number, to: number): string {
    return this.#buffer.toString('utf8', from, to);
  }

  /** A number that depends on all bytes between two places. */
  hash(from: number, to: number): number {
    const memory = this.#words;
    let even = to - from;
    let odd = 0;
    let at = from;
    for (; at + 8 <= to; at += 8) {
      even = Math.imul(even ^ memory.getInt32(at, true), 0x9e3779b1);
      odd = Math.imul(odd ^ memory.getInt32(at + 4, true), 0x85ebca77);
    }
    for (; at < to; at++) even = Math.imul(even ^ memory.getUint8(at), 0x9e3779b1);
    const hash = even ^ (odd >>> 7) ^ (odd << 11);
    return hash ^ (hash >>> 15);
  }

  /** Whether the bytes between two places equal those of other memory from a place on. */
  equals(from: number, to: number, other: DataView, otherFrom: number): boolean {
    const memory = this.#words;
    const shift = otherFrom - from;
    let at = from;
    for (; at + 4 <= to; at += 4) {
      if (memory.getInt32(at, true) !== other.getInt32(at + shift, true)) return false;
    }
    for (; at < to; at++) {
      if (memory.getUint8(at) !== other.getUint8(at + shift)) return false;
    }
    return true;
  }

  copy(from: number, to: number, target: Uint8Array, targetFrom: number): void {
    this.#buffer.copy(target, targetFrom, from, to);
  }

  /**
   * Behind the map that a place is inside of, if it holds no other map from there on, or (`inner` 1) at most one, and that at its end: then it is enough to count
   * braces. They are no part of a string if the end of the line follows, or a comma, a quotation mark and a letter: within a string the quote would be
   * escaped. -1 where it is not so simple.
   */
  behindFlatMap(from: number, inner: 0 | 1): number {
    let at = this.brace(from);
    let depth = 1;
    if (inner === 1 && this.byte(at) === OPEN_MAP) {
      depth = 2;
      at = this.brace(at + 1);
    }
    for (; depth > 0; depth--, at++) {
      if (at < 0 || this.byte(at) !== CLOSE_MAP) return -1;
    }
    const isBefore = this.byte(at) === COMMA && this.byte(at + 1) === QUOTE && isLetter(this.byte(at + 2));
    return isBefore || (this.byte(at) === CLOSE_MAP && at + 1 === this.#end) ? at : -1;
  }

  /** The first brace from a place on, be it part of a string or not; or a vertical bar, a tilde or a byte beyond ASCII, if one comes before. */
  brace(from: number): number {
    const memory = this.#words;
    const end = this.#end;
    let at = from;
    for (; at + 16 <= end; at += 16) {
      const a = memory.getInt32(at, true);
      const b = memory.getInt32(at + 4, true);
      const c = memory.getInt32(at + 8, true);
      const d = memory.getInt32(at + 12, true);
      if (((a | (a + FIVES) | b | (b + FIVES) | c | (c + FIVES) | d | (d + FIVES)) & HIGH_BITS) !== 0) break;
    }
    for (; at + 4 <= end; at += 4) {
      const word = memory.getInt32(at, true);
      const high = (word | (word + FIVES)) & HIGH_BITS;
      if (high !== 0) return at + ((31 - Math.clz32(high & -high)) >> 3);
    }
    for (; at < end; at++) {
      if ((this.#bytes[at] ?? 0) >= OPEN_MAP) return at;
    }
    return -1;
  }

  /** An odd number of backslashes stands before it. */
  #isEscaped(from: number, at: number): boolean {
    let start = at;
    while (start > from && this.#bytes[start - 1] === BACKSLASH) start -= 1;
    return (at - start) % 2 === 1;
  }
}

function isLetter(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}
