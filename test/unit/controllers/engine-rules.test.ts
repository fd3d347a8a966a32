import assert from 'node:assert/strict';
import { EngineRules } from '../../../src/controllers/detection-rule/engine-rules.ts';
import { RuleBook } from '../../../src/controllers/detection-rule/rule-book.ts';
import type { RulesChange, UncompiledRule } from '../../../src/engine/index.ts';
import { RecordingLogger } from '../kube/recording-logger.ts';
import { detectionRule, SIGMA } from './rules.ts';

describe('the rules that the engine runs', () => {
  const named = (name: string, sigma: string, more = {}) => {
    const rule = detectionRule(1, { sigma, ...more });
    return { ...rule, metadata: { ...rule.metadata, name } };
  };
  function setUp({ uncompiled = [] as readonly UncompiledRule[] } = {}) {
    const book = new RuleBook(() => ({}));
    const changes: { set: readonly string[]; remove: readonly string[] }[] = [];
    const told: (readonly string[])[] = [];
    let taken = Promise.resolve();
    const setRules = async ({ set, remove }: RulesChange) => {
      changes.push({ set: set.map(({ text }) => text.name), remove });
      await taken;
      return uncompiled;
    };
    const logger = new RecordingLogger();
    const rules = new EngineRules({ book, engine: { setRules }, onChange: (names) => told.push(names), logger });
    const running = (): readonly string[] => [...rules.running()].map(({ name }) => name);
    return { book, changes, told, rules, running, logger, delay: (until: Promise<void>): void => void (taken = until) };
  }

  it('come in one change where they come together, and without those that do not run', async () => {
    const { book, changes, told, rules, running } = setUp();
    book.put(named('a', SIGMA.creates));
    rules.changed(['a']);
    book.put(named('b', SIGMA.deletes, { mode: 'Off' }));
    book.put(named('c', SIGMA.broken));
    rules.changed(['b', 'c', 'a']);
    await rules.settled();
    assert.deepEqual(changes, [{ set: ['a'], remove: ['b', 'c'] }]);
    assert.deepEqual(told, [['a', 'b', 'c']]);
    assert.deepEqual(running(), ['a', 'b', 'c']);
  });

  it('are told of only when the engine has taken them, and what changed meanwhile comes after', async () => {
    const { book, changes, told, rules, running, delay } = setUp();
    const engine = Promise.withResolvers<void>();
    delay(engine.promise);
    book.put(named('a', SIGMA.creates));
    rules.changed(['a']);
    await new Promise(setImmediate);
    book.remove('a');
    rules.changed(['a']);
    assert.deepEqual([changes.length, told.length, running().length], [1, 0, 0]);
    engine.resolve();
    await rules.settled();
    assert.deepEqual(changes, [
      { set: ['a'], remove: [] },
      { set: [], remove: ['a'] },
    ]);
    assert.deepEqual(running(), []);
  });

  it('leave out one that the engine does not take', async () => {
    const { book, rules, running, logger } = setUp({ uncompiled: [{ name: 'a', message: 'no' }] });
    book.put(named('a', SIGMA.creates));
    book.put(named('b', SIGMA.creates));
    rules.changed(['a', 'b']);
    await rules.settled();
    assert.deepEqual(running(), ['b']);
    assert.deepEqual(
      logger.lines.map(({ message }) => message),
      ['a rule that was accepted does not run'],
    );
  });
});
