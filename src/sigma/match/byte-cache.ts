/** Memory whose bytes can be hashed, compared and copied where they are. */
export interface ByteSource {
  hash(from: number, to: number): number;
  equals(from: number, to: number, other: DataView, otherFrom: number): boolean;
  copy(from: number, to: number, target: Uint8Array, targetFrom: number): void;
}

const SLOTS = 4096;
/** Slots that are tried for a key: texts that were made to collide displace one another, and cost no more. */
const TRIES = 4;
const MAX_KEY_BYTES = 512;
const MAX_BYTES = 256 * 1024;

/** Remembers values for byte strings, so that a text that comes again need not be decoded. Forgets to stay small. */
export class ByteCache<V> {
  readonly #hashes = new Int32Array(SLOTS);
  readonly #starts = new Int32Array(SLOTS);
  readonly #lengths = new Int32Array(SLOTS).fill(-1);
  readonly #values: (V | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  #bytes = Buffer.from(new ArrayBuffer(4096));
  #words = new DataView(this.#bytes.buffer);
  #used = 0;

  get(source: ByteSource, from: number, to: number): V | undefined {
    const hash = source.hash(from, to);
    for (let i = 0; i < TRIES; i++) {
      const slot = (hash + i) & (SLOTS - 1);
      if (this.#hashes[slot] !== hash || this.#lengths[slot] !== to - from) continue;
      if (source.equals(from, to, this.#words, this.#starts[slot] ?? 0)) return this.#values[slot];
    }
    return undefined;
  }

  set(source: ByteSource, from: number, to: number, value: V): void {
    const length = to - from;
    if (length > MAX_KEY_BYTES) return;
    this.#reserve(length);
    const hash = source.hash(from, to);
    let slot = hash & (SLOTS - 1);
    for (let i = 1; i < TRIES && this.#lengths[slot] !== -1; i++) slot = (hash + i) & (SLOTS - 1);
    this.#hashes[slot] = hash;
    this.#starts[slot] = this.#used;
    this.#lengths[slot] = length;
    this.#values[slot] = value;
    source.copy(from, to, this.#bytes, this.#used);
    this.#used += length;
  }

  #reserve(length: number): void {
    if (this.#used + length > MAX_BYTES) {
      this.#lengths.fill(-1);
      this.#values.fill(undefined);
      this.#used = 0;
    }
    if (this.#used + length <= this.#bytes.length) return;
    const bytes = Buffer.from(new ArrayBuffer(2 * this.#bytes.length));
    this.#bytes.copy(bytes);
    this.#bytes = bytes;
    this.#words = new DataView(bytes.buffer);
  }
}
