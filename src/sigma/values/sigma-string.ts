/** `*` is `many` (any number of characters, none included), `?` is `one` (exactly one). */
export interface Wildcard {
  readonly wildcard: 'many' | 'one';
}

/** A piece of literal text, or a wildcard. */
export type StringPart = string | Wildcard;

export const MANY: Wildcard = Object.freeze({ wildcard: 'many' });
export const ONE: Wildcard = Object.freeze({ wildcard: 'one' });

/**
 * Parses wildcards and escapes (specification, "Wildcards" and "Escaping"): from left to right, a backslash before `*`, `?` or a backslash makes that
 * character literal and disappears; any other backslash is itself. Adjacent texts are joined; adjacent `*` are one.
 */
export function parseSigmaString(text: string): readonly StringPart[] {
  const parts: StringPart[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') parts.push(literal);
    literal = '';
  };
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const next = text.charAt(i + 1);
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      i++;
    } else if (character === '*' || character === '?') {
      flush();
      parts.push(character === '*' ? MANY : ONE);
    } else {
      literal += character;
    }
  }
  flush();
  return joinParts(parts);
}

/** Joins adjacent texts and adjacent `*`. */
export function joinParts(parts: readonly StringPart[]): readonly StringPart[] {
  const joined: StringPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else if (!(isMany(part) && isMany(last))) joined.push(part);
  }
  return joined;
}

export function isMany(part: StringPart | undefined): boolean {
  return typeof part === 'object' && part.wildcard === 'many';
}

/** The literal text of a string without wildcards; undefined where there are some. */
export function literalText(parts: readonly StringPart[]): string | undefined {
  if (parts.length === 0) return '';
  const [only] = parts;
  return parts.length === 1 && typeof only === 'string' ? only : undefined;
}

/** The string as one would write it in a rule. */
export function printSigmaString(parts: readonly StringPart[]): string {
  return parts
    .map((part) =>
      typeof part === 'string' ? part.replace(/[*?]|\\(?=[*?\\]|$)/g, '\\$&') : part.wildcard === 'many' ? '*' : '?',
    )
    .join('');
}

/** Applies `change` to each literal piece. */
export function mapLiterals(parts: readonly StringPart[], change: (text: string) => string): readonly StringPart[] {
  return parts.map((part) => (typeof part === 'string' ? change(part) : part));
}
