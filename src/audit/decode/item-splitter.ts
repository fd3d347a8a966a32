import { BoundedText, type EventText } from './bounded-text.ts';
import { MalformedBody } from './malformed-body.ts';

/** One item, and where it stood. */
export interface Item extends EventText {
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** Its index in the array or list, from 0; `undefined` for an object that stands alone. */
  readonly index: number | undefined;
}

/** Arrays under these keys of an object are lists of items; the rest of such an object is an envelope. */
const LIST_KEYS: ReadonlySet<string> = new Set(['items', 'records', 'logEvents']);
const LONGEST_LIST_KEY = 'logEvents'.length;

/** Nothing that Go's decoder takes, which has a limit of 10,000, comes near. */
const MAX_DEPTH = 20_000;

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const EMPTY = Buffer.alloc(0);

/** Whether the item that is being read ends, and with which byte. */
type Ending = 'goes on' | 'behind this byte' | 'before this byte';

/**
 * Cuts a stream of JSON into items, as they come: the elements of an array, the elements of the list in an object (an
 * `EventList`'s items, Azure's records, CloudWatch's logEvents), or other objects, one after the other (NDJSON), all of them
 * pretty-printed or not.
 *
 * It looks at nesting and strings only; whether an item is JSON is for its parser to say. Linear in time; memory is that
 * of one item up to the limit, see `BoundedText`.
 */
export class ItemSplitter {
  readonly #item: BoundedText;
  #piece: Buffer = EMPTY;
  #at = 0;
  /** Where the part of the item begins that is in this piece. */
  #start = 0;
  /** The nesting at which items stand: 0 for values one after the other, 1 in an array, 2 in an object's list. */
  #base: 0 | 1 | 2 = 0;
  /** Of each bracket that is open: whether it is one of an array. */
  readonly #isArray: boolean[] = [];
  #inItem = false;
  #isScalar = false;
  #inString = false;
  #escaped = false;
  /** In this piece, at or behind `#at`; before it where that is not known. */
  #quoteAt = -1;
  #backslashAt = -1;
  /** The outermost object is around a list: it is not given. */
  #isEnvelope = false;
  /** What has to come next in a list. */
  #expected: 'item or end' | 'item' | 'comma or end' = 'item or end';
  /** The key of an outermost object that was read last. */
  #key = '';
  #readsKey = false;
  #keyIsComplete = false;
  #values = 0;
  /** Items of the array or list so far. */
  #index = 0;
  /** The line at `#countedTo` in this piece. */
  #line: number;
  #countedTo = 0;
  #itemLine = 1;
  /** After a place that is no JSON, until a line begins an object or an array. */
  #isLost = false;
  #lineBegins = false;
  /** The last byte of the piece before. */
  #before: number | undefined;

  /**
   * @param limit in bytes of an item
   * @param line of the first byte
   */
  constructor(limit: number, line = 1) {
    this.#item = new BoundedText(limit);
    this.#line = line;
  }

  /** The line that is being read. */
  get line(): number {
    return this.#lineAt(this.#at);
  }

  /** The line on which that began which has not ended: an item, or else what comes next in a list; `undefined` where nothing has. */
  get openSince(): number | undefined {
    if (this.#inItem && !this.#inEnvelope) return this.#itemLine;
    return this.#depth > 0 ? this.line : undefined;
  }

  get #depth(): number {
    return this.#isArray.length;
  }

  /** Whole values at the outermost level so far. */
  get values(): number {
    return this.#values;
  }

  /** Bytes of an item that has begun in earlier pieces. */
  get held(): number {
    return this.#item.length;
  }

  /** To be called when `next` has given `undefined`. The piece must not be changed before it does so again. */
  push(piece: Buffer): void {
    this.#lineAt(this.#piece.length);
    this.#countedTo = 0;
    this.#before = this.#piece.at(-1) ?? this.#before;
    this.#piece = piece;
    this.#at = 0;
    this.#start = 0;
    this.#quoteAt = -1;
    this.#backslashAt = -1;
  }

  /** The next whole item; `undefined` where another piece is needed. Throws `MalformedBody`. */
  next(): Item | undefined {
    const piece = this.#piece;
    if (this.#isLost) this.#findWay();
    while (this.#at < piece.length) {
      if (this.#inString && !this.#readsKey) this.#skipString();
      const ending = this.#read(piece[this.#at] ?? 0);
      if (ending !== 'before this byte') this.#at += 1;
      const item = ending === 'goes on' ? undefined : this.#finishItem();
      if (item !== undefined) return item;
    }
    if (this.#inItem && !this.#inEnvelope && this.#start < piece.length) this.#item.push(piece.subarray(this.#start));
    this.push(EMPTY);
    return undefined;
  }

  /** The body has ended. Throws `MalformedBody` where something is missing. */
  end(): void {
    if (this.#inItem || this.#depth > 0) throw new MalformedBody('the body breaks off');
    if (this.#values === 0) throw new MalformedBody('the body is empty');
  }

  /**
   * To be called when `next` has thrown, in order to go on: at the next line that begins an object or an array, as if
   * nothing had come before.
   */
  recover(): void {
    this.#isLost = true;
    this.#lineBegins = (this.#at > 0 ? this.#piece[this.#at - 1] : this.#before) === NEWLINE;
    this.#item.clear();
    this.#isArray.length = 0;
    this.#base = 0;
    this.#inItem = false;
    this.#isScalar = false;
    this.#inString = false;
    this.#escaped = false;
    this.#isEnvelope = false;
  }

  #findWay(): void {
    const piece = this.#piece;
    while (this.#at < piece.length && !(this.#lineBegins && opens(piece[this.#at]))) {
      this.#lineBegins = piece[this.#at] === NEWLINE;
      this.#at += 1;
    }
    this.#isLost = this.#at === piece.length;
  }

  /** Never to be asked for a place before one that it was asked for. */
  #lineAt(at: number): number {
    for (
      let i = this.#piece.indexOf(NEWLINE, this.#countedTo);
      i >= 0 && i < at;
      i = this.#piece.indexOf(NEWLINE, i + 1)
    )
      this.#line += 1;
    this.#countedTo = at;
    return this.#line;
  }

  /** In an object around a list, outside the list. */
  get #inEnvelope(): boolean {
    return this.#isEnvelope && this.#base === 0;
  }

  #read(byte: number): Ending {
    if (this.#inString) return this.#readString(byte);
    if (!this.#inItem) return this.#readBetweenItems(byte);
    if (this.#isScalar) return endsScalar(byte) ? 'before this byte' : 'goes on';
    if (byte === QUOTE) this.#beginString();
    else if (opens(byte)) this.#open(byte);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) return this.#close(byte);
    else if (byte === COLON) this.#keyIsComplete = true;
    else if (byte === COMMA) this.#keyIsComplete = false;
    return 'goes on';
  }

  /** To the next byte of a string that means something, or to the end of the piece. Each of them is searched for once. */
  #skipString(): void {
    if (this.#escaped) return;
    if (this.#quoteAt < this.#at) this.#quoteAt = this.#find(QUOTE);
    if (this.#backslashAt < this.#at) this.#backslashAt = this.#find(BACKSLASH);
    this.#at = Math.min(this.#quoteAt, this.#backslashAt);
  }

  #find(byte: number): number {
    const at = this.#piece.indexOf(byte, this.#at);
    return at < 0 ? this.#piece.length - 1 : at;
  }

  #readString(byte: number): Ending {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#inString = false;
      return this.#depth === this.#base ? 'behind this byte' : 'goes on';
    }
    if (this.#readsKey && this.#key.length <= LONGEST_LIST_KEY) this.#key += String.fromCharCode(byte);
    return 'goes on';
  }

  #readBetweenItems(byte: number): Ending {
    if (isSpace(byte)) return 'goes on';
    if (this.#base === 0) this.#beginValue(byte);
    else if (byte === CLOSE_ARRAY && this.#expected !== 'item') this.#endList();
    else if (this.#expected !== 'comma or end') this.#beginItem(byte);
    else if (byte === COMMA) this.#expected = 'item';
    else throw new MalformedBody('a comma is missing between two items');
    return 'goes on';
  }

  #beginValue(byte: number): void {
    if (byte === OPEN_ARRAY) this.#beginList(1);
    else if (byte === OPEN_OBJECT) this.#beginItem(byte);
    else throw new MalformedBody('neither an object nor an array');
  }

  #beginItem(byte: number): void {
    if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte === COMMA || byte === COLON) {
      throw new MalformedBody('a value is missing');
    }
    this.#inItem = true;
    this.#itemLine = this.#lineAt(this.#at);
    this.#start = this.#at;
    this.#key = '';
    this.#keyIsComplete = false;
    if (byte === QUOTE) this.#beginString();
    else if (opens(byte)) this.#isArray.push(byte === OPEN_ARRAY);
    else this.#isScalar = true;
  }

  #beginString(): void {
    this.#inString = true;
    this.#readsKey = this.#base === 0 && this.#depth === 1 && !this.#keyIsComplete;
    if (this.#readsKey) this.#key = '';
  }

  #open(byte: number): void {
    const mayBeList = byte === OPEN_ARRAY && this.#base === 0 && this.#depth === 1 && this.#keyIsComplete;
    if (mayBeList && LIST_KEYS.has(this.#key)) {
      this.#isEnvelope = true;
      this.#item.clear();
      this.#beginList(2);
    } else if (this.#depth < MAX_DEPTH) this.#isArray.push(byte === OPEN_ARRAY);
    else throw new MalformedBody('nested too deeply');
  }

  #close(byte: number): Ending {
    if (this.#isArray.at(-1) !== (byte === CLOSE_ARRAY)) throw new MalformedBody('a bracket closes another one');
    this.#isArray.pop();
    return this.#depth > this.#base ? 'goes on' : 'behind this byte';
  }

  #beginList(base: 1 | 2): void {
    this.#base = base;
    this.#isArray.push(true);
    this.#inItem = false;
    this.#index = 0;
    this.#expected = 'item or end';
  }

  #endList(): void {
    this.#isArray.pop();
    this.#base = 0;
    if (this.#depth === 0) this.#values += 1;
    else this.#inItem = true;
  }

  /** `undefined` for an envelope. */
  #finishItem(): Item | undefined {
    this.#inItem = false;
    this.#isScalar = false;
    this.#expected = 'comma or end';
    if (this.#base === 0) {
      this.#values += 1;
      if (this.#isEnvelope) {
        this.#isEnvelope = false;
        return undefined;
      }
    }
    const text = this.#item.finish(this.#piece.subarray(this.#start, this.#at));
    return { ...text, line: this.#itemLine, index: this.#base === 0 ? undefined : this.#index++ };
  }
}

function opens(byte: number | undefined): boolean {
  return byte === OPEN_OBJECT || byte === OPEN_ARRAY;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function endsScalar(byte: number): boolean {
  return isSpace(byte) || byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT;
}
