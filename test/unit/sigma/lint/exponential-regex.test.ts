import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isExponential } from '../../../../src/sigma/lint/regex/ambiguity.ts';
import type { AnalysisBudget } from '../../../../src/sigma/lint/regex/automaton.ts';
import { auditRule, marked } from './findings.ts';

/** Each fails on some text only after trying exponentially many ways, in an engine that backtracks. */
const EXPONENTIAL = [
  '(a+)+$',
  '^(a*)*b',
  '(a|a)*b',
  '(a|ab)*(b|c)*a*bbb(ab|a|b)*$x|(a|aa)+$',
  '(a|b|ab)*c',
  '(\\w+/?)+$',
  '^/api/([a-z]+/?)*\\.json',
  '(.*\\))+"',
  '(x+x+)+y',
  '([a-z]+)*[0-9]',
  '(?:\\d+,?)+;',
  '(\\s|[ \\t])*=',
  '((a|a)+b)+',
  '(?i)(a|A)*b',
  '(?P<name>a+)+b',
  '([^;]|[a-z])*;',
];

/** A loop over each text in one way only, or nothing behind it that could fail, or no loop at all. */
const HARMLESS = [
  'a+',
  '(a+)+',
  '(ab+)+c',
  '(a+b)+$',
  '^(?:[a-z]+/)+$',
  '\\s+\\w+\\s*$',
  '.*a.*b.*c',
  '(\\d+\\.){3}\\d+',
  '(\\w+\\b)*x',
  '(?:\\s+\\w+)*$',
  '(a|b)*c',
  '(ab|cd)*e',
  '"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"',
  '(a{1,5}){1,5}$',
  '(a|aa)+',
  '[*+?]',
  '',
  '(?=a)(a+)+$',
  '(a)\\1*$',
  '(a?){1,}b',
  '(a+)+$'.repeat(300),
];

function budget(): AnalysisBudget {
  return { steps: 3_000_000 };
}

describe('exponential regular expressions', () => {
  for (const source of EXPONENTIAL) {
    it(`are seen: ${source}`, () => {
      assert.equal(isExponential(source, { ignoreCase: false, budget: budget() }), true);
    });
  }
  for (const source of HARMLESS) {
    it(`are not seen in ${source.slice(0, 60)}`, () => {
      assert.equal(isExponential(source, { ignoreCase: false, budget: budget() }), false);
    });
  }

  it('are seen in the letters of both cases where case is ignored', () => {
    assert.equal(isExponential('(a|A)*b', { ignoreCase: false, budget: budget() }), false);
    assert.equal(isExponential('(a|A)*b', { ignoreCase: true, budget: budget() }), true);
    assert.deepEqual(marked(auditRule("s:\n  requestURI|re|i: '(a|A)*b'\ncondition: s"), 'ExponentialRegex'), [
      '(a|A)*b',
    ]);
  });

  it('never throws, and is done in bounded time, whatever the expression is', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      '.',
      '\\w',
      '\\d',
      '[a-c]',
      '[^a]',
      '(',
      ')',
      '(?:',
      '|',
      '*',
      '+',
      '?',
      '{2,}',
      '{1,3}',
      '^',
      '$',
      '\\b',
      '[',
      ']',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        isExponential(parts.join(''), { ignoreCase: false, budget: budget() });
      }),
    );
  });
});
