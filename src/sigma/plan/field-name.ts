import type { PathSegment } from './field.ts';
import type { ElementQuantifier } from './nodes.ts';

/** A step of a field name: a path, and the quantifier over the elements found there (none on a last step without selector). */
export interface FieldStep {
  readonly segments: readonly PathSegment[];
  readonly quantifier: ElementQuantifier | undefined;
}

const QUANTIFIERS: readonly ElementQuantifier[] = ['any', 'all', 'all_or_empty', 'none'];

/** Splits a field name at its dots; brackets are ordinary characters (Sigma 2). */
export function splitFieldName(name: string): readonly string[] {
  return name.split('.');
}

/**
 * Splits a field name with array selectors (sigma-specification#212): `a.b[any].c[0].d`; `\[` and `\]` are literal brackets; `.` alone is the element
 * itself. Returns undefined where a selector is malformed.
 */
export function parseFieldName(name: string): readonly FieldStep[] | undefined {
  if (name === '.') return [{ segments: [], quantifier: undefined }];
  const steps: FieldStep[] = [];
  let segments: PathSegment[] = [];
  for (const raw of name.split('.')) {
    const parsed = parseSegment(raw);
    if (parsed === undefined) return undefined;
    segments.push(parsed.key);
    for (const selector of parsed.selectors) {
      if (typeof selector === 'number') {
        segments.push(selector);
      } else {
        steps.push({ segments, quantifier: selector });
        segments = [];
      }
    }
  }
  if (segments.length > 0) steps.push({ segments, quantifier: undefined });
  return steps;
}

interface ParsedSegment {
  readonly key: string;
  readonly selectors: readonly (ElementQuantifier | number)[];
}

function parseSegment(raw: string): ParsedSegment | undefined {
  const found = /^((?:\\[[\]]|[^[\]])*)((?:\[[^[\]]*\])*)$/.exec(raw);
  if (found === null) return undefined;
  const [, key = '', brackets = ''] = found;
  const selectors: (ElementQuantifier | number)[] = [];
  for (const text of brackets.slice(1, -1).split('][')) {
    if (brackets === '') break;
    const quantifier = QUANTIFIERS.find((name) => name === text);
    if (quantifier !== undefined) selectors.push(quantifier);
    else if (/^-?\d{1,9}$/.test(text)) selectors.push(Number(text));
    else return undefined;
  }
  return { key: key.replace(/\\([[\]])/g, '$1'), selectors };
}
