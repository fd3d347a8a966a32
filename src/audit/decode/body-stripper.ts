/** A byte of JSON that means something to the stripper. */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

const BODY_KEYS: ReadonlySet<string> = new Set(['requestObject', 'responseObject']);
const LONGEST_BODY_KEY = 'responseObject'.length;
const NULL = Buffer.from('null');

/**
 * Copies one audit event, given in pieces, without the values of its two bodies (`null` stands in their place), however
 * long they are. What remains is bounded: over the limit, nothing is kept. Linear in time; memory is the limit's.
 * It looks at nesting and strings only: whether the copy is JSON is for the parser to say.
 */
export class BodyStripper {
  readonly #limit: number;
  readonly #kept: Buffer[] = [];
  #size = 0;
  #overflow = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #inBody = false;
  /** Of the string that is being read, where it stands at depth 1 and could still be a body's key. */
  #key = '';
  #keyPossible = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(piece: Buffer): void {
    let keepFrom = 0;
    for (let i = 0; i < piece.length; i++) {
      const byte = piece[i] ?? 0;
      if (this.#inString) {
        this.#readString(byte);
        continue;
      }
      if (byte === QUOTE) this.#openString();
      else if (byte === COLON) {
        if (this.#depth === 1 && BODY_KEYS.has(this.#key)) {
          this.#keep(piece.subarray(keepFrom, i + 1));
          this.#keep(NULL);
          this.#inBody = true;
          this.#key = '';
        }
      } else if (byte === 0x7b || byte === 0x5b) this.#depth += 1;
      else if (byte === COMMA || byte === 0x7d || byte === 0x5d) {
        if (this.#inBody && this.#depth === 1) {
          this.#inBody = false;
          keepFrom = i;
        }
        if (byte !== COMMA) this.#depth -= 1;
      }
    }
    if (!this.#inBody) this.#keep(piece.subarray(keepFrom));
  }

  /** What was kept; `undefined` where it was over the limit. */
  finish(): Buffer | undefined {
    return this.#overflow ? undefined : Buffer.concat(this.#kept, this.#size);
  }

  #openString(): void {
    this.#inString = true;
    this.#keyPossible = this.#depth === 1 && !this.#inBody;
    if (this.#keyPossible) this.#key = '';
  }

  #readString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#inString = false;
      return;
    }
    if (!this.#keyPossible) return;
    this.#key += String.fromCharCode(byte);
    if (this.#key.length > LONGEST_BODY_KEY) {
      this.#keyPossible = false;
      this.#key = '';
    }
  }

  #keep(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size > this.#limit) {
      this.#overflow = true;
      this.#kept.length = 0;
    }
    if (!this.#overflow) this.#kept.push(Buffer.from(piece));
  }
}
