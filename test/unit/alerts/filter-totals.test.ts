import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addSuppressions,
  filterSummary,
  type Suppressions,
  type TotalsByFilter,
  withDetailsOf,
} from '../../../src/alerts/index.ts';

const request = fc.record({
  kind: fc.nat(30).map((n) => `user-${n} patch jobs.batch`),
  rule: fc.nat(40).map((n) => `rule-${n}`),
  at: fc.nat(59).map((n) => `2026-11-24T08:00:${String(n).padStart(2, '0')}Z`),
});
type Request = { readonly kind: string; readonly rule: string; readonly at: string };

function suppression(requests: readonly Request[]): Suppressions {
  const [first] = requests;
  if (first === undefined) return {};
  const byRule: Record<string, number> = {};
  const kinds: Record<string, { count: number; last: { at: string; rule: string; auditID: string } }> = {};
  let last = first.at;
  for (const { kind, rule, at } of requests) {
    byRule[rule] = (byRule[rule] ?? 0) + 1;
    kinds[kind] = { count: (kinds[kind]?.count ?? 0) + 1, last: { at, rule, auditID: 'x' } };
    if (at > last) last = at;
  }
  return { quiet: { count: requests.length, last, byRule, requests: kinds } };
}

describe('what filters left out', () => {
  it('adds up, bounded, and never says more than there was', () => {
    fc.assert(
      fc.property(fc.array(fc.array(request, { maxLength: 60 }), { maxLength: 8 }), (batches) => {
        const totals = batches.reduce<TotalsByFilter>((sum, batch) => addSuppressions(sum, suppression(batch)), {});
        const all = batches.flat();
        const summary = filterSummary([JSON.parse(JSON.stringify(totals))], 'quiet');
        assert.equal(summary?.suppressed ?? 0, all.length);
        if (summary === undefined) return;
        assert.equal(
          summary.lastSuppressed,
          all
            .map(({ at }) => at)
            .sort()
            .at(-1),
        );
        assert.ok(summary.hidden.length <= 16 && Object.keys(summary.byRule).length <= 32);
        for (const { request: kind, count, last } of summary.hidden) {
          const same = all.filter((each) => each.kind === kind);
          assert.ok(count <= same.length);
          assert.ok(same.some(({ at, rule }) => at === last?.at && rule === last.rule));
        }
      }),
    );
  });

  it('keeps the counts of all filters, and details of the last ones, where it has to be small', () => {
    const of = (filter: string, at: string): Suppressions => {
      const { quiet } = suppression([{ kind: 'a', rule: 'r', at }]);
      return quiet === undefined ? {} : { [filter]: quiet };
    };
    const all = ['T2', 'T3', 'T1'].reduce<TotalsByFilter>((sum, at) => addSuppressions(sum, of(`f-${at}`, at)), {});
    assert.equal(withDetailsOf(3, all), all);
    const small = withDetailsOf(2, all);
    assert.deepEqual(
      ['f-T1', 'f-T2', 'f-T3'].map((name) => {
        const summary = filterSummary([small], name);
        return [summary?.suppressed, summary?.hidden.length];
      }),
      [
        [1, 0],
        [1, 1],
        [1, 1],
      ],
    );
  });

  it('is the sum of all partitions, the busiest first', () => {
    const one = (kind: string, at: string) => ({ kind, rule: 'r', at });
    const here = addSuppressions({}, suppression([one('a', 'T1'), one('b', 'T2')]));
    const there = addSuppressions({}, suppression([one('b', 'T3'), one('b', 'T1')]));
    assert.deepEqual(filterSummary([here, {}, there], 'quiet'), {
      suppressed: 4,
      lastSuppressed: 'T3',
      byRule: { r: 4 },
      hidden: [
        { request: 'b', count: 3, last: { at: 'T2', rule: 'r', auditID: 'x' } },
        { request: 'a', count: 1, last: { at: 'T1', rule: 'r', auditID: 'x' } },
      ],
    });
    assert.equal(filterSummary([here], 'constructor'), undefined);
  });
});
