import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NeedleFinder } from '../../../../src/sigma/match/needle-finder.ts';

const text = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '😀'), maxLength });

describe('a needle finder', () => {
  it('finds the needles that a text includes, and no others', () => {
    const needles = fc.uniqueArray(text(5), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(needles, text(40), (all, subject) => {
        const known = all.filter((needle) => needle !== '');
        const expected = known.flatMap((needle, i) => (subject.includes(needle) ? [i] : []));
        assert.deepEqual(
          [...new NeedleFinder(known).find(subject)].toSorted((a, b) => a - b),
          expected,
        );
      }),
    );
  });
});
