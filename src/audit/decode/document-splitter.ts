import { BoundedText, type EventText } from './bounded-text.ts';

/** One audit event out of JSON that is not one event a line. */
export interface DocumentElement extends EventText {
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** Its index in the array or list, from 0; `undefined` for an object that stands alone. */
  readonly item: number | undefined;
}

/** A place where the text is no JSON. Reading goes on at the next line that begins an object or array. */
export interface BrokenDocument {
  readonly broken: true;
  readonly line: number;
}

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const MAX_DEPTH = 10_000;
const ITEMS = 'items';

/**
 * Cuts JSON documents that span lines into audit events: a JSON array of events, an `EventList` (what stands in its `items`), single events, each
 * pretty-printed or not, one after the other. One pass, memory bounded by the limit of one event. It looks at nesting and strings only: whether an
 * element is JSON is for the parser to say.
 */
export class DocumentSplitter {
  readonly #limit: number;
  #line = 1;
  #stack: number[] = [];
  #inString = false;
  #escaped = false;
  /** A key at depth 1 of an object at the root, as far as it was read. */
  #key: string | undefined;
  #expectsKey = false;
  #lastKey = '';
  /** Depth of the array whose elements are events; 0 while the root is an object of its own. */
  #listDepth = 0;
  #item = 0;
  #capture: (Pick<DocumentElement, 'line' | 'item'> & { readonly text: BoundedText }) | undefined;
  #captureDepth = 0;
  #resync = false;
  #lineBegins = true;

  /** @param limit in bytes of one event. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The elements that end in this piece. The piece must not be changed afterwards. */
  push(piece: Buffer): readonly (DocumentElement | BrokenDocument)[] {
    const out: (DocumentElement | BrokenDocument)[] = [];
    let from = 0;
    for (let i = 0; i < piece.length; i++) {
      const byte = piece[i] ?? 0;
      if (byte === NEWLINE) {
        this.#line += 1;
        this.#lineBegins = true;
        continue;
      }
      const first = this.#lineBegins;
      this.#lineBegins = false;
      if (this.#resync) {
        if (!first || (byte !== OPEN_BRACE && byte !== OPEN_BRACKET)) continue;
        this.#resync = false;
      }
      if (this.#inString) {
        this.#string(byte);
        continue;
      }
      switch (byte) {
        case QUOTE:
          this.#inString = true;
          this.#key = this.#expectsKey && this.#stack.length === 1 && this.#listDepth === 0 ? '' : undefined;
          break;
        case COLON:
          this.#expectsKey = false;
          break;
        case COMMA:
          if (this.#stack.length === 1) this.#expectsKey = true;
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET:
          if (this.#open(byte)) from = i;
          if (this.#stack.length > MAX_DEPTH) out.push(this.#break());
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET: {
          const capture = this.#capture;
          if (!this.#close(byte)) out.push(this.#break());
          else if (capture !== undefined && this.#capture === undefined) {
            const { text, line, item } = capture;
            out.push({ ...text.finish(piece.subarray(from, i + 1)), line, item });
          }
          break;
        }
        default:
      }
    }
    this.#capture?.text.push(piece.subarray(from));
    return out;
  }

  /** The text is at its end: what has begun and not ended. */
  end(): BrokenDocument | undefined {
    return this.#stack.length > 0 ? { broken: true, line: this.#capture?.line ?? this.#line } : undefined;
  }

  #string(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#inString = false;
      if (this.#key !== undefined) this.#lastKey = this.#key;
      return;
    }
    if (this.#key !== undefined && this.#key.length <= ITEMS.length) this.#key += String.fromCharCode(byte);
  }

  /** Whether an element begins here. */
  #open(byte: number): boolean {
    const depth = this.#stack.push(byte);
    if (depth === 1) {
      this.#expectsKey = byte === OPEN_BRACE;
      this.#lastKey = '';
      this.#listDepth = byte === OPEN_BRACKET ? 1 : 0;
      this.#item = 0;
    } else if (depth === 2 && byte === OPEN_BRACKET && this.#listDepth === 0 && this.#lastKey === ITEMS) {
      // The root is a list of events, not an event.
      this.#capture = undefined;
      this.#listDepth = 2;
      return false;
    }
    if (byte !== OPEN_BRACE || depth !== this.#listDepth + 1) return false;
    const item = this.#listDepth === 0 ? undefined : this.#item++;
    this.#capture = { text: new BoundedText(this.#limit), line: this.#line, item };
    this.#captureDepth = depth;
    return true;
  }

  /** False where the bracket closes nothing, or something else. */
  #close(byte: number): boolean {
    const depth = this.#stack.length;
    // The closing bracket of each kind is two above its opening one.
    if (this.#stack.pop() !== byte - 2) return false;
    if (this.#capture !== undefined && depth === this.#captureDepth) this.#capture = undefined;
    if (depth === this.#listDepth) this.#listDepth = depth === 1 ? 0 : Number.POSITIVE_INFINITY;
    if (depth === 1) this.#listDepth = 0;
    return true;
  }

  #break(): BrokenDocument {
    const line = this.#line;
    this.#stack = [];
    this.#listDepth = 0;
    this.#capture = undefined;
    this.#resync = true;
    return { broken: true, line };
  }
}
