/** Longer texts, and keys, are not kept: such a part is its rule's own. */
const MAX_KEY_UNITS = 1024;
/** The same for texts that are a field of the whole: most longer ones are ids, titles and descriptions, which come once. */
const MAX_OWN_UNITS = 32;
/** Beyond that, all parts are forgotten, and those that come are collected anew. */
const MAX_PARTS = 20_000;
/** V8 cuts no shorter text out of another: it copies it. */
const MIN_CUT_UNITS = 13;

/** What stands for equal values. */
interface Part {
  readonly value: unknown;
  /** Unique; `undefined` where the value is not shared. */
  readonly number: number | undefined;
}

/**
 * Freezes what rules compile to, and makes one object of parts that are equal: names of fields, values, lists of tags, and the tests that are made of them.
 * What has a `place` is its rule's own, and so is what is very long. Texts are copied, so that they keep no source alive; lists take no more room than they
 * need. For plain data of bounded depth.
 */
export class SharedParts {
  readonly #texts = new Map<string, Part>();
  /** Everything else, by what it is made of. */
  readonly #parts = new Map<string, Part>();
  #numbers = 0;

  /** Freezes data all the way down: the object stays the same, what is in it need not. */
  freeze<T extends object>(data: T): Readonly<T> {
    for (const name of Object.keys(data)) {
      const value: unknown = Reflect.get(data, name);
      const isOwn = typeof value === 'string' && value.length > MAX_OWN_UNITS;
      Reflect.set(data, name, isOwn ? copyOf(value) : this.#settle(value).value);
    }
    return Object.freeze(data);
  }

  #settle(value: unknown): Part {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value !== 'object' || value === null) return this.#part(scalarKey(value), () => value);
    if (Array.isArray(value)) return this.#list(value);
    const key = this.#settleFields(value);
    return this.#part(key, () => Object.freeze(value));
  }

  #text(text: string): Part {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const copy = copyOf(text);
    return this.#keep(this.#texts, copy, copy);
  }

  #list(list: readonly unknown[]): Part {
    const items = list.map((item) => this.#settle(item));
    let key: string | undefined = '[';
    for (const { number } of items) key = joined(key, number);
    return this.#part(key, () => Object.freeze(Object.isFrozen(list) ? list : items.map(({ value }) => value)));
  }

  /** Returns the key of an object whose fields are settled now. */
  #settleFields(data: object): string | undefined {
    const isOpen = !Object.isFrozen(data);
    let key: string | undefined = Object.getPrototypeOf(data) === null ? 'null{' : '{';
    for (const name of Object.keys(data)) {
      if (name === 'place') {
        key = undefined;
        continue;
      }
      const { value, number } = this.#settle(Reflect.get(data, name));
      if (isOpen) Reflect.set(data, name, value);
      key = joined(joined(key, this.#text(name).number), number);
    }
    return key;
  }

  #part(key: string | undefined, make: () => unknown): Part {
    if (key === undefined) return { value: make(), number: undefined };
    return this.#parts.get(key) ?? this.#keep(this.#parts, key, make());
  }

  #keep(among: Map<string, Part>, key: string, value: unknown): Part {
    if (key.length > MAX_KEY_UNITS) return { value, number: undefined };
    if (this.#texts.size + this.#parts.size >= MAX_PARTS) {
      this.#texts.clear();
      this.#parts.clear();
    }
    const part = { value, number: ++this.#numbers };
    among.set(key, part);
    return part;
  }
}

function joined(key: string | undefined, number: number | undefined): string | undefined {
  return key === undefined || number === undefined || key.length > MAX_KEY_UNITS ? undefined : `${key}${number},`;
}

function scalarKey(value: unknown): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function copyOf(text: string): string {
  return text.length < MIN_CUT_UNITS ? text : structuredClone(text);
}
