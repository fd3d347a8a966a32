import assert from 'node:assert/strict';
import fc from 'fast-check';
import { requiredLiteral } from '../../../../src/sigma/match/required-literal.ts';
import { foldCase } from '../../../../src/sigma/values/fold.ts';
import { compileRegex } from '../../../../src/sigma/values/regex.ts';

function literalOf(source: string, ignoreCase = false): string | undefined {
  return requiredLiteral({ source, ignoreCase, multiline: false, dotAll: false })?.text;
}

describe('the literal that a regular expression requires', () => {
  const cases: readonly (readonly [source: string, literal: string | undefined])[] = [
    ['secrets', 'secrets'],
    ['^/api/v1/secrets$', '/api/v1/secrets'],
    ['/namespaces/a/pods/[^/]+/(exec|attach)', '/namespaces/a/pods/'],
    ['command=(ba|z)?sh(&|$)', 'command='],
    ['a\\.b\\.c', 'a.b.c'],
    ['abcd?', 'abc'],
    ['abcd*efg', 'abc'],
    ['abcd+', 'abcd'],
    ['abcd{2,3}efgh', 'efgh'],
    ['(?i)secrets', 'secrets'],
    ['[]a]bcd', 'bcd'],
    ['[[:alpha:]]bcd', 'bcd'],
    ['secrets|pods', undefined],
    ['(secrets)', undefined],
    ['ab', undefined],
    ['ab(?i)cdef', undefined],
    ['\\Qsecrets\\E', undefined],
    ['\\x41bcd', undefined],
    ['abc😀?', undefined],
  ];
  for (const [source, literal] of cases) {
    it(`of ${source} is ${literal ?? 'not known'}`, () => assert.equal(literalOf(source), literal));
  }

  it('is not known where case is ignored beyond ASCII', () => {
    assert.equal(literalOf('straße', true), undefined);
    assert.equal(literalOf('strasse', true), 'strasse');
  });

  it('is in every text that matches', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'c',
      '.',
      '\\.',
      '[ab]',
      '(a|b)',
      '(ab)',
      '?',
      '*',
      '+',
      '{2}',
      '{0,1}',
      '^',
      '$',
      '\\d',
      'K',
    );
    const source = fc.array(piece, { minLength: 1, maxLength: 9 }).map((pieces) => pieces.join(''));
    const subject = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', 'k', '.', '1', '\u212a'), maxLength: 12 });
    fc.assert(
      fc.property(source, fc.array(subject, { maxLength: 30 }), fc.boolean(), (written, subjects, ignoreCase) => {
        const pattern = { source: written, ignoreCase, multiline: false, dotAll: false };
        const required = requiredLiteral(pattern);
        if (required === undefined) return;
        let expression: ReturnType<typeof compileRegex>;
        try {
          expression = compileRegex(pattern);
        } catch {
          return;
        }
        for (const one of subjects) {
          if (expression.test(one)) assert(foldCase(one).includes(foldCase(required.text)), `${written} in ${one}`);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
