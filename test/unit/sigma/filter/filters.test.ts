import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  applyFilters,
  type CompiledFilter,
  compileFilter,
  evaluate,
  explain,
  FilterSet,
  filterApplies,
  formatDiagnostic,
} from '../../../../src/sigma/index.ts';
import { compiled, ruleOf } from '../support/compiled.ts';

function filterOf(body: string): CompiledFilter {
  const result = compileFilter(`title: F\nlogsource: { category: test }\nfilter:\n${body.replace(/^(?=.)/gm, '  ')}\n`);
  assert(result.ok, result.ok ? '' : result.errors.map(formatDiagnostic).join('\n'));
  return result.filter;
}

const EVENT = fc.record({
  verb: fc.constantFrom('get', 'create'),
  user: fc.constantFrom('a', 'b', 'c'),
  requestObject: fc.constantFrom({ x: 'y' }, { x: 'z' }),
});
const CONDITION = fc.constantFrom(
  'not s',
  's',
  'not s and not t',
  's or not t',
  'not (s and t)',
  't and not s',
  'not 1 of them',
);

describe('filters on a rule', () => {
  it('know which of them suppressed, and agree with the plan of them all', () => {
    fc.assert(
      fc.property(EVENT, fc.array(CONDITION, { maxLength: 3 }), fc.boolean(), (event, conditions, bodiesUnknown) => {
        const rule = compiled(ruleOf('s: { verb: create }\ncondition: s'));
        const filters = conditions.map((condition, index) => ({
          name: `f${index}`,
          filter: filterOf(`rules: any\ns: { user: a }\nt: { requestObject.x: y }\ncondition: ${condition}`),
        }));
        const options = { bodiesUnknown };
        const alone = evaluate(rule.plan, event, options);
        const { verdict, suppressedBy } = new FilterSet(filters).judge(alone, event, options);
        assert.equal(evaluate(applyFilters(rule, filters).plan, event, options), verdict);
        for (const { name, filter } of filters) {
          const suppresses = alone !== 'no-match' && evaluate(filter.plan, event, options) === 'no-match';
          assert.equal(suppressedBy.includes(name), suppresses);
        }
        assert.equal(verdict === 'no-match', alone === 'no-match' || suppressedBy.length > 0);
      }),
    );
  });

  it('keep the rule as it was, show their names in explain, and are frozen', () => {
    const rule = compiled(ruleOf('s: { verb: create }\ncondition: s'));
    const filter = filterOf('rules: any\ns: { user: a }\ncondition: not s');
    const filtered = applyFilters(rule, [{ name: 'admins', filter }]);
    assert.equal(filtered.unfiltered, rule);
    assert.deepEqual(filtered.testedFields, ['user', 'verb']);
    assert.deepEqual(
      filtered.plan.selections.map(({ name }) => name),
      ['s', 'admins/s'],
    );
    assert(Object.isFrozen(filtered.plan.root));
    const { root } = explain(filtered, { verb: 'create', user: 'a' });
    assert.match(JSON.stringify(root), /admins\/s/);
    assert.equal(applyFilters(rule, []).plan.root, rule.plan.root);
  });

  it('apply by further names of the rule', () => {
    const rule = compiled(ruleOf('s: { verb: create }\ncondition: s'));
    const filter = filterOf('rules: [my-detection-rule]\ns: { user: a }\ncondition: not s');
    assert.equal(filterApplies(filter, rule), false);
    assert.equal(filterApplies(filter, rule, ['my-detection-rule']), true);
  });

  it('are compiled from one document that is a filter', () => {
    const codes = (source: string): readonly string[] => {
      const result = compileFilter(source);
      return result.ok ? [] : result.errors.map(({ code }) => code);
    };
    const filter = 'title: F\nlogsource: { category: test }\nfilter: { rules: any, s: { a: b }, condition: not s }';
    assert.deepEqual(codes(filter), []);
    assert.deepEqual(codes(`${filter}\n---\n${filter}`), ['MultipleRoots']);
    assert.deepEqual(codes(ruleOf('s: { a: b }\ncondition: s')), ['UnsupportedDocument']);
    assert.deepEqual(codes(''), ['EmptySource']);
    assert.deepEqual(codes('title: [\n'), ['InvalidYaml']);
  });
});
