import type { NeedleScreen } from '../match/needle-screen.ts';
import { type BodySpans, LineBodies } from './line-bodies.ts';
import { LineMemory } from './line-memory.ts';
import { lineReader } from './line-reader.ts';
import { isLineSlot, type StringSlot, slotIndex } from './line-slots.ts';
import { LineWindow, NO_LINE } from './line-window.ts';
import { STAGES } from './stage-bits.ts';

const AT = Object.freeze({
  stage: slotIndex('stage'),
  objectRef: slotIndex('objectRef'),
  code: slotIndex('responseStatus.code'),
  annotations: slotIndex('annotations'),
});

// Bits of what the reader says of a line, of annotations the first two alone.
const READ = 1;
const HIDDEN = 2;
const TRUNCATED = 2;
const UNREADABLE_REFERENCE = 4;

const MAPPED = 1;

/** Of needles, the reader compares so many of the last bytes first, and takes in no more. */
const END_BYTES = 8;
const NEEDLE_BYTES = 256;

/**
 * What can be read of an audit event without parsing it. Of lines as kube-apiserver writes them, compact and with the keys in its order, from the first byte to the
 * last: so strings, whatever the caller put into them, cannot be taken for keys. Their bodies are jumped over: what stands behind them is read to the end of the
 * line. Other lines are read if they are one JSON object with keys of audit events alone, each once. No second event may begin inside (as in the line of a writer that
 * was stopped). One object reads many lines.
 */
export class ScannedLine {
  readonly #reader = lineReader();
  readonly memory = new LineMemory(this.#reader);
  readonly #window = new LineWindow(this.#reader, this.memory);
  readonly #bodies = new LineBodies(this.#reader, this.memory);
  /** What the reader said of the line. */
  #read = 0;
  /** What the reader said of the annotations, once they were read. */
  #annotations: number | undefined;
  #hasTrail = false;
  /** What the trail said of the line, once it was asked. */
  #isLeft: boolean | undefined;

  /**
   * Reads a line, without its end. `false` where the line is not as expected: then nothing is known of it. @param hidden of `stageBits`: of lines of these stages
   * no more may be known than that, and that no other event begins in them
   */
  scan(line: Buffer, hidden = 0): boolean {
    this.memory.put(line);
    this.#show(this.#reader.readLine(line.length, hidden));
    return this.isReadable;
  }

  /** Takes a piece of a log, whose lines `passOver` reads, until the next call of this or of `scan`. It must not change. */
  begin(piece: Buffer): void {
    this.#window.begin(piece);
  }

  /**
   * From so many bytes behind the beginning of a piece on, goes over lines that are hidden and those of which the trail knows that nothing is left. Stops at the first
   * other one, at one that cannot be read, and at one whose stage is awaited, or none of audit.k8s.io. `false` where no whole line is left.
   * @param stages of `stageBits`; @param hasTrail whether the trail may be asked
   */
  passOver(at: number, stages: { readonly hidden: number; readonly awaited: number }, hasTrail: boolean): boolean {
    const read = this.#window.passOver(at, stages.hidden, stages.awaited, hasTrail && this.#hasTrail);
    if (read === NO_LINE) return false;
    this.#show(read);
    // It would have gone over the line, had the trail known.
    if (hasTrail && !this.isAwaited(stages.awaited)) this.#isLeft = false;
    return true;
  }

  /** How many lines `passOver` went over. */
  get passed(): number {
    return this.#window.passed;
  }

  /** Where the line begins at which `passOver` stopped, or what is no whole line: in bytes from the beginning of the piece. */
  get from(): number {
    return this.#window.from;
  }

  /** Behind the end of the line at which `passOver` stopped. */
  get behind(): number {
    return this.#window.behind;
  }

  #show(read: number): void {
    this.#annotations = undefined;
    this.#isLeft = undefined;
    this.#bodies.begin();
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
    return this.#bodies.areThere;
  }

  /** Where they stand; `undefined` where there are none, or that is not known, or they may be no JSON. */
  bodies(): BodySpans | undefined {
    return this.isReadable ? this.#bodies.spans() : undefined;
  }

  /** Whether the event may have keys that were not read. Looks through bodies to tell: ask only where it matters. */
  get mayHaveOtherKeys(): boolean {
    return this.skipped ? !this.#bodies.areAlone : this.isHidden;
  }

  /** See `LineBodies`. */
  mayHold(piece: string): boolean {
    return this.#bodies.mayHold(piece);
  }

  /** The API server may have cut off the event's bodies. */
  get truncated(): boolean {
    return this.isHidden || !this.readMembers(AT.annotations) || ((this.#annotations ?? 0) & TRUNCATED) !== 0;
  }

  /** Whether the slot is there. For members of `objectRef` and `annotations` `readMembers` must come before. */
  has(slot: number): boolean {
    return this.memory.endOf(slot) !== 0;
  }

  /** Where the JSON of a slot begins, of a string behind the quote. */
  startOf(slot: number): number {
    return this.memory.startOf(slot);
  }

  /** Where the JSON of a slot ends, of a string before the quote; 0 where there is none. */
  endOf(slot: number): number {
    return this.memory.endOf(slot);
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
  learnScreen(field: number, { window, needles }: Pick<NeedleScreen, 'window' | 'needles'>, value: number): void {
    const screen = this.#reader.newScreen(field, Math.min(window, END_BYTES));
    if (screen < 0) return;
    for (const needle of needles) {
      const bytes = Buffer.from(needle.slice(-NEEDLE_BYTES), 'latin1');
      this.memory.write(bytes, this.#reader.needleStart());
      this.#reader.addNeedle(screen, bytes.length);
    }
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

  addEnd(state: number, withoutBodies: boolean): void {
    this.#reader.addEnd(state, withoutBodies);
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
