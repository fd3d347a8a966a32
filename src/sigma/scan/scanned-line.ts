import type { NeedleScreen } from '../match/needle-screen.ts';
import { LineMemory } from './line-memory.ts';
import { lineReader } from './line-reader.ts';
import { isLineSlot, LINE_SLOTS, type StringSlot, slotIndex } from './line-slots.ts';

/** Letters and digits of a key can be escaped in this way only. */
const ESCAPE = '\\u';

const AT = Object.freeze({
  stage: slotIndex('stage'),
  objectRef: slotIndex('objectRef'),
  code: slotIndex('responseStatus.code'),
  annotations: slotIndex('annotations'),
  /** What was jumped over. */
  bodies: LINE_SLOTS.length,
  requestObject: LINE_SLOTS.length + 1,
  responseObject: LINE_SLOTS.length + 2,
});

const SLOTS = LINE_SLOTS.length + 3;

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

/** The stages that can be hidden or awaited, each by the place of its bit. */
const STAGES = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];

// Bits of what the reader says of a line, of annotations the first two alone.
const READ = 1;
const HIDDEN = 2;
const TRUNCATED = 2;
const UNREADABLE_REFERENCE = 4;

// Bits of what the reader says of bodies.
const JSON_ALONE = 1;
const PLACES_KNOWN = 2;
const ESCAPES = 4;

/** Bytes of a piece that are in the reader's memory at a time: few enough for a processor's cache. */
const WINDOW = 64 * 1024;

/** Before the first byte of a piece. */
const NOWHERE = -1;

/** There is no line. */
const NO_LINE = -1;

const MAPPED = 1;

/** @param stages by their names; those that are none of audit.k8s.io are left out. */
export function stageBits(stages: Iterable<string>): number {
  return Array.from(stages).reduce(
    (bits, stage) => bits | ((1 << STAGES.indexOf(stage)) & ((1 << STAGES.length) - 1)),
    0,
  );
}

/** Of a `NeedleScreen`. */
export type ScreenTables = Pick<NeedleScreen, 'window' | 'shifts' | 'begins'>;

/**
 * What can be read of an audit event without parsing it. Of lines as kube-apiserver writes them, compact and with the keys in its order, from the first byte to the
 * last: so strings, whatever the caller put into them, cannot be taken for keys. Their bodies are jumped over: what stands behind them is read to the end of the
 * line. Other lines are read if they are one JSON object with keys of audit events alone, each once. No second event may begin inside (as in the line of a writer that
 * was stopped). One object reads many lines.
 */
export class ScannedLine {
  readonly #reader = lineReader();
  readonly memory = new LineMemory(this.#reader.memory, this.#reader.place());
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  #piece: Buffer = Buffer.alloc(0);
  /** The part of the piece that is in the reader's memory. */
  #windowStart = 0;
  #windowEnd = NOWHERE;
  #passed = 0;
  /** What the reader said of the line. */
  #read = 0;
  /** What the reader said of the annotations, once they were read. */
  #annotations: number | undefined;
  #bodies: number | undefined;
  #hasTrail = false;
  /** What the trail said of the line, once it was asked. */
  #isLeft: boolean | undefined;
  /** Of what was looked for in the bodies, whether it may stand there. */
  readonly #mentions = new Map<string, boolean>();
  readonly #needles = new Map<string, Buffer>();

  constructor() {
    this.#look();
  }

  #look(): void {
    const { memory } = this.#reader;
    this.#starts = new Int32Array(memory.buffer, this.#reader.startsOfSlots(), SLOTS);
    this.#ends = new Int32Array(memory.buffer, this.#reader.endsOfSlots(), SLOTS);
  }

  /**
   * Reads a line, without its end. `false` where the line is not as expected: then nothing is known of it. @param hidden of `stageBits`: of lines of these stages
   * no more may be known than that, and that no other event begins in them
   */
  scan(line: Buffer, hidden = 0): boolean {
    this.#put(line);
    this.#show(this.#reader.readLine(line.length, hidden));
    return this.isReadable;
  }

  /** Takes a piece of a log, whose lines `passOver` reads, until the next call of this or of `scan`. It must not change. */
  begin(piece: Buffer): void {
    this.#piece = piece;
    this.#windowEnd = NOWHERE;
  }

  /**
   * From so many bytes behind the beginning of a piece on, goes over lines that are hidden and those of which the trail knows that nothing is left. Stops at the first
   * other one, at one that cannot be read, and at one whose stage is awaited, or none of audit.k8s.io. `false` where no whole line is left.
   * @param stages of `stageBits`; @param hasTrail whether the trail may be asked
   */
  passOver(at: number, stages: { readonly hidden: number; readonly awaited: number }, hasTrail: boolean): boolean {
    this.#passed = 0;
    if (at < this.#windowStart || at > this.#windowEnd) this.#lookAt(at, WINDOW);
    for (let from = at; ; from = this.from) {
      const start = from - this.#windowStart;
      const read = this.#reader.passOver(start, stages.hidden, stages.awaited, hasTrail && this.#hasTrail);
      this.#passed += this.#reader.linesPassed();
      if (read !== NO_LINE) {
        this.#show(read);
        // It would have gone over the line, had the trail known.
        if (hasTrail && !this.isAwaited(stages.awaited)) this.#isLeft = false;
        return true;
      }
      if (this.#windowEnd === this.#piece.length) return false;
      const length = this.#windowEnd - this.#windowStart;
      this.#lookAt(this.from, this.from === this.#windowStart ? 2 * length : WINDOW);
    }
  }

  /** How many lines `passOver` went over. */
  get passed(): number {
    return this.#passed;
  }

  /** Where the line begins at which `passOver` stopped, or what is no whole line: in bytes from the beginning of the piece. */
  get from(): number {
    return this.#windowStart + this.#reader.stoppedAt();
  }

  /** Behind the end of the line at which `passOver` stopped. */
  get behind(): number {
    return this.#windowStart + this.#reader.endOfStop();
  }

  #lookAt(from: number, length: number): void {
    const to = Math.min(from + length, this.#piece.length);
    this.#put(this.#piece.subarray(from, to));
    this.#reader.beginPiece(to - from);
    this.#windowStart = from;
    this.#windowEnd = to;
  }

  #put(text: Buffer): void {
    if (this.memory.put(text)) this.#look();
  }

  #show(read: number): void {
    this.#annotations = undefined;
    this.#bodies = undefined;
    this.#isLeft = undefined;
    if (this.#mentions.size > 0) this.#mentions.clear();
    this.#read = read;
  }

  /** The line is as expected. Of any other nothing is known. */
  get isReadable(): boolean {
    return this.#read !== 0;
  }

  /** Nothing but its level, auditID and stage was read: the stage is one of the hidden ones. */
  get isHidden(): boolean {
    return (this.#read & HIDDEN) !== 0;
  }

  /** Bodies were jumped over. */
  get skipped(): boolean {
    return this.endOf(AT.bodies) !== 0;
  }

  /** Where the bodies stand that were jumped over; `undefined` where there are none, or they may be no JSON. Looks through them to tell. */
  bodies(): BodySpans | undefined {
    const all = this.isReadable ? this.#spanOf(AT.bodies) : undefined;
    if (all === undefined || (this.#aboutBodies & PLACES_KNOWN) === 0) return undefined;
    return { all, requestObject: this.#spanOf(AT.requestObject), responseObject: this.#spanOf(AT.responseObject) };
  }

  #spanOf(slot: number): LineSpan | undefined {
    if (!this.has(slot)) return undefined;
    const begin = this.#reader.beginOfLine();
    return { from: this.startOf(slot) - begin, to: this.endOf(slot) - begin };
  }

  /** Whether the event may have keys that were not read. Looks through bodies to tell: ask only where it matters. */
  get mayHaveOtherKeys(): boolean {
    return this.skipped ? (this.#aboutBodies & JSON_ALONE) === 0 : this.isHidden;
  }

  /** What the reader says of the bodies. */
  get #aboutBodies(): number {
    return (this.#bodies ??= this.#reader.readBodies());
  }

  /**
   * Whether a piece of a key may stand in what was skipped; `false` only where it does not, however it may be escaped. @param piece of a key of letters and
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

  /** Letters and digits of a key can be escaped in one way only. */
  #mayHoldEscapes(): boolean {
    if ((this.#aboutBodies & PLACES_KNOWN) !== 0) return (this.#aboutBodies & ESCAPES) !== 0;
    return this.#occurs(ESCAPE);
  }

  #occurs(text: string): boolean {
    let bytes = this.#needles.get(text);
    if (bytes === undefined) this.#needles.set(text, (bytes = Buffer.from(text, 'latin1')));
    this.memory.write(bytes, this.#reader.needleStart());
    return this.#reader.occursInBodies(bytes.length) !== 0;
  }

  /** The API server may have cut off the event's bodies. */
  get truncated(): boolean {
    return this.isHidden || !this.readMembers(AT.annotations) || ((this.#annotations ?? 0) & TRUNCATED) !== 0;
  }

  /** Whether the slot is there. For members of `objectRef` and `annotations` `readMembers` must come before. */
  has(slot: number): boolean {
    return this.#ends[slot] !== 0;
  }

  /** Where the JSON of a slot begins, of a string behind the quote. */
  startOf(slot: number): number {
    return this.#starts[slot] ?? 0;
  }

  /** Where the JSON of a slot ends, of a string before the quote; 0 where there is none. */
  endOf(slot: number): number {
    return this.#ends[slot] ?? 0;
  }

  /** The JSON of a slot, of a string without its quotes; empty where there is none. */
  raw(slot: number): string {
    return this.has(slot) ? this.memory.text(this.startOf(slot), this.endOf(slot)) : '';
  }

  /** The value of a slot that is a string; `undefined` where there is none, or where its escapes are malformed. */
  string(slot: number): string | undefined {
    if (!this.has(slot)) return undefined;
    const raw = this.raw(slot);
    if (!raw.includes('\\')) return raw;
    try {
      return String(JSON.parse(`"${raw}"`));
    } catch {
      return undefined;
    }
  }

  get stage(): string | undefined {
    return STAGES[this.#reader.stageOfLine()] ?? this.string(AT.stage);
  }

  /** Whether its stage is one of those awaited, or none of audit.k8s.io. @param awaited of `stageBits` */
  isAwaited(awaited: number): boolean {
    const stage = this.#reader.stageOfLine();
    return stage < 0 || (awaited & (1 << stage)) !== 0;
  }

  /** When the request was received: µs since the full minute; `undefined` where that is not there, or not as kube-apiserver writes it. */
  get receivedInMinute(): number | undefined {
    const micros = this.#reader.receivedInMinute();
    return micros < 0 ? undefined : micros;
  }

  /** The value of a slot by its path; `undefined` also where it cannot be read. */
  get(slot: StringSlot): string | undefined {
    const [container = ''] = slot.split('.');
    return isLineSlot(container) && this.readMembers(slotIndex(container)) ? this.string(slotIndex(slot)) : undefined;
  }

  /**
   * From now on `classOf` tells of a field, of which it knows nothing yet. @param field a number of the caller's, below 32; @param container the slot of the map that
   * its slot is in, -1: none; @param mapped it may also be there under a name of its own, which is no key of audit events
   */
  watch(field: number, slot: number, container: number, mapped: boolean): void {
    this.#reader.watch(field, slot, container, mapped ? MAPPED : 0);
  }

  /** Remembers what the value of a watched field, or its absence, in this line is called: a number from 1 on. */
  learn(field: number, value: number): void {
    this.#reader.learn(field, value);
  }

  /** Tells a class of a watched field for all values in which a screen finds nothing, as long as there is room for more screens. */
  learnScreen(field: number, { window, shifts, begins }: ScreenTables, value: number): void {
    const screen = this.#reader.newScreen(field, window);
    if (screen < 0) return;
    this.memory.write(shifts, this.#reader.shiftsOf(screen));
    this.memory.write(begins, this.#reader.beginsOf(screen));
    this.#reader.learnScreen(field, screen, value);
  }

  /** What was learned of the value that a watched field has in this line, or of its absence; 0: nothing. */
  classOf(field: number): number {
    return this.#reader.classOf(field);
  }

  /** Ways through decision trees by the classes of watched fields; see `Trail`. */
  beginTrail(roots: readonly number[]): void {
    this.#reader.beginTrail();
    this.#hasTrail = roots.every((root) => this.#reader.addRoot(root) !== 0);
  }

  addStep(from: number, field: number, value: number, to: number): void {
    this.#reader.addStep(from, field, value, to);
  }

  addEnd(state: number): void {
    this.#reader.addEnd(state);
  }

  endsEverywhere(): boolean {
    return (this.#isLeft ??= this.#hasTrail && this.#reader.endsEverywhere() !== 0);
  }

  /** There is an `objectRef`, readable or not. */
  get isAboutObject(): boolean {
    return this.has(AT.objectRef);
  }

  /** The status of the response; `undefined` where there is none. */
  get code(): number | undefined {
    return this.has(AT.code) ? Number(this.raw(AT.code)) : undefined;
  }

  /** Finds the members of a map that has slots; `false` where it has others than kube-apiserver writes, so that nothing is known of them. */
  readMembers(container: number): boolean {
    if (container === AT.objectRef) return (this.#read & UNREADABLE_REFERENCE) === 0;
    if (container !== AT.annotations || !this.has(container)) return true;
    this.#annotations ??= this.#reader.readAnnotations();
    return (this.#annotations & READ) !== 0;
  }
}
