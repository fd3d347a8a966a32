import { crc32 } from 'node:zlib';
import type { ReadableFile } from './journal-files.ts';
import { decodeRecordHeader, RECORD_MAGIC, RECORD_OVERHEAD } from './segment-format.ts';

/** What comes next in a segment. Offsets are in the file. */
export type Step =
  /** A whole record. The content is valid until the next `fill`. */
  | { readonly kind: 'record'; readonly content: Buffer; readonly end: number }
  /** Bytes that are no undamaged record. Several may follow each other. */
  | { readonly kind: 'damage'; readonly from: number; readonly end: number };

const PIECE = 256 * 1024;

/**
 * Reads the records of a segment. Behind damage it finds the next whole record: by the length that a record states where
 * that is undamaged, else by looking for the beginning of a record. Linear in time; memory is that of the largest record.
 */
export class RecordReader {
  readonly #file: ReadableFile;
  readonly #seed: number;
  #offset: number;
  #held: Buffer = Buffer.alloc(0);
  #wanted = RECORD_OVERHEAD;

  constructor(file: ReadableFile, seed: number, from: number) {
    this.#file = file;
    this.#seed = seed;
    this.#offset = from;
  }

  /** Behind the last step. */
  get offset(): number {
    return this.#offset;
  }

  /** The next step; `undefined` where `fill` is needed. */
  take(): Step | undefined {
    this.#wanted = RECORD_OVERHEAD;
    if (this.#held.length < RECORD_OVERHEAD) return undefined;
    const header = decodeRecordHeader(this.#held, this.#seed);
    if (header === undefined) return this.#skip(this.#nextMagic());
    const length = RECORD_OVERHEAD + header.length;
    this.#wanted = length;
    if (this.#held.length < length) return undefined;
    const content = this.#held.subarray(RECORD_OVERHEAD, length);
    if (crc32(content, this.#seed) !== header.crc) return this.#skip(length);
    this.#advance(length);
    return { kind: 'record', content, end: this.#offset };
  }

  /** Reads on, up to this offset of the file. Returns whether `take` has something new to look at. */
  async fill(limit: number): Promise<boolean> {
    const from = this.#offset + this.#held.length;
    const missing = Math.max(PIECE, this.#wanted - this.#held.length);
    const wanted = Math.min(limit - from, missing);
    if (wanted <= 0) return false;
    const held = Buffer.allocUnsafeSlow(this.#held.length + wanted);
    this.#held.copy(held);
    const read = await this.#file.read(held.subarray(this.#held.length), from);
    this.#held = held.subarray(0, this.#held.length + read);
    return read > 0;
  }

  /** The segment ends here: what is left is no record. */
  finish(limit: number): Step | undefined {
    const from = this.#offset;
    if (from >= limit) return undefined;
    this.#held = Buffer.alloc(0);
    this.#offset = limit;
    return { kind: 'damage', from, end: limit };
  }

  #nextMagic(): number {
    const found = this.#held.indexOf(RECORD_MAGIC, 1);
    return found < 0 ? this.#held.length - (RECORD_MAGIC.length - 1) : found;
  }

  #skip(length: number): Step {
    const from = this.#offset;
    this.#advance(length);
    return { kind: 'damage', from, end: this.#offset };
  }

  #advance(length: number): void {
    this.#held = this.#held.subarray(length);
    this.#offset += length;
  }
}
