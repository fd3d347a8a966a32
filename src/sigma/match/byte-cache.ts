/** Memory whose bytes can be hashed, compared and copied where they are. */
export interface ByteSource {
  hash(from: number, to: number): number;
  equals(from: number, to: number, other: DataView, otherFrom: number): boolean;
  copy(from: number, to: number, target: Uint8Array, targetFrom: number): void;
}

const MIN_SLOTS = 256;
const MAX_SLOTS = 16_384;
/** Slots that are tried for a key: texts that were made to collide displace one another, and cost no more. */
const TRIES = 4;
const MAX_KEY_BYTES = 512;
const MAX_BYTES = 1024 * 1024;

/** Numbers of a slot: the hash, where the bytes begin, and how many there are plus one, 0 for an empty slot. */
const STRIDE = 4;

/** Remembers values for byte strings, so that a text that comes again need not be decoded. Forgets to stay small. */
export class ByteCache<V> {
  #slots = new Int32Array(MIN_SLOTS * STRIDE);
  #values: (V | undefined)[] = [];
  #mask = MIN_SLOTS - 1;
  #count = 0;
  #bytes = Buffer.from(new ArrayBuffer(4096));
  #words = new DataView(this.#bytes.buffer);
  #used = 0;

  get(source: ByteSource, from: number, to: number): V | undefined {
    const slots = this.#slots;
    const hash = source.hash(from, to);
    for (let i = 0; i < TRIES; i++) {
      const slot = (hash + i) & this.#mask;
      const at = slot * STRIDE;
      if (slots[at] !== hash || slots[at + 2] !== to - from + 1) continue;
      if (source.equals(from, to, this.#words, slots[at + 1] ?? 0)) return this.#values[slot];
    }
    return undefined;
  }

  set(source: ByteSource, from: number, to: number, value: V): void {
    const length = to - from;
    if (length > MAX_KEY_BYTES) return;
    if (this.#used + length > MAX_BYTES) this.#clear(this.#mask + 1);
    if (this.#count * 2 > this.#mask && this.#mask + 1 < MAX_SLOTS) this.#clear((this.#mask + 1) * 4);
    this.#reserve(length);
    const hash = source.hash(from, to);
    const slot = this.#slotFor(hash);
    this.#slots.set([hash, this.#used, length + 1], slot * STRIDE);
    this.#values[slot] = value;
    source.copy(from, to, this.#bytes, this.#used);
    this.#used += length;
  }

  /** A free slot, or one that is displaced. */
  #slotFor(hash: number): number {
    for (let i = 0; i < TRIES; i++) {
      const slot = (hash + i) & this.#mask;
      if (this.#slots[slot * STRIDE + 2] === 0) {
        this.#count += 1;
        return slot;
      }
    }
    return hash & this.#mask;
  }

  /** Empties it, and gives it so many slots. */
  #clear(slots: number): void {
    this.#slots = new Int32Array(slots * STRIDE);
    this.#values = [];
    this.#mask = slots - 1;
    this.#count = 0;
    this.#used = 0;
  }

  #reserve(length: number): void {
    if (this.#used + length <= this.#bytes.length) return;
    const bytes = Buffer.from(new ArrayBuffer(2 * this.#bytes.length));
    this.#bytes.copy(bytes);
    this.#bytes = bytes;
    this.#words = new DataView(bytes.buffer);
  }
}
