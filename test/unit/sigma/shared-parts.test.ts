import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compileRule, type PlanNode, SharedParts } from '../../../src/sigma/index.ts';

const RULE = `title: Secrets are read
id: 6a1a2f6e-0b7c-4c56-9d55-6f2c3f3f1d11
tags: [attack.credential-access, attack.t1552.007]
logsource: { product: kubernetes, service: audit }
detection:
  selection:
    verb: [get, list]
    objectRef.resource|startswith: secrets
    userAgent|re: kubectl.*
  filter:
    hostPath: null
  condition: selection and not filter
level: medium
custom: { team: [a, b] }
`;

function compiled(source: string, shared?: SharedParts) {
  const result = compileRule(source, shared === undefined ? {} : { shared });
  assert(result.ok);
  return result.rule;
}

function assertFrozen(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  assert(Object.isFrozen(value));
  for (const inner of Object.values(value)) assertFrozen(inner);
}

/** With the same prototypes. */
function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const copy: object = Object.create(Object.getPrototypeOf(value));
  for (const [name, inner] of Object.entries(value))
    Object.defineProperty(copy, name, { value: copyOf(inner), enumerable: true, writable: true, configurable: true });
  return copy;
}

describe('shared parts', () => {
  it('leave a rule as it is', () => {
    const shared = new SharedParts();
    const [first, second] = [compiled(RULE, shared), compiled(RULE, shared)];
    assert.deepEqual(first, compiled(RULE));
    assert.deepEqual(second, first);
    assertFrozen(second);
  });

  it('are the same objects in rules that were compiled together', () => {
    const shared = new SharedParts();
    const first = compiled(RULE, shared);
    const second = compiled(RULE.replace('title: Secrets', 'title: More secrets').replace('level: medium', ''), shared);
    assert.equal(second.document.tags, first.document.tags);
    assert.equal(second.document.logsource, first.document.logsource);
    assert.equal(second.testedFields, first.testedFields);
    const [one, other] = [first, second].map(({ plan }) => plan.selections[0]?.body);
    assert(one?.kind === 'And' && other?.kind === 'And');
    for (const [index, node] of one.operands.entries()) {
      const same: PlanNode | undefined = other.operands[index];
      assert(node.kind === 'Predicate' && same?.kind === 'Predicate');
      assert.equal(same.matcher, node.matcher);
      assert.equal(same.field, node.field);
      assert.equal(same.item, node.item);
      assert.notEqual(same.place, node.place);
    }
  });

  it('are equal to what they stand for, and to nothing else', () => {
    const names = fc.constantFrom('a', 'b', 'ab', '1:a', 'place', '__proto__', '');
    const { data } = fc.letrec((tie) => ({
      scalar: fc.constantFrom(null, undefined, true, 1, -0, 0, Number.NaN, '', '1', 'null', 'a,', '1,', 'a'.repeat(20)),
      data: fc.oneof(
        { maxDepth: 4 },
        tie('scalar'),
        fc.array(tie('data'), { maxLength: 3 }),
        fc.dictionary(names, tie('data'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(data, { minLength: 1, maxLength: 8 }), (values) => {
        const shared = new SharedParts();
        for (const value of [...values, ...values.map(copyOf)]) {
          const before = copyOf(value);
          assert.deepEqual(shared.freeze({ value }).value, before);
        }
      }),
    );
  });

  it('are forgotten where they become too many', () => {
    const shared = new SharedParts();
    const before = shared.freeze({ list: ['verb'] });
    assert.equal(shared.freeze({ list: ['verb'] }).list, before.list);
    for (let i = 0; i < 30_000; i++) shared.freeze({ list: [`a text that differs ${i}`] });
    const after = shared.freeze({ list: ['verb'] });
    assert.notEqual(after.list, before.list);
    assert.deepEqual(after, before);
  });
});
