/** Longer keys are not kept: such a part is its rule's own. */
const MAX_KEY_UNITS = 1024;
/** Beyond that, all parts are forgotten, and those that come are collected anew. */
const MAX_PARTS = 20_000;
/** V8 cuts no shorter text out of another: it copies it. */
const MIN_CUT_UNITS = 13;

/** What stands for a value from now on, and what equal values have in common; no key where it is not shared. */
interface Settled {
  readonly value: unknown;
  readonly key: string | undefined;
}

/**
 * Freezes what rules compile to, and makes one object of parts that are equal: names of fields, values, lists of tags, and the tests that are made of them.
 * What has a `place` is its rule's own, and so is what is very long. Texts are copied, so that they keep no source alive; lists take no more room than they
 * need. For plain data of bounded depth.
 */
export class SharedParts {
  readonly #parts = new Map<string, unknown>();

  /** Freezes data all the way down: the object stays the same, what is in it need not. */
  freeze<T extends object>(data: T): Readonly<T> {
    this.#settleFields(data);
    return Object.freeze(data);
  }

  /** A list of texts, frozen, or the equal one that was there before. */
  texts(texts: readonly string[]): readonly string[] {
    return this.#settle(texts).value as readonly string[];
  }

  #settle(value: unknown): Settled {
    if (typeof value === 'string') return this.#shared(`${value.length}:${value}`, () => copyOf(value));
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#settle(item));
      const key = keyOf('[', items);
      return this.#shared(key, () => Object.freeze(Object.isFrozen(value) ? value : items.map((item) => item.value)));
    }
    if (typeof value !== 'object' || value === null) return { value, key: scalarKey(value) };
    const key = this.#settleFields(value);
    return this.#shared(key, () => Object.freeze(value));
  }

  /** Returns the key of an object whose fields are settled now. */
  #settleFields(data: object): string | undefined {
    const fields = data as Record<string, unknown>;
    const names = Object.keys(fields);
    const isOpen = !Object.isFrozen(data);
    const settled: Settled[] = [];
    for (const name of names) {
      if (name === 'place') continue;
      const field = this.#settle(fields[name]);
      if (isOpen) fields[name] = field.value;
      settled.push({ value: undefined, key: `${name.length}:${name}` }, field);
    }
    if (names.includes('place')) return undefined;
    return keyOf(Object.getPrototypeOf(data) === null ? 'null{' : '{', settled);
  }

  #shared(key: string | undefined, make: () => unknown): Settled {
    if (key === undefined || key.length > MAX_KEY_UNITS) return { value: make(), key: undefined };
    let value = this.#parts.get(key);
    if (value === undefined) {
      if (this.#parts.size >= MAX_PARTS) this.#parts.clear();
      value = make();
      this.#parts.set(key, value);
    }
    return { value, key };
  }
}

function keyOf(kind: string, inside: readonly Settled[]): string | undefined {
  let key = kind;
  for (const { key: inner } of inside) {
    if (inner === undefined || key.length > MAX_KEY_UNITS) return undefined;
    key += `${inner},`;
  }
  return `${key})`;
}

function scalarKey(value: unknown): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function copyOf(text: string): string {
  return text.length < MIN_CUT_UNITS ? text : structuredClone(text);
}
