import assert from 'node:assert/strict';
import {
  applyFilters,
  compileFilter,
  evaluate,
  type FilterEffect,
  FilterSet,
  filterApplies,
  type NamedFilter,
  type Verdict,
} from '../../../../src/sigma/index.ts';
import { compiled } from '../support/compiled.ts';
import { readRecords } from '../support/corpus.ts';

interface ConformanceCase {
  readonly section: string;
  readonly title: string;
  readonly rule: string;
  readonly filters: readonly string[];
  readonly event: object;
  readonly bodiesUnknown?: boolean;
  readonly expected: Verdict | 'refused';
  readonly suppressedBy?: readonly number[];
  readonly effects?: readonly FilterEffect[];
}

describe('conformance of filters', () => {
  const sections = Map.groupBy(readRecords<ConformanceCase>('conformance-filter.jsonl'), ({ section }) => section);
  for (const [section, cases] of sections) {
    describe(section, () => {
      for (const one of cases) {
        it(one.title, () => {
          const filters: NamedFilter[] = [];
          for (const [index, source] of one.filters.entries()) {
            const result = compileFilter(source);
            if (!result.ok) {
              assert.equal(one.expected, 'refused', result.errors[0]?.message);
              return;
            }
            const { filter, findings } = result;
            const keeps = findings.some(({ code }) => code === 'FilterKeeps');
            assert.equal(keeps, filter.effect === 'KeepOnly');
            if (one.effects !== undefined) assert.equal(filter.effect, one.effects[index]);
            filters.push({ name: String(index), filter });
          }
          const rule = compiled(one.rule);
          const applying = filters.filter(({ filter }) => filterApplies(filter, rule));
          const options = { bodiesUnknown: one.bodiesUnknown ?? false };
          const alone = evaluate(rule.plan, one.event, options);
          const { verdict, suppressedBy } = new FilterSet(applying).judge(alone, one.event, options);
          assert.equal(verdict, one.expected);
          assert.deepEqual(suppressedBy, (one.suppressedBy ?? []).map(String));
          assert.equal(evaluate(applyFilters(rule, applying).plan, one.event, options), one.expected);
        });
      }
    });
  }
});
