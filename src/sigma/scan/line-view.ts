import type { FieldValues } from '../evaluate/field-values.ts';
import { lookup } from '../evaluate/lookup.ts';
import type { Truth } from '../evaluate/truth.ts';
import type { StartableView, Trail, TrailState } from '../match/event-view.ts';
import type { FieldBranch, ValueClass } from '../match/field-branch.ts';
import type { MatchField } from '../match/match-field.ts';
import type { FieldPath } from '../plan/field.ts';
import { CONSTANTS, isEventKey } from './event-keys.ts';
import { CONTAINER_SLOTS, isLineSlot, slotIndex } from './line-slots.ts';
import type { ScannedLine } from './scanned-line.ts';

const ABSENT: FieldValues = Object.freeze({ found: Object.freeze([]), incomplete: false });
const UNKNOWN: FieldValues = Object.freeze({ found: Object.freeze([]), incomplete: true });
const UNREADABLE: unique symbol = Symbol('unreadable');
const CODE = slotIndex('responseStatus.code');

/** How to read a field from a scanned line. */
interface FieldReader {
  /** The slot that alone decides: the field has its value, or none. -1 where it takes more to read. */
  readonly slot: number;
  /** The slot of the map that `slot` is in; -1: none. */
  readonly container: number;
  /** The slot is not that of the field's own name. */
  readonly mapped: boolean;
  readonly read: () => FieldValues;
}

/** What a scanned line tells of its event. */
export class LineView implements StartableView, Trail {
  #epoch = 0;
  #roots: readonly TrailState[] | undefined;
  readonly #line: ScannedLine;
  readonly #readers = new Map<MatchField, FieldReader>();
  /** By the position of the branch. */
  readonly #branchReaders: (FieldReader | undefined)[] = [];
  /** By their positions, the branches of which the line knows classes. */
  readonly #watched: (FieldBranch | undefined)[] = [];

  constructor(line: ScannedLine) {
    this.#line = line;
  }

  get epoch(): number {
    return this.#epoch;
  }

  start(epoch: number): void {
    this.#epoch = epoch;
  }

  get trail(): Trail {
    return this;
  }

  get roots(): readonly TrailState[] | undefined {
    return this.#roots;
  }

  begin(roots: readonly TrailState[]): void {
    this.#roots = roots;
    this.#line.beginTrail(roots.map(({ number }) => number));
  }

  step(from: TrailState, branch: FieldBranch, value: ValueClass, to: TrailState): void {
    const { position } = branch;
    if (this.#watched[position] === branch) this.#line.addStep(from.number, position, value.index, to.number);
  }

  end(state: TrailState, events: 'all' | 'without-bodies'): void {
    this.#line.addEnd(state.number, events === 'without-bodies');
  }

  endsEverywhere(): boolean {
    return this.#line.endsEverywhere();
  }

  get bodiesAbsent(): boolean {
    const line = this.#line;
    return !line.skipped && !line.mayHaveOtherKeys && !line.truncated;
  }

  values(field: MatchField): FieldValues {
    return this.#reader(field).read();
  }

  recall(branch: FieldBranch): ValueClass | undefined {
    const { position } = branch;
    return (
      (this.#watched[position] === branch ? branch.classAt(this.#line.classOf(position)) : undefined) ??
      this.#recallSlowly(branch)
    );
  }

  #recallSlowly(branch: FieldBranch): ValueClass | undefined {
    const { slot, container, mapped } = this.#branchReader(branch);
    const line = this.#line;
    if (slot < 0 || (mapped && line.mayHaveOtherKeys)) return undefined;
    const found = this.#find(slot, container);
    const known = found === 'missing' ? branch.absent : undefined;
    if (known !== undefined) this.remember(branch, known);
    if (found !== 'there' || branch.screen === undefined) return known;
    if (this.#watched[branch.position] !== branch) this.#watch(branch);
    return line.memory.recall(branch, line.startOf(slot), line.endOf(slot));
  }

  remember(branch: FieldBranch, found: ValueClass): void {
    const { slot } = this.#branchReader(branch);
    const { position } = branch;
    if (slot < 0) return;
    if (this.#watched[position] !== branch) this.#watch(branch);
    this.#line.learn(position, found.index);
    if (!this.#line.has(slot)) branch.absent = found;
  }

  #watch(branch: FieldBranch): void {
    const { slot, container, mapped } = this.#branchReader(branch);
    const { position, screen } = branch;
    this.#line.watch(position, slot, container, mapped);
    this.#watched[position] = branch;
    if (screen !== undefined) this.#line.learnScreen(position, screen, branch.none.index);
  }

  /** Keywords and array selectors look into what was not read. */
  truthOf(): Truth {
    return 'unknown';
  }

  #branchReader(branch: FieldBranch): FieldReader {
    return (this.#branchReaders[branch.position] ??= this.#reader(branch.field));
  }

  #reader(field: MatchField): FieldReader {
    let reader = this.#readers.get(field);
    if (reader === undefined) this.#readers.set(field, (reader = this.#fieldReader(field)));
    return reader;
  }

  /** As the interpreter reads a field: the path of its very name, else the union over its mapped paths. */
  #fieldReader({ reference: { path, mapped } }: MatchField): FieldReader {
    const own = this.#pathReader(path);
    const others = mapped.map((to) => this.#pathReader(to));
    const [only] = others;
    if (only === undefined) return own;
    const read = (): FieldValues => {
      const raw = own.read();
      if (raw.found.length > 0 || raw.incomplete) return raw;
      const all = others.map((other) => other.read());
      return { found: all.flatMap(({ found }) => found), incomplete: all.some(({ incomplete }) => incomplete) };
    };
    const [first] = path.segments;
    const alone = others.length === 1 && typeof first === 'string' && !isEventKey(first);
    return alone ? { ...only, mapped: true, read } : reading(read);
  }

  #pathReader({ root, segments }: FieldPath): FieldReader {
    const [first, ...rest] = segments;
    if (root === 'body' || first === 'requestObject' || first === 'responseObject')
      return reading(this.#bodyReader(segments));
    if (typeof first !== 'string') return reading(() => UNKNOWN);
    const constant = CONSTANTS.get(first);
    if (constant !== undefined) return reading(() => found(lookup(constant, rest)));
    if (!isLineSlot(first)) return reading(() => (this.#line.mayHaveOtherKeys ? UNKNOWN : ABSENT));
    const top = slotIndex(first);
    const name = segments.join('.');
    if (!isLineSlot(name) || CONTAINER_SLOTS.has(name)) return reading(() => this.#partValues(top, rest));
    const slot = slotIndex(name);
    const container = rest.length === 0 ? -1 : top;
    return { slot, container, mapped: false, read: () => valuesOf(this.#scalarOf(slot, container)) };
  }

  /** Of a path in a body: absent where one of the keys on the way stands nowhere. */
  #bodyReader(segments: FieldPath['segments']): () => FieldValues {
    const keys = segments.filter((segment): segment is string => typeof segment === 'string');
    // A key may hold several segments, with dots between; it ends with a quote.
    const pieces = keys
      .map((key, i) => (i === keys.length - 1 ? `${key}"` : key))
      .filter((_, i) => PLAIN_KEY.test(keys[i] ?? ''))
      .toSorted((a, b) => b.length - a.length);
    return () => {
      if (this.#line.truncated) return UNKNOWN;
      if (!this.#line.skipped) return ABSENT;
      const missing = pieces.findIndex((piece) => !this.#line.mayHold(piece));
      // What one body does not have, others will not, either.
      if (missing > 0) pieces.unshift(...pieces.splice(missing, 1));
      return missing < 0 ? UNKNOWN : ABSENT;
    };
  }

  #scalarOf(slot: number, container: number): string | number | undefined | typeof UNREADABLE {
    const found = this.#find(slot, container);
    if (found !== 'there') return found === 'missing' ? undefined : UNREADABLE;
    return slot === CODE ? Number(this.#line.raw(slot)) : (this.#line.string(slot) ?? UNREADABLE);
  }

  /** @param container the slot of the map that the slot is in; -1 where it is a key of the event. */
  #find(slot: number, container: number): 'there' | 'missing' | 'unknown' {
    const line = this.#line;
    if (line.has(slot)) return 'there';
    if (container < 0 || !line.has(container)) return line.mayHaveOtherKeys ? 'unknown' : 'missing';
    if (!line.readMembers(container)) return 'unknown';
    return line.has(slot) ? 'there' : 'missing';
  }

  /** What a path leads to inside a map or list, which is parsed for it. */
  #partValues(top: number, rest: FieldPath['segments']): FieldValues {
    const line = this.#line;
    if (!line.has(top)) return line.mayHaveOtherKeys ? UNKNOWN : ABSENT;
    if (!CONTAINERS.has(top)) return ABSENT;
    try {
      const part: unknown = JSON.parse(line.raw(top));
      return found(lookup(part, rest));
    } catch {
      return UNKNOWN;
    }
  }
}

/** Keys that are looked for in what was skipped. */
const PLAIN_KEY = /^[A-Za-z0-9]{3,250}$/;

const CONTAINERS: ReadonlySet<number> = new Set([...CONTAINER_SLOTS].map(slotIndex));

function reading(read: () => FieldValues): FieldReader {
  return { slot: -1, container: -1, mapped: false, read };
}

function found(values: readonly unknown[]): FieldValues {
  return { found: values, incomplete: false };
}

function valuesOf(scalar: string | number | undefined | typeof UNREADABLE): FieldValues {
  if (scalar === undefined) return ABSENT;
  return scalar === UNREADABLE ? UNKNOWN : found([scalar]);
}
