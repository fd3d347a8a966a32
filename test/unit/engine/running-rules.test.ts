import assert from 'node:assert/strict';
import { RunningRules } from '../../../src/engine/running-rules.ts';
import { runnableRule } from './rules.ts';

describe('the rules of an engine', () => {
  const names = (rules: RunningRules): readonly string[] => rules.inForce().rules.map(({ name }) => name);

  it('run in the order of their names, whatever the order in which they came', () => {
    const rules = new RunningRules();
    rules.change({ set: [runnableRule('b'), runnableRule('a')], remove: [] });
    assert.deepEqual(names(rules), ['a', 'b']);
  });

  it('are one immutable value at a time: who holds it goes on with it', () => {
    const rules = new RunningRules();
    rules.change({ set: [runnableRule('a')], remove: [] });
    const held = rules.inForce();
    assert.equal(rules.inForce(), held);
    rules.change({ set: [runnableRule('b')], remove: ['a'] });
    assert.deepEqual(
      held.rules.map(({ name }) => name),
      ['a'],
    );
    assert.deepEqual(names(rules), ['b']);
  });

  it('are compiled only when they change', () => {
    const rules = new RunningRules();
    rules.change({ set: [runnableRule('a'), runnableRule('b')], remove: [] });
    const [a, b] = rules.inForce().rules;
    rules.change({ set: [runnableRule('b', 'verb: patch')], remove: ['unknown'] });
    assert.equal(rules.inForce().rules[0], a);
    assert.notEqual(rules.inForce().rules[1], b);
  });

  it('do not suffer from one that does not compile: it stays as it was', () => {
    const rules = new RunningRules();
    rules.change({ set: [runnableRule('a')], remove: [] });
    const before = rules.inForce().rules;
    const broken = runnableRule('a', 'verb|nonsense: x');
    const uncompiled = rules.change({ set: [broken, runnableRule('b')], remove: [] });
    assert.deepEqual(
      uncompiled.map(({ name }) => name),
      ['a'],
    );
    assert.equal(rules.inForce().rules[0], before[0]);
    assert.deepEqual(names(rules), ['a', 'b']);
  });

  it('are judged by the filters, which are replaced together; one that does not compile leaves out nothing', () => {
    const filter = (name: string, condition = 'not alice') => ({
      name,
      sigma: `title: ${name}
logsource: {product: kubernetes, service: audit}
filter:
  rules: any
  alice: {user.username: alice}
  condition: ${condition}
`,
      placeholders: new Map(),
      expiresAt: undefined,
    });
    const rules = new RunningRules();
    const uncompiled = rules.change({ set: [], remove: [], filters: [filter('x'), filter('y', 'nonsense')] });
    assert.deepEqual(
      uncompiled.map(({ kind, name }) => [kind, name]),
      [['filter', 'y']],
    );
    const running = (): readonly string[] => rules.inForce().filters.filters.map(({ name }) => name);
    assert.deepEqual(running(), ['x']);
    rules.change({ set: [runnableRule('a')], remove: [] });
    assert.deepEqual(running(), ['x']);
    rules.change({ set: [], remove: [], filters: [] });
    assert.deepEqual(running(), []);
  });
});
