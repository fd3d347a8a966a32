import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NeedleScreen } from '../../../../src/sigma/match/needle-screen.ts';

const text = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '/', '%', '2'), minLength, maxLength });

describe('a needle screen', () => {
  it('lets no text pass in which a needle occurs, in any case', () => {
    const needles = fc.array(text(3, 9), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(needles, text(0, 60), fc.nat(5), (all, subject, offset) => {
        const folded = all.map((needle) => needle.toLowerCase());
        const screen = NeedleScreen.of(folded);
        assert(screen !== undefined);
        const occurs = folded.some((needle) => subject.toLowerCase().includes(needle));
        const memory = Buffer.from(`${'a'.repeat(offset)}${subject}${folded.join('')}`);
        const among = screen.mayOccurAmong(memory, offset, offset + subject.length);
        assert.equal(screen.mayOccurIn(subject), among);
        if (occurs) assert(among);
      }),
      { numRuns: 2000 },
    );
  });

  it('tells of what has nothing in common with the needles', () => {
    const screen = NeedleScreen.of(['/bin/sh', '%2fbin%2fsh']);
    const uri = '/api/v1/namespaces/kube-system/pods/bin-a?limit=500';
    assert.equal(screen?.mayOccurIn(uri), false);
    assert.equal(screen?.mayOccurIn(`${uri}&command=/BIN/SH`), true);
  });

  for (const needles of [['ab'], ['abc', ''], ['straße'], []]) {
    it(`is ${needles.length === 0 ? 'of use' : 'of no use'} for ${JSON.stringify(needles)}`, () => {
      assert.equal(NeedleScreen.of(needles) === undefined, needles.length > 0);
    });
  }
});
