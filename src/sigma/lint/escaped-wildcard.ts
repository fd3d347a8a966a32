import type { DetectionItem } from './detection-items.ts';
import type { Lint } from './finding.ts';

/** Modifiers under which values have no wildcards. */
const LITERAL = new Set(['re', 'cidr', 'fieldref', 'exists', 'base64', 'base64offset', 'expand']);

/** The specification, "Escaping": a backslash before a wildcard escapes it. */
export const escapedWildcard: Lint = {
  code: 'EscapedWildcard',
  severity: 'warning',
  meaning:
    'A backslash that seems to separate parts of a path stands before a wildcard and so escapes it: the value then has a literal * or ?, which no path has.',
  remedy: 'Write two backslashes before the wildcard: C:\\Windows\\\\*.',
  example: "  selection:\n    userAgent: 'C:\\tools\\*'\n  condition: selection",
  kinds: ['detection', 'filter'],
  *find(subject) {
    for (const item of subject.items.filter(hasWildcards)) {
      for (const scalar of item.scalars) {
        const at = typeof scalar.value === 'string' ? trapIn(scalar.text) : undefined;
        if (at === undefined) continue;
        const message = `The ${scalar.text.slice(at, at + 2)} in ${JSON.stringify(scalar.text)} is a literal ${scalar.text.charAt(at + 1)}.`;
        yield { message, place: subject.placeOf(scalar), path: item.path };
      }
    }
  },
};

function hasWildcards({ modifiers }: DetectionItem): boolean {
  return !modifiers.some((modifier) => LITERAL.has(modifier));
}

/** Where a wildcard is escaped behind a name, in a text that has a backslash as separator before it. */
function trapIn(text: string): number | undefined {
  let separators = 0;
  for (let i = 0; i < text.length; i++) {
    if (text.charAt(i) !== '\\') continue;
    const next = text.charAt(i + 1);
    if ((next === '*' || next === '?') && separators > 0 && /\w/.test(text.charAt(i - 1))) return i;
    if (next === '*' || next === '?' || next === '\\') i++;
    else separators++;
  }
  return undefined;
}
