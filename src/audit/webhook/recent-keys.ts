import { KEY_LENGTH } from '../journal/entry.ts';

const WORDS = KEY_LENGTH / 4;
const SMALLEST = 1024;

/**
 * The newest keys of those that were added: at least `capacity / 2` of them, and at most `capacity`. Keys are digests.
 * Memory grows with the keys, up to 32 bytes for each of the capacity.
 */
export class RecentKeys {
  readonly #half: number;
  #young = new KeyTable();
  #old = new KeyTable();

  constructor(capacity: number) {
    this.#half = Math.max(1, Math.floor(capacity / 2));
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  has(key: Buffer): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  add(key: Buffer): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new KeyTable();
    }
    this.#young.add(key);
  }
}

/** A hash table with open addressing, at most half full. A key of zeros marks an empty place, and is never found. */
class KeyTable {
  #words = new Uint32Array(SMALLEST * WORDS);
  #places = SMALLEST;
  size = 0;

  has(key: Buffer): boolean {
    return !this.#isEmpty(this.#find(wordsOf(key)));
  }

  add(key: Buffer): void {
    const words = wordsOf(key);
    const at = this.#find(words);
    if (!this.#isEmpty(at)) return;
    this.#words.set(words, at);
    this.size += 1;
    if (this.size * 2 > this.#places) this.#grow();
  }

  /** Where the key is, or would be. */
  #find(key: Uint32Array): number {
    for (let place = (key[0] ?? 0) & (this.#places - 1); ; place = (place + 1) & (this.#places - 1)) {
      const at = place * WORDS;
      if (this.#isEmpty(at) || key.every((word, i) => this.#words[at + i] === word)) return at;
    }
  }

  #isEmpty(at: number): boolean {
    const words = this.#words;
    return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0;
  }

  #grow(): void {
    const before = this.#words;
    this.#places *= 2;
    this.#words = new Uint32Array(this.#places * WORDS);
    for (let at = 0; at < before.length; at += WORDS) {
      const key = before.subarray(at, at + WORDS);
      if (key.some((word) => word !== 0)) this.#words.set(key, this.#find(key));
    }
  }
}

function wordsOf(key: Buffer): Uint32Array {
  return new Uint32Array([key.readUInt32LE(0), key.readUInt32LE(4), key.readUInt32LE(8), key.readUInt32LE(12)]);
}
