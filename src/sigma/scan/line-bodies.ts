import type { LineMemory } from './line-memory.ts';
import type { LineReader } from './line-reader.ts';
import { LINE_SLOTS } from './line-slots.ts';

/** Slots behind those of `LINE_SLOTS`: of the bodies together, with their keys, and of each of them. */
const AT = Object.freeze({
  all: LINE_SLOTS.length,
  requestObject: LINE_SLOTS.length + 1,
  responseObject: LINE_SLOTS.length + 2,
});

// Bits of what the reader says of bodies.
const JSON_ALONE = 1;
const PLACES_KNOWN = 2;
const ESCAPES = 4;

/** Letters and digits of a key can be escaped in this way only. */
const ESCAPE = '\\u';

/** Between two places of a line, in bytes from its beginning. */
export interface LineSpan {
  readonly from: number;
  readonly to: number;
}

/** Where the bodies of an event stand in its line: both together, with their keys, and the value of each. */
export interface BodySpans {
  readonly all: LineSpan;
  readonly requestObject: LineSpan | undefined;
  readonly responseObject: LineSpan | undefined;
}

/** What can be told of the bodies of a line, which were jumped over. It looks through them to tell, and only then. */
export class LineBodies {
  readonly #reader: LineReader;
  readonly #memory: LineMemory;
  /** What the reader said of them, once it was asked. */
  #said: number | undefined;
  /** Of what was looked for, whether it may stand there. */
  readonly #mentions = new Map<string, boolean>();
  readonly #needles = new Map<string, Buffer>();

  constructor(reader: LineReader, memory: LineMemory) {
    this.#reader = reader;
    this.#memory = memory;
  }

  /** Turns to those of another line. */
  begin(): void {
    this.#said = undefined;
    if (this.#mentions.size > 0) this.#mentions.clear();
  }

  /** There are any. */
  get areThere(): boolean {
    return this.#memory.endOf(AT.all) !== 0;
  }

  /** What was jumped over is JSON, and nothing but the bodies. */
  get areAlone(): boolean {
    return (this.#about & JSON_ALONE) !== 0;
  }

  /** Where they stand; `undefined` where there are none, or that is not known, or they may be no JSON. */
  spans(): BodySpans | undefined {
    const all = this.#spanOf(AT.all);
    if (all === undefined || (this.#about & PLACES_KNOWN) === 0) return undefined;
    return { all, requestObject: this.#spanOf(AT.requestObject), responseObject: this.#spanOf(AT.responseObject) };
  }

  /**
   * Whether a piece of a key may stand in them; `false` only where it does not, however it may be escaped. @param piece of a key of letters and
   * digits, at most 256; with a quotation mark at its end, the end of the key.
   */
  mayHold(piece: string): boolean {
    const held = this.#mentions.get(piece) ?? (this.#isMentioned(piece) || this.#mayHoldEscapes());
    this.#mentions.set(piece, held);
    return held;
  }

  #isMentioned(piece: string): boolean {
    // Most pieces do not stand there at all: that is found out once for those with a mark and those without.
    const key = piece.endsWith('"') ? piece.slice(0, -1) : piece;
    return (key === piece || this.mayHold(key)) && this.#occurs(piece);
  }

  #mayHoldEscapes(): boolean {
    return (this.#about & PLACES_KNOWN) === 0 ? this.#occurs(ESCAPE) : (this.#about & ESCAPES) !== 0;
  }

  #occurs(text: string): boolean {
    let bytes = this.#needles.get(text);
    if (bytes === undefined) this.#needles.set(text, (bytes = Buffer.from(text, 'latin1')));
    this.#memory.write(bytes, this.#reader.needleStart());
    return this.#reader.occursInBodies(bytes.length) !== 0;
  }

  get #about(): number {
    return (this.#said ??= this.#reader.readBodies());
  }

  #spanOf(slot: number): LineSpan | undefined {
    if (this.#memory.endOf(slot) === 0) return undefined;
    const begin = this.#reader.beginOfLine();
    return { from: this.#memory.startOf(slot) - begin, to: this.#memory.endOf(slot) - begin };
  }
}
