import assert from 'node:assert/strict';
import fc from 'fast-check';
import { displayText } from '../../../src/alerts/index.ts';

describe('display text', () => {
  for (const [what, text, shown, limit = 100] of [
    ['plain text', 'kubectl/v1.37 (linux/amd64)', 'kubectl/v1.37 (linux/amd64)'],
    ['text of any script', 'Müller 名前', 'Müller 名前'],
    ['an escape sequence', '\u001b[31mred', '\\u{1b}[31mred'],
    ['a line break', 'a\r\nb', 'a\\u{d}\\u{a}b'],
    ['a bidirectional override', 'a\u202eb', 'a\\u{202e}b'],
    ['a C1 control', 'a\u009bb', 'a\\u{9b}b'],
    ['a lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
    ['a text that is too long', 'abcdefghijk', 'abcdefg…', 10],
    ['a text that is too long in bytes', 'äöüßäö', 'äöü…', 10],
    ['a text of just the limit', 'abcdefghij', 'abcdefghij', 10],
  ] as const) {
    it(`of ${what}`, () => assert.equal(displayText(text, limit), shown));
  }

  it('has at most as many bytes as its limit, and has no control character and no half of a surrogate pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 4, max: 40 }), (text, limit) => {
        const shown = displayText(text, limit);
        assert.ok(Buffer.byteLength(shown) <= limit, shown);
        assert.ok(shown.isWellFormed());
        assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
