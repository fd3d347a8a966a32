import assert from 'node:assert/strict';
import { compileRule } from '../../../../src/sigma/index.ts';
import { auditRuleOf, ruleOf } from '../support/compiled.ts';

const CODE = 'DeleteWithoutDeletecollection';

function linesOf(source: string): readonly number[] {
  const result = compileRule(source);
  assert(result.ok);
  return result.findings.filter(({ code }) => code === CODE).map(({ line }) => line);
}

describe(CODE, () => {
  const cases = [
    ['sel: { verb: delete }\ncondition: sel', [4]],
    ['sel: { verb: [create, Delete] }\ncondition: sel', [4]],
    ['sel:\n  - { verb: delete }\n  - { verb: create }\ncondition: 1 of s*', [5]],
    ['sel: { verb: [delete, deletecollection] }\ncondition: sel', []],
    ["sel: { verb: 'delete*' }\ncondition: sel", []],
    ['sel: { verb|startswith: delete }\ncondition: sel', []],
    ['sel: { user.username: delete }\ncondition: sel', []],
    ['sel: { verb: create }\nfilter: { verb: delete }\ncondition: sel and not filter', []],
    ['sel: { verb|neq: delete }\ncondition: not sel', [4]],
  ] as const;
  for (const [detection, lines] of cases) {
    it(`${lines.length === 0 ? 'is not' : 'is'} found in ${JSON.stringify(detection)}`, () => {
      assert.deepEqual(linesOf(auditRuleOf(detection)), lines);
    });
  }

  it('is not found in a rule of another product', () => {
    assert.deepEqual(linesOf(ruleOf('sel: { verb: delete }\ncondition: sel')), []);
  });
});
