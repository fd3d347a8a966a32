import assert from 'node:assert/strict';
import fc from 'fast-check';
import { testString } from '../../../../src/sigma/evaluate/match-value.ts';
import { stringListTest } from '../../../../src/sigma/match/string-list.ts';

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '.', '\\', '|', '^', '$', '\n'), maxLength: 6 }),
  fc.string(),
);

describe('a list of strings', () => {
  for (const test of ['equals', 'startswith', 'endswith', 'contains'] as const) {
    it(`${test} like its strings one by one`, () => {
      fc.assert(
        fc.property(fc.array(text, { minLength: 1, maxLength: 12 }), text, (needles, subject) => {
          assert.equal(
            stringListTest(test, needles)(subject),
            needles.some((needle) => testString(test, subject, needle)),
          );
        }),
      );
    });
  }

  it('may have tens of thousands of strings', () => {
    const needles = Array.from({ length: 50_000 }, (_, i) => `needle-${i}-`);
    for (const test of ['equals', 'startswith', 'endswith', 'contains'] as const) {
      const matches = stringListTest(test, needles);
      assert.equal(matches('needle-49999-'), true);
      assert.equal(matches('needle-50000-'), false);
    }
  });
});
