import { BoundedText, type EventText } from './bounded-text.ts';

/** One line of a file, without its end. */
export interface Line extends EventText {
  /** Uncompressed offset of its first byte, after any NUL bytes before it. */
  readonly start: number;
  /** Uncompressed offset just behind its end. */
  readonly end: number;
  /** NUL bytes between the previous line and this one. They are not part of the line. */
  readonly nulBytes: number;
}

const NEWLINE = 0x0a;

/**
 * Cuts pieces of a file into lines. An unterminated line stays inside until its end comes. Memory is bounded by the
 * limit, whatever the length of a line, or of a run of NUL bytes.
 */
export class LineSplitter {
  readonly #held: BoundedText;
  #piece: Buffer = Buffer.alloc(0);
  #at = 0;
  #nulBytes = 0;
  #start: number;
  #end: number;
  #consumed: number;

  /** @param limit in bytes of a line; @param offset where the first piece begins: the start of a line. */
  constructor(limit: number, offset: number) {
    this.#held = new BoundedText(limit);
    this.#start = offset;
    this.#end = offset;
    this.#consumed = offset;
  }

  /** Uncompressed offset just behind the last line that `next` gave. */
  get consumed(): number {
    return this.#consumed;
  }

  /** Uncompressed offset up to which pieces were pushed: where the next piece must begin. */
  get pushed(): number {
    return this.#end + this.#piece.length - this.#at;
  }

  /** To be called when `next` has given `undefined`. The piece must not be changed before it does so again. */
  push(piece: Buffer): void {
    if (this.#at < this.#piece.length) throw new Error('LineSplitter: push() before next() was exhausted');
    this.#piece = piece;
    this.#at = 0;
  }

  /** Where the next line begins, in bytes from the beginning of the piece; `undefined` where a part of it came before. */
  get nextStart(): number | undefined {
    return this.#held.length === 0 ? this.#at : undefined;
  }

  /** Goes over whole lines. @param to where they end, in bytes from the beginning of the piece */
  passOver(to: number): void {
    this.#advance(to);
    this.#begin();
  }

  /** The next whole line, empty ones included; `undefined` where another piece is needed. */
  next(): Line | undefined {
    if (this.#held.length === 0) this.#skipNulBytes();
    const newline = this.#piece.indexOf(NEWLINE, this.#at);
    const until = newline < 0 ? this.#piece.length : newline;
    const part = this.#piece.subarray(this.#at, until);
    this.#advance(until);
    if (newline < 0) {
      if (part.length > 0) this.#held.push(part);
      return undefined;
    }
    const line = this.#finish(part, this.#end + 1);
    this.#advance(newline + 1);
    this.#begin();
    return line;
  }

  /** The unterminated last line of a file that is finished, if there is one. */
  rest(): Line | undefined {
    if (this.#held.length === 0) return undefined;
    const line = this.#finish(undefined, this.#end);
    this.#begin();
    return line;
  }

  #skipNulBytes(): void {
    let at = this.#at;
    while (at < this.#piece.length && this.#piece[at] === 0) at += 1;
    this.#nulBytes += at - this.#at;
    this.#advance(at);
    this.#start = this.#end;
  }

  #advance(to: number): void {
    this.#end += to - this.#at;
    this.#at = to;
  }

  #finish(part: Buffer | undefined, end: number): Line {
    const { bytes, stripped, length } = this.#held.finish(part);
    return { bytes, stripped, length, start: this.#start, end, nulBytes: this.#nulBytes };
  }

  #begin(): void {
    this.#nulBytes = 0;
    this.#start = this.#end;
    this.#consumed = this.#end;
  }
}
