import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { matchesPattern } from '../../../src/sigma/evaluate/pattern.ts';
import {
  MANY,
  ONE,
  parseSigmaString,
  printSigmaString,
  type StringPart,
} from '../../../src/sigma/values/sigma-string.ts';

/** What a pattern means, word for word: exponential, for short texts only. */
function oracle(pattern: readonly StringPart[], text: readonly string[]): boolean {
  const [part, ...rest] = pattern;
  if (part === undefined) return text.length === 0;
  if (typeof part === 'string') {
    const literal = Array.from(part);
    return literal.every((character, i) => text[i] === character) && oracle(rest, text.slice(literal.length));
  }
  if (part.wildcard === 'one') return text.length > 0 && oracle(rest, text.slice(1));
  return text.keys().some((i) => oracle(rest, text.slice(i))) || oracle(rest, []);
}

const character = fc.constantFrom('a', 'b', '\n', '😀', '\\', '*', '?');
const text = fc.array(character, { maxLength: 10 }).map((characters) => characters.join(''));
const parts = fc.array(
  fc.oneof(
    fc.constant(MANY),
    fc.constant(ONE),
    fc.array(character, { minLength: 1, maxLength: 3 }).map((c) => c.join('')),
  ),
  { maxLength: 7 },
);

describe('wildcards', () => {
  it('match what the definition says', () => {
    fc.assert(
      fc.property(parts, text, (pattern, subject) => {
        assert.equal(matchesPattern(pattern, subject), oracle(pattern, Array.from(subject)));
      }),
      { numRuns: 3000 },
    );
  });

  it('are read back from what they are printed as', () => {
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 12 }), (source) => {
        const parsed = parseSigmaString(source);
        assert.deepEqual(parseSigmaString(printSigmaString(parsed)), parsed);
      }),
      { numRuns: 3000 },
    );
  });

  const escapes = [
    ['\\', ['\\']],
    ['\\\\', ['\\']],
    ['\\\\\\', ['\\\\']],
    ['\\\\\\\\', ['\\\\']],
    ['\\*', ['*']],
    ['\\?', ['?']],
    ['\\\\*', ['\\', MANY]],
    ['\\\\\\*', ['\\*']],
    ['a\\b', ['a\\b']],
    ['**?*', [MANY, ONE, MANY]],
    ['', []],
    ['C:\\Windows\\*', ['C:\\Windows*']],
  ] as const;
  for (const [written, expected] of escapes) {
    it(`${JSON.stringify(written)} means ${JSON.stringify(expected)}`, () =>
      assert.deepEqual(parseSigmaString(written), expected));
  }
});
