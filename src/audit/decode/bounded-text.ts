import { BodyStripper } from './body-stripper.ts';

/** One event as text. */
export interface EventText {
  /** Valid until the next call of whoever gave it. `undefined` where the text is over the limit. */
  readonly bytes: Buffer | undefined;
  /** Of a text over the limit: the event without its bodies, see `BodyStripper`. */
  readonly stripped: Buffer | undefined;
  readonly length: number;
}

const EMPTY = Buffer.alloc(0);

/** Puts together a text that comes in parts, or, over the limit, what a `BodyStripper` leaves of it. */
export class BoundedText {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #stripper: BodyStripper | undefined;
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Of all parts so far. */
  get length(): number {
    return this.#length;
  }

  /** Copies the part: it may be changed afterwards. */
  push(part: Buffer): void {
    this.#add(this.#stripper === undefined ? Buffer.from(part) : part);
  }

  #add(part: Buffer): void {
    this.#length += part.length;
    if (this.#stripper !== undefined) return this.#stripper.push(part);
    this.#parts.push(part);
    if (this.#length <= this.#limit) return;
    this.#stripper = new BodyStripper(this.#limit);
    for (const held of this.#parts) this.#stripper.push(held);
    this.#parts = [];
  }

  /** The text with its last part, which is not copied where it is the only one. What comes next is another text. */
  finish(last: Buffer = EMPTY): EventText {
    if (this.#length === 0 && last.length <= this.#limit) {
      return { bytes: last, stripped: undefined, length: last.length };
    }
    this.#add(last);
    const length = this.#length;
    const stripped = this.#stripper?.finish();
    const bytes = this.#stripper === undefined ? Buffer.concat(this.#parts, length) : undefined;
    this.clear();
    return { bytes, stripped, length };
  }

  /** Forgets all parts. */
  clear(): void {
    this.#parts = [];
    this.#stripper = undefined;
    this.#length = 0;
  }
}
