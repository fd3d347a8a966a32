import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatMargins, storedTally, tallied, tallySummary, unlisted } from '../../../src/alerts/tally.ts';

const CAPACITY = 4;
const stream = fc.array(
  fc.nat(15).map((n) => `value-${n}`),
  { maxLength: 200 },
);

describe('tally', () => {
  it('is exact as long as there is room', () => {
    const tally = tallied(storedTally(), ['x', 'y', 'x', 'z'], CAPACITY);
    assert.deepEqual(Object.fromEntries(tally.counts), { x: 2, y: 1, z: 1 });
    assert.equal(unlisted(tally), 0);
    assert.equal(formatMargins(tally), undefined);
  });

  it('lists every value that makes more than its share, and never overstates one, whatever came when', () => {
    fc.assert(
      fc.property(stream, (values) => {
        const tally = tallied(storedTally(), values, CAPACITY);
        const truth = Map.groupBy(values, (value) => value);
        for (const [value, { length }] of truth) {
          const count = tally.counts.get(value);
          if (length > values.length / CAPACITY) assert.ok(count !== undefined, `${value} is not listed`);
          if (count === undefined) continue;
          assert.ok(count <= length && length <= count + (tally.margins.get(value) ?? 0));
        }
        const certain = [...tally.counts.values()].reduce((sum, count) => sum + count, 0);
        assert.equal(certain + unlisted(tally), values.length);
        assert.ok(tally.counts.size <= CAPACITY);
      }),
    );
  });

  it('cannot be crowded out by values that come once each between the others', () => {
    const flood = Array.from({ length: 500 }, (_, index) => ['victim', `decoy-${index}`, `other-${index % 3}`]).flat();
    assert.ok((tallied(storedTally(), flood, CAPACITY).counts.get('victim') ?? 0) > 490);
  });

  it('survives being stored', () => {
    fc.assert(
      fc.property(stream, (values) => {
        const tally = tallied(storedTally(), values, CAPACITY);
        const counts: Record<string, number> = Object.fromEntries([...tally.counts].reverse());
        const stored = storedTally(counts, formatMargins(tally));
        assert.equal(unlisted(stored), unlisted(tally));
        assert.deepEqual(Object.fromEntries(stored.margins), Object.fromEntries(tally.margins));
      }),
    );
  });

  for (const margins of ['', '1', '1 2 3', 'x y', '-1 2', '1.5 1']) {
    it(`takes stored margins that do not fit for none: "${margins}"`, () => {
      assert.equal(unlisted(storedTally({ a: 1, b: 2 }, margins)), 0);
    });
  }

  it('in short is the most frequent value, and how many more there are', () => {
    const summary = (values: readonly string[]) =>
      tallySummary(tallied(storedTally(), values, CAPACITY), (value) => value, 100);
    assert.equal(summary([]), '');
    assert.equal(summary(['a', 'a']), 'a');
    assert.equal(summary(['a', 'b', 'b']), 'b (+1)');
    assert.equal(summary(['a', 'b', 'c', 'd', 'e', 'e']), 'e (+3 or more)');
  });
});
