import { isMostlyUnique } from './branch-fields.ts';
import type { EventView } from './event-view.ts';
import type { MatchField } from './match-field.ts';
import { MAX_FINDER_UNITS, NeedleFinder } from './needle-finder.ts';
import { NeedleScreen } from './needle-screen.ts';
import type { Predicate } from './predicate.ts';
import { isAscii } from './required-literal.ts';
import { type Scalar, scalarReader } from './scalar-reader.ts';

/** Values of a field that no rule tells apart, as far as that was looked into. */
export interface ValueClass {
  /** From 1 on, in the order in which the branch came upon its classes. */
  readonly index: number;
  /** The predicates on the field that hold for these values. */
  readonly holding: ReadonlySet<Predicate>;
  /** Those that have to be evaluated. All others are false. */
  readonly open: ReadonlySet<Predicate>;
}

/** A predicate that is false where none of its texts occurs. */
interface Searched {
  readonly predicate: Predicate;
  readonly texts: readonly string[];
}

const MAX_VALUES = 4096;
const MAX_VALUE_LENGTH = 512;

/** One field by which events are sorted, and all predicates on it. */
export class FieldBranch {
  readonly field: MatchField;
  readonly bit: number;
  /** Which bit that is. */
  readonly position: number;
  /** Reads the field from a parsed event. */
  readonly readScalar: ((event: object) => Scalar) | undefined;
  /** The classes of values that came before; and of events without the field. */
  readonly #byValue = new Map<string | number, ValueClass>();
  absent: ValueClass | undefined;
  readonly #equal = new Map<string, Predicate[]>();
  readonly #searched: Searched[] = [];
  readonly #others: Predicate[] = [];
  /** Stay open, for any value, and for those that are not ASCII. */
  readonly #open: Predicate[] = [];
  readonly #openBeyondAscii: Predicate[] = [];
  readonly #classes = new Map<string, ValueClass>();
  /** By their indexes. */
  readonly #list: (ValueClass | undefined)[] = [undefined];
  /** Where all predicates look for texts, in a field of which most values come once: what tells that none occurs. */
  readonly screen: NeedleScreen | undefined;
  #epoch = 0;
  #class: ValueClass | undefined;
  #none: ValueClass | undefined;
  #finder: NeedleFinder | undefined;
  /** For each needle of the finder, the predicates that look for it. */
  #seekers: readonly (readonly Predicate[])[] = [];
  /** For each needle, the class of texts in which it alone occurs; `undefined` where that does not decide. */
  #byNeedle: readonly (ValueClass | undefined)[] = [];

  constructor(field: MatchField, bit: number, predicates: Iterable<Predicate>) {
    this.field = field;
    this.bit = bit;
    this.readScalar = scalarReader(field.reference);
    this.position = 31 - Math.clz32(bit);
    const known = new Set<string>();
    let units = 0;
    for (const predicate of predicates) {
      const { shortcut } = predicate;
      if (shortcut?.kind === 'equals') {
        for (const text of new Set(shortcut.texts)) push(this.#equal, text, predicate);
        continue;
      }
      const texts = shortcut?.texts ?? [];
      const added = [...new Set(texts)].filter((text) => !known.has(text));
      const size = added.reduce((sum, { length }) => sum + length, 0);
      if (texts.length > 0 && units + size <= MAX_FINDER_UNITS) {
        units += size;
        for (const text of added) known.add(text);
        this.#searched.push({ predicate, texts });
      } else (shortcut?.kind === 'regex' ? this.#open : this.#others).push(predicate);
      if (shortcut?.kind === 'regex' && shortcut.asciiOnly) this.#openBeyondAscii.push(predicate);
    }
    if (isMostlyUnique(field.key) && this.#others.length === 0 && this.#open.length === 0)
      this.screen = NeedleScreen.of([...known, ...this.#equal.keys()]);
  }

  /** The class of ASCII texts in which no text occurs that a predicate looks for. */
  get none(): ValueClass {
    return (this.#none ??= this.#classFor(new Set(), new Set()));
  }

  /** How many classes of values were seen. */
  get classes(): number {
    return this.#classes.size;
  }

  /** The class that has an index; `undefined` for 0. */
  classAt(index: number): ValueClass | undefined {
    return this.#list[index];
  }

  /** The class of the field's value in an event; `undefined` where the view does not know it. */
  classOf(view: EventView): ValueClass | undefined {
    if (this.#epoch !== view.epoch) {
      this.#epoch = view.epoch;
      this.#class = view.recall(this) ?? this.#findClass(view);
    }
    return this.#class;
  }

  #findClass(view: EventView): ValueClass | undefined {
    const found = this.#classify(view);
    if (found !== undefined) view.remember(this, found);
    return found;
  }

  /** The class by the needles among some bytes; `undefined` where these do not tell. @param bytes ASCII between the two places. */
  recallAmong(bytes: Uint8Array, from: number, to: number): ValueClass | undefined {
    const { screen } = this;
    if (screen === undefined) return undefined;
    if (!screen.mayOccurAmong(bytes, from, to)) return this.none;
    if (this.#equal.size > 0 || this.#searched.length === 0) return undefined;
    const needle = (this.#finder ??= this.#makeFinder()).findAmong(bytes, from, to);
    return needle === -1 ? this.none : this.#byNeedle[needle];
  }

  recallValue(value: string | number): ValueClass | undefined {
    if (this.screen !== undefined && typeof value === 'string' && isAscii(value) && !this.screen.mayOccurIn(value))
      return this.none;
    return this.#byValue.get(value);
  }

  rememberValue(value: string | number, found: ValueClass): void {
    if (typeof value === 'string' && value.length > MAX_VALUE_LENGTH) return;
    if (this.#byValue.size >= MAX_VALUES) this.#byValue.clear();
    this.#byValue.set(value, found);
  }

  #classify(view: EventView): ValueClass | undefined {
    if (this.field.values(view).incomplete) return undefined;
    const holding = new Set<Predicate>();
    const texts = this.field.folded(view);
    for (const text of texts) {
      for (const predicate of this.#equal.get(text) ?? []) holding.add(predicate);
    }
    for (const predicate of this.#others) {
      const truth = predicate.truth(view);
      if (truth === 'unknown') return undefined;
      if (truth) holding.add(predicate);
    }
    const open = new Set(this.#open);
    for (const predicate of this.#seekersIn(texts)) {
      const { shortcut } = predicate;
      if (shortcut?.kind === 'regex') open.add(predicate);
      else if (shortcut?.kind === 'contains' || predicate.truth(view) === true) holding.add(predicate);
    }
    if (this.#openBeyondAscii.length > 0 && !texts.every(isAscii))
      for (const predicate of this.#openBeyondAscii) open.add(predicate);
    return this.#classFor(holding, open);
  }

  #classFor(holding: ReadonlySet<Predicate>, open: ReadonlySet<Predicate>): ValueClass {
    const key = `${numbers(holding)}/${numbers(open)}`;
    let found = this.#classes.get(key);
    if (found === undefined) {
      found = { index: this.#list.length, holding, open };
      this.#classes.set(key, found);
      this.#list.push(found);
    }
    return found;
  }

  /** The predicates of which a text occurs. */
  #seekersIn(texts: readonly string[]): readonly Predicate[] {
    if (this.#searched.length === 0) return [];
    const finder = (this.#finder ??= this.#makeFinder());
    const found: Predicate[] = [];
    for (const text of texts) {
      for (const needle of finder.find(text)) found.push(...(this.#seekers[needle] ?? []));
    }
    return found;
  }

  #makeFinder(): NeedleFinder {
    const seekers = new Map<string, Predicate[]>();
    for (const { predicate, texts } of this.#searched) {
      for (const text of new Set(texts)) push(seekers, text, predicate);
    }
    this.#seekers = [...seekers.values()];
    this.#byNeedle = this.#seekers.map((predicates) => {
      if (predicates.some(({ shortcut }) => shortcut?.kind === 'needs')) return undefined;
      const [open, holding] = partition(predicates, ({ shortcut }) => shortcut?.kind === 'regex');
      return this.#classFor(new Set(holding), new Set(open));
    });
    return new NeedleFinder([...seekers.keys()]);
  }
}

function partition<T>(values: readonly T[], test: (value: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [values.filter(test), values.filter((value) => !test(value))];
}

function push(map: Map<string, Predicate[]>, text: string, predicate: Predicate): void {
  const known = map.get(text);
  if (known === undefined) map.set(text, [predicate]);
  else known.push(predicate);
}

function numbers(predicates: ReadonlySet<Predicate>): string {
  if (predicates.size === 0) return '';
  return Array.from(predicates, ({ number }) => number)
    .toSorted((a, b) => a - b)
    .join(' ');
}
