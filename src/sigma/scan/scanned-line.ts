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
});

/** The stages that can be hidden, each by the place of its bit. */
const STAGES = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];

// Bits of what the reader says of a line, of annotations the first two alone.
const READ = 1;
const HIDDEN = 2;
const TRUNCATED = 2;
const UNREADABLE_REFERENCE = 4;

const MAPPED = 1;

/** @param stages by their names; those that are none of audit.k8s.io are left out. */
export function hiddenStages(stages: Iterable<string>): number {
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
  readonly memory = new LineMemory(this.#reader.memory, this.#reader.lineStart());
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  /** What the reader said of the line. */
  #read = 0;
  /** What the reader said of the annotations, once they were read. */
  #annotations: number | undefined;
  #bodiesAlone: boolean | undefined;
  #hasTrail = false;
  readonly #mentions = new Map<string, boolean>();

  constructor() {
    this.#look();
  }

  #look(): void {
    const { memory } = this.#reader;
    const count = LINE_SLOTS.length + 1;
    this.#starts = new Int32Array(memory.buffer, this.#reader.startsOfSlots(), count);
    this.#ends = new Int32Array(memory.buffer, this.#reader.endsOfSlots(), count);
  }

  /**
   * Reads a line, without its end. `false` where the line is not as expected: then nothing is known of it. @param hidden of `hiddenStages`: of lines of these stages
   * no more may be known than that, and that no other event begins in them
   */
  scan(line: Buffer, hidden = 0): boolean {
    if (this.memory.put(line)) this.#look();
    this.#annotations = undefined;
    this.#bodiesAlone = undefined;
    if (this.#mentions.size > 0) this.#mentions.clear();
    this.#read = this.#reader.readLine(line.length, hidden);
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

  /** Whether the event may have keys that were not read. Looks through bodies to tell: ask only where it matters. */
  get mayHaveOtherKeys(): boolean {
    if (!this.skipped) return this.isHidden;
    this.#bodiesAlone ??= this.#reader.bodiesAreAlone() !== 0;
    return !this.#bodiesAlone;
  }

  /**
   * Whether a piece of a key may stand in what was skipped; `false` only where it does not, however it may be escaped. @param piece of a key of letters and
   * digits, at most 256; with a quotation mark at its end, the end of the key.
   */
  mayHold(piece: string): boolean {
    let held = this.#mentions.get(piece);
    if (held === undefined) {
      held = this.#isMentioned(piece) || (piece !== ESCAPE && this.mayHold(ESCAPE));
      this.#mentions.set(piece, held);
    }
    return held;
  }

  #isMentioned(text: string): boolean {
    this.memory.write(Buffer.from(text, 'latin1'), this.#reader.needleStart());
    return this.#reader.occursInBodies(text.length) !== 0;
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
    return this.#hasTrail && this.#reader.endsEverywhere() !== 0;
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
