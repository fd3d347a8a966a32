import { type CharacterSet, characters, complement, SETS, union } from './character-set.ts';

/** A regular expression, as far as ambiguity is concerned: lazy is the same as greedy, and an assertion (`$`, `\\b`) is a character of its own. */
export type RegexNode =
  | { readonly kind: 'characters'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly item: RegexNode; readonly min: number; readonly max: number };

const MAX_DEPTH = 100;
/** It may fail, and it keeps apart what stands before and behind it. */
const ASSERTION: RegexNode = { kind: 'characters', set: characters([0x11_0000, 0x11_0000]) };

/** Parses the common syntax of RE2 and PCRE; undefined for anything that it does not know. */
export function parseRegex(source: string): RegexNode | undefined {
  const parser = new RegexParser(source);
  const node = parser.choice(0);
  return node !== undefined && parser.atEnd ? node : undefined;
}

class RegexParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  choice(depth: number): RegexNode | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const items: RegexNode[] = [];
    for (;;) {
      const item = this.#sequence(depth);
      if (item === undefined) return undefined;
      items.push(item);
      if (this.#text.charAt(this.#at) !== '|') break;
      this.#at++;
    }
    const [only] = items;
    return items.length === 1 ? only : { kind: 'choice', items };
  }

  #sequence(depth: number): RegexNode | undefined {
    const items: RegexNode[] = [];
    while (!this.atEnd && !'|)'.includes(this.#text.charAt(this.#at))) {
      const atom = this.#atom(depth);
      if (atom === undefined) return undefined;
      items.push(this.#repeated(atom));
    }
    return { kind: 'sequence', items };
  }

  #repeated(atom: RegexNode): RegexNode {
    let node = atom;
    for (;;) {
      const found = this.#take(/[*+?]|\{(\d{1,4})(,(\d{0,4}))?\}/y);
      if (found === undefined) return node;
      this.#take(/[?+]/y);
      const [text = '', min = '0', range, max] = found;
      if (text === '*') node = { kind: 'repeat', item: node, min: 0, max: Infinity };
      else if (text === '+') node = { kind: 'repeat', item: node, min: 1, max: Infinity };
      else if (text === '?') node = { kind: 'repeat', item: node, min: 0, max: 1 };
      else {
        const upper = range === undefined ? Number(min) : max === '' || max === undefined ? Infinity : Number(max);
        node = { kind: 'repeat', item: node, min: Number(min), max: upper };
      }
    }
  }

  #atom(depth: number): RegexNode | undefined {
    const character = this.#text.charAt(this.#at);
    switch (character) {
      case '(':
        return this.#group(depth);
      case '[':
        return this.#class();
      case '.':
        this.#at++;
        return { kind: 'characters', set: SETS.dot };
      case '^':
      case '$':
        this.#at++;
        return ASSERTION;
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        return undefined;
      default:
        return this.#literal();
    }
  }

  #literal(): RegexNode {
    const code = this.#text.codePointAt(this.#at) ?? 0;
    this.#at += code > 0xffff ? 2 : 1;
    return { kind: 'characters', set: characters([code, code]) };
  }

  #group(depth: number): RegexNode | undefined {
    // Groups that only group, names, and flags; anything else (look-around) is not known.
    const opening = this.#take(/\((?:\?(?:P?<\w+>|[imsU]*(?:-[imsU]+)?(?<flags>[:)])))?/y);
    if (opening === undefined || this.#text.startsWith('(?', this.#at - 1)) return undefined;
    if (opening.groups?.['flags'] === ')') return { kind: 'sequence', items: [] };
    const node = this.choice(depth + 1);
    if (this.#text.charAt(this.#at) !== ')') return undefined;
    this.#at++;
    return node;
  }

  #escape(): RegexNode | undefined {
    if (this.#take(/\\[bBAzZ]/y) !== undefined) return ASSERTION;
    const set = this.#escapedSet();
    return set && { kind: 'characters', set };
  }

  #escapedSet(): CharacterSet | undefined {
    const hex = this.#take(/\\x(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2}))/y);
    if (hex !== undefined) {
      const code = Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
      return characters([code, code]);
    }
    const escape = this.#take(/\\(.)/sy)?.[1];
    if (escape === undefined) return undefined;
    switch (escape) {
      case 'd':
        return SETS.digit;
      case 'D':
        return complement(SETS.digit);
      case 'w':
        return SETS.word;
      case 'W':
        return complement(SETS.word);
      case 's':
        return SETS.space;
      case 'S':
        return complement(SETS.space);
      default: {
        const control = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7 }[escape];
        // Back references, properties and the like are not known.
        if (control === undefined && /\w/.test(escape)) return undefined;
        const code = control ?? escape.codePointAt(0) ?? 0;
        return characters([code, code]);
      }
    }
  }

  #class(): RegexNode | undefined {
    this.#at++;
    const negated = this.#take(/\^/y) !== undefined;
    let set: CharacterSet = [];
    for (let first = true; first || this.#text.charAt(this.#at) !== ']'; first = false) {
      if (this.atEnd || this.#text.startsWith('[:', this.#at)) return undefined;
      const from = this.#classMember();
      if (from === undefined) return undefined;
      const single = from.length === 1 && from[0]?.[0] === from[0]?.[1];
      if (single && /^-[^\]]/.test(this.#text.slice(this.#at, this.#at + 2))) {
        this.#at++;
        const to = this.#classMember();
        const [low, high] = [from[0]?.[0], to?.[0]?.[1]];
        if (low === undefined || high === undefined || high < low) return undefined;
        set = union(set, characters([low, high]));
      } else {
        set = union(set, from);
      }
    }
    this.#at++;
    return { kind: 'characters', set: negated ? complement(set) : set };
  }

  #classMember(): CharacterSet | undefined {
    if (this.#text.charAt(this.#at) === '\\') {
      if (this.#take(/\\b/y) !== undefined) return characters([8, 8]);
      return this.#escapedSet();
    }
    const code = this.#text.codePointAt(this.#at) ?? 0;
    this.#at += code > 0xffff ? 2 : 1;
    return characters([code, code]);
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found;
  }
}
